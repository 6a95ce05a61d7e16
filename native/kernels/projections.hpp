// Rows in few dimensions: the distance between two projections never exceeds the distance between the rows.
//
// With directions P (m x n, any matrix) and s at least the largest eigenvalue of P P^T, |x|^2 - |P x|^2 / s is the
// square of a seminorm q of x. So (P x / sqrt(s), q(x)), of m + 1 numbers, is a projection as said: by the triangle
// inequality for q, |P (x - y)|^2 / s + (q(x) - q(y))^2 <= |x - y|^2. Where the directions are the data's principal
// components, little is lost. s is bounded by Gershgorin's circles, so P need not be orthogonal to the last bit.
//
// With u = 2^-24, the float32 sums are off by at most gamma(n) |x| |p| for each direction p, in all by
// gamma(n + 2) |x| |P|_F; q^2 is off by what that and the rounding of |x| make of it. The distance between a row and
// its projection as it should be is kept with each row, as `slack`.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "inkmeans/kernels.hpp"
#include "inkmeans/parallel.hpp"
#include "scores.hpp"

namespace inkmeans {

class Projections {
   public:
    // directions: n_directions x n_features. norms: as RowNorms has them, none above 1e15.
    template <typename Value>
    Projections(const Value* X, std::size_t n_samples, std::size_t n_features, const double* shift,
                const std::vector<float>& norms, const double* directions, std::size_t n_directions, int n_threads)
        : width_((n_directions + 1 + kPanel - 1) / kPanel * kPanel),
          of_(n_samples * width_),
          squares_(n_samples),
          slack_(n_samples) {
        const std::size_t n_panels = (n_directions + kPanel - 1) / kPanel;
        std::vector<float> panels(n_panels * n_features * kPanel, 0.0F);
        for (std::size_t d = 0; d < n_directions; ++d) {
            float* panel = panels.data() + d / kPanel * n_features * kPanel + d % kPanel;
            for (std::size_t j = 0; j < n_features; ++j) {
                panel[j * kPanel] = static_cast<float>(directions[d * n_features + j]);
            }
        }
        const double largest = largest_eigenvalue(panels, n_features, n_directions);
        const double scale = 1.0 / std::sqrt(largest);
        const double n = static_cast<double>(n_features);
        const double sum_error =
            1.1 * (n + 4.0) * kRounding * std::sqrt(static_cast<double>(n_directions)) * (1.0 + 2.0 * kRounding);
        const double underflow = 8.0 * n * std::sqrt(static_cast<double>(n_directions)) * kTiny;
        const Kernels& kernel = kernels();
        parallel_for((n_samples + kTogether - 1) / kTogether, n_threads, [&](std::size_t b) {
            const std::size_t first = b * kTogether;
            const std::size_t n_rows = std::min(kTogether, n_samples - first);
            thread_local std::vector<float> converted;
            converted.resize(n_rows * n_features);
            const float* rows[kTogether];
            for (std::size_t r = 0; r < n_rows; ++r) {
                float* target = converted.data() + r * n_features;
                row_kernels(kernel, X).to_float32(X + (first + r) * n_features, shift, n_features, target);
                rows[r] = target;
            }
            std::vector<float> dots(n_panels * n_rows * kPanel, 0.0F);
            for (std::size_t p = 0; p < n_panels; ++p) {
                for (std::size_t j = 0; j < n_features; j += kStretch) {
                    for (std::size_t r = 0; r < n_rows; r += kRowGroup) {
                        kernel.dot_f32(rows + r, j, static_cast<int>(std::min<std::size_t>(kRowGroup, n_rows - r)),
                                       panels.data() + (p * n_features + j) * kPanel,
                                       std::min(kStretch, n_features - j), dots.data() + (p * n_rows + r) * kPanel);
                    }
                }
            }
            for (std::size_t r = 0; r < n_rows; ++r) {
                const double norm = static_cast<double>(norms[first + r]);
                float* projection = of_.data() + (first + r) * width_;
                double inside = 0.0;
                for (std::size_t d = 0; d < n_directions; ++d) {
                    const double value =
                        static_cast<double>(dots[(d / kPanel * n_rows + r) * kPanel + d % kPanel]) * scale;
                    inside += value * value;
                    projection[d] = static_cast<float>(value);
                }
                const double moved = sum_error * norm + underflow;
                const double square_error = 2.0 * moved * norm + moved * moved + 16.0 * kRounding * norm * norm;
                const double outside = std::sqrt(std::max(norm * norm - inside, 0.0));
                double outside_error = std::sqrt(square_error);
                if (outside > 0.0) outside_error = std::min(outside_error, square_error / outside);
                projection[n_directions] = static_cast<float>(outside);
                squares_[first + r] = inside + outside * outside;
                slack_[first + r] =
                    up(1.01 * (moved + outside_error + 2.0 * kRounding * norm + 2.0 * std::sqrt(width_) * kTiny));
            }
        });
    }

    // Numbers of each projection, a multiple of kPanel; the last are 0.
    std::size_t width() const { return width_; }
    const float* of(std::size_t row) const { return of_.data() + row * width_; }
    double square(std::size_t row) const { return squares_[row]; }  // to within 4 roundings of float32
    float slack(std::size_t row) const { return slack_[row]; }

   private:
    static double largest_eigenvalue(const std::vector<float>& panels, std::size_t n_features,
                                     std::size_t n_directions) {
        double largest = 0.0;
        const auto value = [&](std::size_t d, std::size_t j) {
            return static_cast<double>(panels[d / kPanel * n_features * kPanel + d % kPanel + j * kPanel]);
        };
        for (std::size_t a = 0; a < n_directions; ++a) {
            double circle = 0.0;
            for (std::size_t b = 0; b < n_directions; ++b) {
                double product = 0.0;
                for (std::size_t j = 0; j < n_features; ++j) product += value(a, j) * value(b, j);
                circle += std::abs(product);
            }
            largest = std::max(largest, circle);
        }
        return largest * (1.0 + 1e-9);
    }

    std::size_t width_;
    std::vector<float> of_;  // n_samples x width_
    std::vector<double> squares_;
    std::vector<float> slack_;
};

}  // namespace inkmeans
