// Rows projected onto a few directions: the distance between two projections is a lower bound on the distance between
// the rows.
//
// With directions P (m x n, any matrix) and s at least the largest eigenvalue of P P^T, |x|^2 - |P x|^2 / s is the
// square of a seminorm q of x. So (P x / sqrt(s), q(x)), of m + 1 numbers, is such a projection: by the triangle
// inequality for q, |P (x - y)|^2 / s + (q(x) - q(y))^2 <= |x - y|^2. Where the directions are the data's principal
// components, little is lost. s is bounded by Gershgorin's circle theorem, so P need not be orthogonal to the last bit.
//
// With u = 2^-24, float32 sums of kPart products, added up in float64, are off by at most gamma(kPart) |x| |p| for each
// direction p, in all by gamma(kPart + 2) |x| |P|_F; q^2 is off by what that and the rounding of |x| make of it. Bytes
// are multiplied in int32 with directions quantized to int16; these are then P. Only the result is rounded.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <vector>

#include "inkmeans/kernels.hpp"
#include "kmeans/scores.hpp"
#include "rows/norms.hpp"
#include "rows/panels.hpp"
#include "rows/rounding.hpp"

namespace inkmeans {

template <typename Value>
class Projector {
   public:
    // directions: n_directions x n_features. Holds for rows whose norms are at most largest_row, that at most 1e15, and
    // n_features < 160,000. Bytes need no shift.
    Projector(const double* directions, std::size_t n_directions, std::size_t n_features, double largest_row)
        : n_features_(n_features), n_directions_(n_directions), n_panels_((n_directions + kPanel - 1) / kPanel) {
        std::vector<double> exact(n_directions * n_features);
        if constexpr (kIsByte) {
            scores_ =
                std::make_unique<ByteScores>(directions, Shape{0, n_features, n_directions}, largest_row, kernels(), 1);
            is_valid_ = scores_->centers().is_valid();
            for (std::size_t i = 0; i < exact.size() && is_valid_; ++i) {
                exact[i] = scores_->dequantized(i / n_features, i % n_features);
            }
        } else {
            panels_.assign(n_panels_ * n_features * kPanel, 0.0F);
            for (std::size_t d = 0; d < n_directions; ++d) {
                float* lane = panels_.data() + d / kPanel * n_features * kPanel + d % kPanel;
                for (std::size_t j = 0; j < n_features; ++j) {
                    lane[j * kPanel] = static_cast<float>(directions[d * n_features + j]);
                    exact[d * n_features + j] = static_cast<double>(lane[j * kPanel]);
                }
            }
        }
        const double n = static_cast<double>(n_features);
        const double m = static_cast<double>(n_directions);
        const double largest = largest_eigenvalue(exact, n_features);
        is_valid_ = is_valid_ && largest > 0.0 && std::isfinite(largest);
        scale_ = is_valid_ ? 1.0 / std::sqrt(largest) : 0.0;
        const double n_roundings = (kIsByte ? 0.0 : static_cast<double>(kPart)) + 4.0;
        relative_error_ = 1.1 * n_roundings * kRounding * std::sqrt(m) + 1e-15 * n;
        underflow_ = 8.0 * n * std::sqrt(m) * kTiny;
    }

    // Whether there are directions whose products float32 can hold.
    bool is_valid() const { return is_valid_; }
    std::size_t n_values() const { return n_directions_ + 1; }

