// By how much each candidate of k-means++ lowers the potential. Distances between quantized projections, then a float32
// or integer score, each with a proven error bound, prune most pairs of row and candidate; the others are measured in
// float64. So the result is the one that float64 arithmetic gives, whatever the instruction set.
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "inkmeans/kernels.hpp"
#include "inkmeans/kmeans.hpp"
#include "inkmeans/parallel.hpp"
#include "kmeans/nearest.hpp"
#include "kmeans/projections.hpp"
#include "kmeans/scores.hpp"
#include "rows/norms.hpp"
#include "rows/panels.hpp"
#include "rows/quantized_rows.hpp"
#include "rows/rounding.hpp"

namespace inkmeans {
namespace {

constexpr std::size_t kMostValues = 128;     // rows of more are not quantized as they are: that would take much memory
constexpr std::size_t kBlock = 15 * kPanel;  // rows; a gain is the sum of the gains of these, in order

// The distances of rows to candidates, in float64 only where a score cannot tell.
template <typename Value>
class Distances {
   public:
    using Scores = typename ScoresOf<Value>::Type;
    struct Loaded {
        typename Scores::Block block;
        double error;   // of floats' scores
        double square;  // of a row of bytes
    };

    Distances(const double* rows, Shape shape, const double* shift, const std::vector<float>& norms,
              const std::vector<double>& row_squares, float largest_norm, const Kernels& kernel, int n_threads)
        : rows_(rows),
          n_(shape.n_features),
          norms_(norms),
          row_squares_(row_squares),
          kernel_(kernel),
          scores_(make_scores<Value>(rows, shape, shift, static_cast<double>(largest_norm), false, kernel, n_threads)),
          error_(scores_.error()),
          is_valid_(scores_.centers().is_valid() && largest_norm < kHuge) {
        if constexpr (kIsByte) {
            for (std::size_t c = 0; c < shape.n_clusters; ++c) {
                double square = 0.0;
                for (std::size_t j = 0; j < n_; ++j) square += rows[c * n_ + j] * rows[c * n_ + j];
                squares_.push_back(square);
            }
        }
    }

    void load(std::size_t i, const Value* row, Loaded& loaded) const {
        if (!is_valid_) return;
        if constexpr (kIsByte) {
            loaded.square = row_squares_[i];
        } else {
            scores_.reserve(loaded.block, 1);
            scores_.load(row, 0, loaded.block);
            loaded.error = error_(static_cast<double>(norms_[i]));
        }
    }

    // The squared distance of a row to candidate c if it is below `closest`, otherwise `closest`.
    double closer(std::size_t i, const Value* row, std::size_t c, const Loaded& loaded, double closest) const {
        if constexpr (kIsByte) {
            if (is_valid_ && scores_.is_exact()) {
                return std::min(closest, loaded.square + squares_[c] - 2.0 * scores_.product(row, c));
            }
        } else if (is_valid_) {
            const float score = scores_.score(row, 0, c, loaded.block);
            if (square_below(score, norms_[i], loaded.error) >= closest) return closest;
        }
        return std::min(closest, row_kernels(kernel_, row).squared_distance(row, rows_ + c * n_, n_));
    }

