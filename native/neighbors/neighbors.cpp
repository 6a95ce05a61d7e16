// The nearest neighbors of rows among each other, exactly, by comparing all pairs. Rows are quantized to int16, and the
// distance of each pair is bounded from an integer product, once for both of its rows (QuantizedRows has the bound).
// Only pairs that may be among the nearest are measured in float64; ties go to the lower index.
//
// The rows are dealt into chunks, and each chunk is compared with each other once, in rounds in which no chunk appears
// twice (the circle method of round-robin tournaments). So no two threads write to the same row's neighbors.
#include "inkmeans/neighbors.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "inkmeans/kernels.hpp"
#include "inkmeans/parallel.hpp"
#include "rows/norms.hpp"
#include "rows/panels.hpp"
#include "rows/quantized_rows.hpp"

namespace inkmeans {
namespace {

// Rows that are compared with as many others while both stay in the L2 cache.
constexpr std::size_t kTile = 16 * kPanel;

struct Neighbor {
    double distance;
    std::int32_t index;

    bool operator<(const Neighbor& other) const {
        return distance < other.distance || (distance == other.distance && index < other.index);
    }
};

class AllPairs {
   public:
    AllPairs(const float* X, std::size_t n_samples, std::size_t n_features, std::size_t n_neighbors, int n_threads)
        : kernel_(kernels()),
          X_(X),
          n_samples_(n_samples),
          n_features_(n_features),
          n_neighbors_(n_neighbors),
          n_panels_((n_samples + kPanel - 1) / kPanel),
          mean_(mean_of_rows()),
          quantized_(n_samples, n_features, largest_norm(n_threads), rows_less_shift(X, n_features, mean_.data()),
                     n_threads),
          thresholds_(n_panels_ * kPanel, kMaxThreshold),
          nearest_(n_samples * n_neighbors, {std::numeric_limits<double>::infinity(), -1}) {
        // The lanes after the last row are never near.
        std::fill(thresholds_.begin() + static_cast<std::ptrdiff_t>(n_samples), thresholds_.end(), -kMaxThreshold / 4);
    }

    // Compares the rows of one tile with those of another, or of the same.
    void compare(std::size_t first_tile, std::size_t second_tile) {
        const std::size_t first_row = first_tile * kTile;
        const std::size_t last_row = std::min(first_row + kTile, n_samples_);
        const std::size_t n_values = 2 * quantized_.n_pairs();
        thread_local std::vector<std::int16_t> rows;
        rows.resize(kTile * n_values);
        for (std::size_t i = first_row; i < last_row && quantized_.is_valid(); ++i) {
            quantized_.copy_row(i, rows.data() + (i - first_row) * n_values);
        }
        const std::size_t tile = kTile / kPanel;
        for (std::size_t q = second_tile * tile; q < std::min((second_tile + 1) * tile, n_panels_); ++q) {
            // Within a tile each pair is compared once: rows with the panels that hold later rows.
            const std::size_t end = first_tile == second_tile ? std::min(last_row, (q + 1) * kPanel) : last_row;
            for (std::size_t first = first_row; first < end; first += kRowGroup) {
                compare_panel(rows.data() + (first - first_row) * n_values, first,
                              std::min<std::size_t>(kRowGroup, end - first), q);
            }
        }
    }

    std::size_t n_tiles() const { return (n_panels_ * kPanel + kTile - 1) / kTile; }
    const Neighbor* of(std::size_t row) const { return nearest_.data() + row * n_neighbors_; }

   private:
    std::vector<double> mean_of_rows() const {
        std::vector<double> mean(n_features_, 0.0);
        const std::vector<double> zeros(n_features_, 0.0);
        for (std::size_t i = 0; i < n_samples_; ++i) {
            kernel_.f32.add(X_ + i * n_features_, zeros.data(), 1.0, n_features_, mean.data());
        }
        for (double& value : mean) value /= static_cast<double>(n_samples_);
        return mean;
    }

    double largest_norm(int n_threads) const {
        return static_cast<double>(RowNorms(X_, n_samples_, n_features_, mean_.data(), n_threads).largest);
    }

