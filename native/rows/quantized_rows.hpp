// Rows quantized to int16, q = round(scale * x): products are exact in int32, and by the triangle inequality the
// distance of two quantized rows is off by no more than the quantization errors |q - scale * x| of both, which are
// kept.
//
// Pruning: |a - b|^2 = 2 (h(a) + h(b) - a.b), h half the squared norm. So b lies farther than d from a wherever
// a.b <= h(b) - t(a), with the pruning threshold t(a) = (scale * d + errors)^2 / 2 - h(a).
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

constexpr std::int32_t kMaxThreshold = std::numeric_limits<std::int32_t>::max();

// Fills QuantizedRows with the rows themselves, less a shift.
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
        // A norm of 32,000: no product of two rows, nor the difference of half squared norms and thresholds, leaves
        // int32.
        const double quantized_norm = 32000.0 - std::sqrt(static_cast<double>(n_values));
        is_valid_ = largest_norm > 0.0 && quantized_norm > 1000.0 && std::isfinite(quantized_norm / largest_norm) &&
                    std::isfinite(largest_norm);
        if (!is_valid_) return;
        scale_ = quantized_norm / largest_norm;
        const std::size_t n_panels = (n_rows + kPanel - 1) / kPanel;
        panels_.assign(n_panels * n_pairs_ * 2 * kPanel, 0);
        half_squared_norms_.assign(n_panels * kPanel, 0);
        errors_.assign(n_panels * kPanel, 0.0F);
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
                    const double quantized = (value + 0x1.8p52) - 0x1.8p52;  // the nearest integer
                    error += (value - quantized) * (value - quantized);
                    square += quantized * quantized;
                    lane[j / 2 * 2 * kPanel + j % 2] = static_cast<std::int16_t>(quantized);
                }
                half_squared_norms_[i] = static_cast<std::int32_t>(square / 2.0);
                // The rounding of float64 on the way is far less than a millionth of a unit.
                errors_[i] = round_up(std::sqrt(error) + errors[i - first] * scale_ + 1e-6);
            }
        });
        largest_error_ = static_cast<double>(*std::max_element(errors_.begin(), errors_.end()));
    }

    // Whether there are quantized rows; not of rows that are all 0, or of so many values or such norms that int16 is
    // too coarse.
    bool is_valid() const { return is_valid_; }
    std::size_t n_pairs() const { return n_pairs_; }
    const std::int16_t* panel(std::size_t p) const { return panels_.data() + p * n_pairs_ * 2 * kPanel; }

    // Half the squared norm of each quantized row, rounded down; for whole panels.
    const std::int32_t* half_squared_norms() const { return half_squared_norms_.data(); }

    // row (out): 2 * n_pairs values.
    void copy_row(std::size_t i, std::int16_t* row) const {
        const std::int16_t* lane = panel(i / kPanel) + i % kPanel * 2;
        for (std::size_t j = 0; j < n_pairs_ * 2; ++j) row[j] = lane[j / 2 * 2 * kPanel + j % 2];
    }

    // A threshold t for which a.b > h(b) - t, of quantized rows, holds wherever row b may lie within a distance of row
    // a. Rounded up, as half squared norms are rounded down.
    std::int32_t pruning_threshold(std::size_t a, double distance) const {
        const double quantized = distance * (1.0 + 1e-12) * scale_ + static_cast<double>(errors_[a]) + largest_error_;
        const double threshold = quantized * quantized / 2.0 - static_cast<double>(half_squared_norms_[a]) + 2.0;
        return threshold < static_cast<double>(kMaxThreshold) ? static_cast<std::int32_t>(threshold) : kMaxThreshold;
    }

   private:
    bool is_valid_ = false;
    std::size_t n_pairs_;
    double scale_ = 0.0;
    double largest_error_ = 0.0;
    std::vector<std::int16_t> panels_;
    std::vector<std::int32_t> half_squared_norms_;
    std::vector<float> errors_;
};

}  // namespace inkmeans