   private:
    static constexpr bool kIsByte = std::is_same_v<Value, std::uint8_t>;
    const double* rows_;
    std::size_t n_;
    const std::vector<float>& norms_;
    const std::vector<double>& row_squares_;
    const Kernels& kernel_;
    Scores scores_;
    ScoreError error_;
    bool is_valid_;
    std::vector<double> squares_;
};

}  // namespace

template <typename Value>
Seeder<Value>::Seeder(const Value* X, std::size_t n_samples, std::size_t n_features, const double* shift,
                      const double* directions, std::size_t n_directions, int n_threads)
    : X_(X),
      n_samples_(n_samples),
      n_features_(n_features),
      shift_(shift, shift + n_features),
      n_threads_(n_threads),
      closest_(n_samples, std::numeric_limits<double>::infinity()),
      thresholds_((n_samples + kPanel - 1) / kPanel * kPanel, kMaxThreshold),
      nearer_((n_samples + kBlock - 1) / kBlock) {
    RowNorms norms(X, n_samples, n_features, shift, n_threads);
    norms_ = std::move(norms.of);
    squares_ = std::move(norms.squares);
    largest_norm_ = norms.largest;
    const auto largest = static_cast<double>(largest_norm_);
    if (!(largest < 1e15) || static_cast<double>(n_features) * kRounding > 0.01) return;
    if (n_directions == 0) {
        if (n_features > kMostValues) return;
        const auto fill = rows_less_shift(X, n_features, shift_.data());
        quantized_ = std::make_unique<QuantizedRows>(n_samples, n_features, largest, fill, n_threads);
        return;
    }
    const Projector<Value> projector(directions, n_directions, n_features, largest);
    if (!projector.is_valid()) return;
    const auto fill = [&](std::size_t first, std::size_t n_rows, double* values, double* errors) {
        projector.project(X + first * n_features, n_rows, shift_.data(), norms_.data() + first, values, errors);
    };
    // A projection is no longer than its row, but for its error.
    quantized_ = std::make_unique<QuantizedRows>(n_samples, projector.n_values(), 1.1 * largest, fill, n_threads);
}

template <typename Value>
Seeder<Value>::~Seeder() = default;

template <typename Value>
void Seeder<Value>::try_out(const std::int64_t* candidates, std::size_t n_candidates, const double* weights,
                            double* gains) {
    const Kernels& kernel = kernels();
    const std::size_t n = n_features_;
    std::vector<double> rows(n_candidates * n);
    for (std::size_t c = 0; c < n_candidates; ++c) {
        std::copy_n(X_ + static_cast<std::size_t>(candidates[c]) * n, n, rows.data() + c * n);
    }
    const Distances<Value> distances(rows.data(), {n_samples_, n, n_candidates}, shift_.data(), norms_, squares_,
                                     largest_norm_, kernel, n_threads_);
    const bool has_quantized = quantized_ && quantized_->is_valid();
    const std::size_t n_values = has_quantized ? 2 * quantized_->n_pairs() : 0;
    std::vector<std::int16_t> quantized(n_candidates * n_values);
    std::vector<std::int32_t> half_squared_norms(n_candidates);
    // Only the rows' thresholds count, not the candidates'.
    const std::vector<std::int32_t> no_threshold(n_candidates, -kMaxThreshold / 2);
    for (std::size_t c = 0; c < n_candidates && has_quantized; ++c) {
        const auto row = static_cast<std::size_t>(candidates[c]);
        quantized_->copy_row(row, quantized.data() + c * n_values);
        half_squared_norms[c] = quantized_->half_squared_norms()[row];
    }
    std::vector<double> sums(nearer_.size() * n_candidates, 0.0);

    parallel_for(nearer_.size(), n_threads_, [&](std::size_t b) {
        std::vector<Nearer>& nearer = nearer_[b];
        struct Scratch {
            typename Distances<Value>::Loaded loaded;
            std::vector<std::uint16_t> lanes;      // panel x candidate: the rows that it may be nearer to
            std::vector<std::uint32_t> undecided;  // rows, in the block, that any may be nearer to
        };
        thread_local Scratch scratch;
        auto& [loaded, lanes, undecided] = scratch;
        lanes.assign(kBlock / kPanel * n_candidates, 0xFFFF);
        undecided.clear();
        nearer.clear();
        const std::size_t start = b * kBlock;
        const std::size_t end = std::min(start + kBlock, n_samples_);
        for (std::size_t first = start; first < end; first += kPanel) {
            const std::size_t p = first / kPanel;
            std::uint16_t* of_panel = lanes.data() + (first - start) / kPanel * n_candidates;
            for (std::size_t c = 0; c < n_candidates && has_quantized; c += kRowGroup) {
                const std::size_t n_group = std::min<std::size_t>(kRowGroup, n_candidates - c);
                alignas(64) std::int32_t dots[kRowGroup * kPanel];
                const std::int16_t* group[kRowGroup];
                for (std::size_t g = 0; g < n_group; ++g) group[g] = quantized.data() + (c + g) * n_values;
                kernel.dot.i16(group, static_cast<int>(n_group), quantized_->panel(p), quantized_->n_pairs(), dots);
                kernel.panel.undecided_lanes(
                    dots, static_cast<int>(n_group), {half_squared_norms.data() + c, no_threshold.data() + c},
                    {quantized_->half_squared_norms() + first, thresholds_.data() + first}, of_panel + c);
            }
            unsigned any = 0;
            for (std::size_t c = 0; c < n_candidates; ++c) any |= of_panel[c];
            for (; any != 0; any &= any - 1) {
                const std::size_t i = first + static_cast<std::size_t>(__builtin_ctz(any));
                if (i < end) undecided.push_back(static_cast<std::uint32_t>(i - start));
            }
        }
        for (std::size_t w = 0; w < undecided.size(); ++w) {
            if (w + kAhead < undecided.size()) {
                const Value* next = X_ + (start + undecided[w + kAhead]) * n;
                prefetch(next, next + n);
            }
            const std::size_t i = start + undecided[w];
            const Value* row = X_ + i * n;
            const std::uint16_t* of_panel = lanes.data() + undecided[w] / kPanel * n_candidates;
            distances.load(i, row, loaded);
            for (std::size_t c = 0; c < n_candidates; ++c) {
                if ((of_panel[c] >> (undecided[w] % kPanel) & 1U) == 0) continue;
                const double distance = distances.closer(i, row, c, loaded, closest_[i]);
                if (!(distance < closest_[i])) continue;
                nearer.push_back({undecided[w], static_cast<std::uint32_t>(c), distance});
                if (!(closest_[i] < std::numeric_limits<double>::infinity())) continue;
                const double gain = closest_[i] - distance;
                sums[b * n_candidates + c] += weights != nullptr ? weights[i] * gain : gain;
            }
        }
    });
    for (std::size_t c = 0; c < n_candidates; ++c) {
        gains[c] = 0.0;
        for (std::size_t b = 0; b < nearer_.size(); ++b) gains[c] += sums[b * n_candidates + c];
    }
}

template <typename Value>
void Seeder<Value>::take(std::size_t candidate) {
    const bool has_quantized = quantized_ && quantized_->is_valid();
    for (std::size_t b = 0; b < nearer_.size(); ++b) {
        for (const Nearer& one : nearer_[b]) {
            if (one.candidate != candidate) continue;
            const std::size_t i = b * kBlock + one.row;
            closest_[i] = one.distance;
            if (has_quantized) thresholds_[i] = quantized_->pruning_threshold(i, std::sqrt(one.distance));
        }
    }
}

template class Seeder<std::uint8_t>;
template class Seeder<float>;
template class Seeder<double>;

}  // namespace inkmeans