    void compare_panel(const std::int16_t* values, std::size_t first, std::size_t n_rows, std::size_t q) {
        std::uint16_t lanes[kRowGroup];
        if (quantized_.is_valid()) {
            alignas(64) std::int32_t dots[kRowGroup * kPanel];
            const std::int16_t* rows[kRowGroup];
            for (std::size_t r = 0; r < n_rows; ++r) rows[r] = values + r * 2 * quantized_.n_pairs();
            kernel_.dot.i16(rows, static_cast<int>(n_rows), quantized_.panel(q), quantized_.n_pairs(), dots);
            kernel_.panel.undecided_lanes(
                dots, static_cast<int>(n_rows), {quantized_.half_squared_norms() + first, thresholds_.data() + first},
                {quantized_.half_squared_norms() + q * kPanel, thresholds_.data() + q * kPanel}, lanes);
        } else {
            std::fill_n(lanes, n_rows, std::uint16_t{0xFFFF});
        }
        for (std::size_t r = 0; r < n_rows; ++r) {
            if (lanes[r] != 0) measure(first + r, q, lanes[r]);
        }
    }

    // Measures a row's distances to some lanes of a panel.
    void measure(std::size_t row, std::size_t q, unsigned lanes) {
        thread_local std::vector<double> values;
        values.assign(X_ + row * n_features_, X_ + (row + 1) * n_features_);
        const bool is_own_tile = row / kTile == q * kPanel / kTile;
        for (; lanes != 0; lanes &= lanes - 1) {
            const std::size_t other = q * kPanel + static_cast<std::size_t>(__builtin_ctz(lanes));
            if (other >= n_samples_ || (is_own_tile && other <= row)) continue;
            const double distance = kernel_.f32.squared_distance(X_ + other * n_features_, values.data(), n_features_);
            insert(row, {distance, static_cast<std::int32_t>(other)});
            insert(other, {distance, static_cast<std::int32_t>(row)});
        }
    }

    void insert(std::size_t row, Neighbor found) {
        Neighbor* nearest = nearest_.data() + row * n_neighbors_;
        std::size_t place = n_neighbors_ - 1;
        if (!(found < nearest[place])) return;
        for (; place > 0 && found < nearest[place - 1]; --place) nearest[place] = nearest[place - 1];
        nearest[place] = found;
        const double farthest = nearest[n_neighbors_ - 1].distance;
        if (quantized_.is_valid() && std::isfinite(farthest)) {
            thresholds_[row] = quantized_.pruning_threshold(row, std::sqrt(farthest));
        }
    }

    const Kernels& kernel_;
    const float* X_;
    std::size_t n_samples_;
    std::size_t n_features_;
    std::size_t n_neighbors_;
    std::size_t n_panels_;
    std::vector<double> mean_;
    QuantizedRows quantized_;
    std::vector<std::int32_t> thresholds_;  // see QuantizedRows
    std::vector<Neighbor> nearest_;         // n_samples x n_neighbors, the nearest first
};

}  // namespace

void nearest_neighbors(const float* X, std::size_t n_samples, std::size_t n_features, std::size_t n_neighbors,
                       std::int32_t* indices, double* distances, int n_threads) {
    if (n_neighbors == 0) return;
    AllPairs pairs(X, n_samples, n_features, n_neighbors, n_threads);
    const std::size_t n_tiles = pairs.n_tiles();
    std::size_t n_chunks = std::min<std::size_t>(n_tiles, 8 * static_cast<std::size_t>(std::max(n_threads, 1)));
    n_chunks += n_chunks % 2;  // the circle needs an even number; the last may be empty
    const auto compare = [&](std::size_t a, std::size_t b) {
        for (std::size_t s = a * n_tiles / n_chunks; s < (a + 1) * n_tiles / n_chunks; ++s) {
            for (std::size_t t = b * n_tiles / n_chunks; t < (b + 1) * n_tiles / n_chunks; ++t) {
                if (a != b || s <= t) pairs.compare(s, t);
            }
        }
    };
    parallel_for(n_chunks, n_threads, [&](std::size_t c) { compare(c, c); });
    const std::size_t turning = n_chunks - 1;  // the last chunk stands still
    for (std::size_t round = 0; round < turning; ++round) {
        parallel_for(n_chunks / 2, n_threads, [&](std::size_t i) {
            const std::size_t a = (round + i) % turning;
            compare(a, i == 0 ? turning : (round + turning - i) % turning);
        });
    }
    parallel_for((n_samples + kTile - 1) / kTile, n_threads, [&](std::size_t t) {
        for (std::size_t i = t * kTile; i < std::min((t + 1) * kTile, n_samples); ++i) {
            for (std::size_t k = 0; k < n_neighbors; ++k) {
                indices[i * n_neighbors + k] = pairs.of(i)[k].index;
                distances[i * n_neighbors + k] = pairs.of(i)[k].distance;
            }
        }
    });
}

}  // namespace inkmeans