    // rows: kTogether at most. norms: theirs after the shift, as RowNorms has them. values (out, n_rows x n_values);
    // errors (out): a bound on the distance of each from the exact projection.
    void project(const Value* rows, std::size_t n_rows, const double* shift, const float* norms, double* values,
                 double* errors) const {
        thread_local std::vector<double> sums;
        sums.assign(n_panels_ * n_rows * kPanel, 0.0);
        if constexpr (kIsByte) {
            multiply(rows, n_rows, sums.data());
        } else {
            multiply(rows, n_rows, shift, sums.data());
        }
        for (std::size_t r = 0; r < n_rows; ++r) {
            const double norm = static_cast<double>(norms[r]);
            double* value = values + r * n_values();
            double inside = 0.0;
            for (std::size_t d = 0; d < n_directions_; ++d) {
                value[d] = sums[(d / kPanel * n_rows + r) * kPanel + d % kPanel] * scale_;
                inside += value[d] * value[d];
            }
            const double error = relative_error_ * norm + underflow_;
            const double square_error = 2.0 * error * norm + error * error + 16.0 * kRounding * norm * norm;
            const double outside = std::sqrt(std::max(norm * norm - inside, 0.0));
            double outside_error = std::sqrt(square_error);
            if (outside > 0.0) outside_error = std::min(outside_error, square_error / outside);
            value[n_directions_] = outside;
            errors[r] = 1.01 * (error + outside_error);
        }
    }

   private:
    static constexpr bool kIsByte = std::is_same_v<Value, std::uint8_t>;
    static constexpr std::size_t kPart = 64;

    // sums (n_panels x n_rows x kPanel) += the products of rows and directions.
    void multiply(const Value* rows, std::size_t n_rows, const double* shift, double* sums) const {
        const Kernels& kernel = kernels();
        thread_local std::vector<float> converted;
        converted.resize(n_rows * n_features_);
        const float* pointers[kTogether];
        for (std::size_t r = 0; r < n_rows; ++r) {
            float* target = converted.data() + r * n_features_;
            row_kernels(kernel, rows).to_float32(rows + r * n_features_, shift, n_features_, target);
            pointers[r] = target;
        }
        for (std::size_t p = 0; p < n_panels_; ++p) {
            for (std::size_t j = 0; j < n_features_; j += kPart) {
                alignas(64) float dots[kTogether * kPanel] = {};
                for (std::size_t r = 0; r < n_rows; r += kRowGroup) {
                    kernel.dot.f32(pointers + r, j, static_cast<int>(std::min<std::size_t>(kRowGroup, n_rows - r)),
                                   panels_.data() + (p * n_features_ + j) * kPanel, std::min(kPart, n_features_ - j),
                                   dots + r * kPanel);
                }
                double* sum = sums + p * n_rows * kPanel;
                for (std::size_t i = 0; i < n_rows * kPanel; ++i) sum[i] += static_cast<double>(dots[i]);
            }
        }
    }

    void multiply(const Value* rows, std::size_t n_rows, double* sums) const {
        thread_local ByteScores::Packed packed;
        scores_->reserve(packed, n_rows);
        std::uint32_t slots[kTogether];
        for (std::size_t r = 0; r < n_rows; ++r) {
            scores_->pack(rows + r * n_features_, 0.0F, r, {}, packed);
            slots[r] = static_cast<std::uint32_t>(r);
        }
        for (std::size_t p = 0; p < n_panels_; ++p) {
            alignas(64) float dots[kTogether * kPanel];
            scores_->products(p, slots, n_rows, packed, dots);
            double* sum = sums + p * n_rows * kPanel;
            for (std::size_t i = 0; i < n_rows * kPanel; ++i) sum[i] = static_cast<double>(dots[i]);
        }
    }

    // At least the largest eigenvalue of the products of rows with each other.
    static double largest_eigenvalue(const std::vector<double>& rows, std::size_t n) {
        double largest = 0.0;
        for (std::size_t a = 0; a < rows.size(); a += n) {
            double circle = 0.0;
            for (std::size_t b = 0; b < rows.size(); b += n) {
                double lanes[4] = {};
                for (std::size_t j = 0; j < n; ++j) lanes[j % 4] += rows[a + j] * rows[b + j];
                circle += std::abs((lanes[0] + lanes[2]) + (lanes[1] + lanes[3]));
            }
            largest = std::max(largest, circle);
        }
        return largest * (1.0 + 1e-9);
    }

    std::size_t n_features_;
    std::size_t n_directions_;
    std::size_t n_panels_;
    std::vector<float> panels_;           // of floats
    std::unique_ptr<ByteScores> scores_;  // of bytes
    bool is_valid_ = true;
    double scale_;
    double relative_error_;
    double underflow_;
};

}  // namespace inkmeans
