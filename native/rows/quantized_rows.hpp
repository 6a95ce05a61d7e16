// Rows rounded to int16, in steps of 1 / scale: their products are whole numbers, and the distance of two rounded rows
// is off by no more than what the rounding of both took, which is kept with each row.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "inkmeans/kernels.hpp"
#include "inkmeans/parallel.hpp"
#include "rows/panels.hpp"
#include "rows/rounding.hpp"

namespace inkmeans {

constexpr std::int32_t kFar = std::numeric_limits<std::int32_t>::max();

// What QuantizedRows is filled with where it stands for the rows themselves, less a shift.
template <typename Value>
auto rows_less_shift(const Value* X, std::size_t n_features, const double* shift) {
    return [=](std::size_t first, std::size_t n_rows, double* values, double*) {
        for (std::size_t r = 0; r < n_rows; ++r) {
            const Value* row = X + (first + r) * n_features;
            for (std::size_t j = 0; j < n_features; ++j) {
                values[r * n_features + j] = static_cast<double>(row[j]) - shift[j];
            }
        }
    };
}

class QuantizedRows {
   public:
    static constexpr std::size_t kBlock = kTogether;  // rows that are filled in at once, a multiple of kPanel

    // largest_norm: none of the rows' norms is above. fill(first, n_rows, values, errors) writes n_rows rows from
    // `first` on, n_values each, and how far each may lie from the row that it stands for.
    template <typename Fill>
    QuantizedRows(std::size_t n_rows, std::size_t n_values, double largest_norm, const Fill& fill, int n_threads)
        : n_pairs_((n_values + 1) / 2) {
        // A norm of 32,000: no product of two rows, nor the difference of halves and reaches, leaves int32.
        const double room = 32000.0 - std::sqrt(static_cast<double>(n_values));
        holds_ =
            largest_norm > 0.0 && room > 1000.0 && std::isfinite(room / largest_norm) && std::isfinite(largest_norm);
        if (!holds_) return;
        scale_ = room / largest_norm;
        const std::size_t n_panels = (n_rows + kPanel - 1) / kPanel;
        panels_.assign(n_panels * n_pairs_ * 2 * kPanel, 0);
        halves_.assign(n_panels * kPanel, 0);
        lost_.assign(n_panels * kPanel, 0.0F);
        static_assert(kBlock % kPanel == 0, "a panel is filled by one thread");
        parallel_for((n_rows + kBlock - 1) / kBlock, n_threads, [&](std::size_t b) {
            const std::size_t first = b * kBlock;
            const std::size_t n_here = std::min(kBlock, n_rows - first);
            thread_local std::vector<double> values;
            double errors[kBlock] = {};
            values.resize(n_here * n_values);
            fill(first, n_here, values.data(), errors);
            for (std::size_t i = first; i < first + n_here; ++i) {
                const double* row = values.data() + (i - first) * n_values;
                std::int16_t* lane = panels_.data() + i / kPanel * n_pairs_ * 2 * kPanel + i % kPanel * 2;
                double error = 0.0;
                double square = 0.0;
                for (std::size_t j = 0; j < n_values; ++j) {
                    const double value = row[j] * scale_;
                    const double rounded = (value + 0x1.8p52) - 0x1.8p52;  // to the nearest whole number
                    error += (value - rounded) * (value - rounded);
                    square += rounded * rounded;
                    lane[j / 2 * 2 * kPanel + j % 2] = static_cast<std::int16_t>(rounded);
                }
                halves_[i] = static_cast<std::int32_t>(square / 2.0);
                // What float64 rounds on the way is far less than a part in a million of a step.
                lost_[i] = up(std::sqrt(error) + errors[i - first] * scale_ + 1e-6);
            }
        });
        most_lost_ = static_cast<double>(*std::max_element(lost_.begin(), lost_.end()));
    }

    // Whether there are rounded rows; not of rows that are all 0, or as large as no int16 is fine enough for.
    bool hold() const { return holds_; }
    std::size_t n_pairs() const { return n_pairs_; }
    const std::int16_t* panel(std::size_t p) const { return panels_.data() + p * n_pairs_ * 2 * kPanel; }

    // Half the square of each rounded row, rounded down; for whole panels.
    const std::int32_t* halves() const { return halves_.data(); }

    // row (out): 2 * n_pairs values.
    void copy_row(std::size_t i, std::int16_t* row) const {
        const std::int16_t* lane = panel(i / kPanel) + i % kPanel * 2;
        for (std::size_t j = 0; j < n_pairs_ * 2; ++j) row[j] = lane[j / 2 * 2 * kPanel + j % 2];
    }

    // A number r for which a.b > half b - r, of rounded rows, holds wherever row b may lie within a distance of row a.
    // For a given distance |a - b|^2 = 2 (half a + half b - a.b) is at most the square of the distance in steps and
    // of what rounding took, and halves are rounded down.
    std::int32_t reach(std::size_t a, double distance) const {
        const double steps = distance * (1.0 + 1e-12) * scale_ + static_cast<double>(lost_[a]) + most_lost_;
        const double reach = steps * steps / 2.0 - static_cast<double>(halves_[a]) + 2.0;
        return reach < static_cast<double>(kFar) ? static_cast<std::int32_t>(reach) : kFar;
    }

   private:
    bool holds_ = false;
    std::size_t n_pairs_;
    double scale_ = 0.0;
    double most_lost_ = 0.0;
    std::vector<std::int16_t> panels_;
    std::vector<std::int32_t> halves_;
    std::vector<float> lost_;
};

}  // namespace inkmeans
