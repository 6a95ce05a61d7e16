// Scores of rows of float32 or float64.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "inkmeans/kernels.hpp"
#include "inkmeans/kmeans.hpp"
#include "inkmeans/parallel.hpp"
#include "kmeans/score_error.hpp"
#include "rows/panels.hpp"
#include "rows/rounding.hpp"

namespace inkmeans {

constexpr double kQuantizedNorm = 32000.0;  // of a row of int16

// Scores of rows of float32 or float64.
template <typename Value>
class FloatScores {
   public:
    // quantizes: whether products are those of rows and centers quantized to int16.
    FloatScores(const double* centers, Shape shape, const double* shift, bool quantizes, const Kernels& kernel,
                int n_threads)
        : centers_(centers, shape, shift),
          shape_(shape),
          shift_(shift),
          kernel_(kernel),
          quantizes_(quantizes),
          n_pairs_((shape.n_features + 1) / 2),
          row_error_(0.51 * std::sqrt(centers_.n) / kQuantizedNorm) {
        shifted_ = !std::is_same_v<Value, float>;
        const std::size_t n = shape.n_features;
        for (std::size_t j = 0; j < n && !shifted_; ++j) shifted_ = shift[j] != 0.0;
        if (!centers_.is_valid()) return;
        rows_.resize(shape.n_clusters * n);
        double largest_value = 0.0;
        for (std::size_t c = 0; c < shape.n_clusters; ++c) {
            for (std::size_t j = 0; j < n; ++j) {
                const double value = centers[c * n + j] - shift[j];
                rows_[c * n + j] = static_cast<float>(value);
                largest_value = std::max(largest_value, std::abs(value));
            }
        }
        if (quantizes) {
            quantize_centers(centers, largest_value, n_threads);
            return;
        }
        panels_.assign(centers_.n_panels * n * kPanel, 0.0F);
        parallel_for(centers_.n_panels, n_threads, [&](std::size_t p) {
            for (std::size_t c = p * kPanel; c < std::min((p + 1) * kPanel, shape.n_clusters); ++c) {
                float* panel = panels_.data() + p * n * kPanel + c % kPanel;
                for (std::size_t j = 0; j < n; ++j) panel[j * kPanel] = rows_[c * n + j];
            }
        });
    }

    // A block of rows as float32, converted where they are not.
    struct Block {
        std::vector<float> converted;
        std::vector<const float*> rows;
    };

    // Rows as products take them.
    struct Packed {
        std::vector<const float*> rows;       // as in a block, which must outlive this; or
        std::vector<std::int16_t> quantized;  // n_rows x 2 n_pairs, and
        std::vector<float> scales;            // the norm of each row

        std::size_t n_bytes() const { return sizeof(std::int16_t) * quantized.size() + sizeof(float) * scales.size(); }
    };

    const CenterNorms& centers() const { return centers_; }

    ScoreError error() const {
        ScoreError error = centers_.error();
        error.linear += 2.0 * (1.01 * centers_.n + 4.0) * kRounding * centers_.largest;
        if (quantizes_) {
            error.linear += 2.0 * (row_error_ * centers_.largest + (1.0 + row_error_) * center_error_) +
                            16.0 * kRounding * (centers_.largest + center_error_);
            // An int32 product may be 2^31, and its scale may underflow.
            error.constant += 2.0 * kNothing * centers_.largest + 0x1p32 * kTiny;
        }
        return error;
    }

    // Whether packed rows can be used for other centers too, and without their block.
    bool can_keep() const { return quantizes_; }

    void reserve(Block& block, std::size_t n_rows) const {
        grow(block.rows, n_rows);
        if (shifted_) grow(block.converted, n_rows * shape_.n_features);
    }

    void reserve(Packed& packed, std::size_t n_rows) const {
        if (quantizes_) {
            grow(packed.quantized, n_rows * n_pairs_ * 2);
            grow(packed.scales, n_rows);
        } else {
            grow(packed.rows, n_rows);
        }
    }

    void load(const Value* row, std::size_t slot, Block& block) const {
        if constexpr (std::is_same_v<Value, float>) {
            if (!shifted_) {
                block.rows[slot] = row;
                return;
            }
        }
        float* target = block.converted.data() + slot * shape_.n_features;
        row_kernels(kernel_, row).to_float32(row, shift_, shape_.n_features, target);
        block.rows[slot] = target;
    }

    // The score of the row in a slot for one center.
    float score(const Value*, std::size_t slot, std::size_t center, const Block& block) const {
        const float* row = rows_.data() + center * shape_.n_features;
        return centers_.norms[center] - 2.0F * kernel_.dot.f32_row(block.rows[slot], row, shape_.n_features);
    }

    // The first rows, without the room left over.
    Packed trimmed(const Packed& packed, std::size_t n_rows) const {
        const auto n_values = static_cast<std::ptrdiff_t>(n_rows * n_pairs_ * 2);
        return {{},
                {packed.quantized.begin(), packed.quantized.begin() + n_values},
                {packed.scales.begin(), packed.scales.begin() + static_cast<std::ptrdiff_t>(n_rows)}};
    }

    // Packs one row of a block, in order of the slots. norm: the row's, or a little more; a row of less than kNothing
    // is taken as 0.
    void pack(const Value*, float norm, std::size_t slot, const Block& block, Packed& packed) const {
        if (!quantizes_) {
            packed.rows[slot] = block.rows[slot];
            return;
        }
        const float scale = norm > kNothing ? static_cast<float>(kQuantizedNorm) / norm : 0.0F;
        kernel_.pack.quantize_f32(block.rows[slot], scale, shape_.n_features,
                                  packed.quantized.data() + slot * n_pairs_ * 2);
        packed.scales[slot] = norm;
    }

    // dots (out, n_slots x kPanel): the products of the rows in the slots, kTogether at most, with the panel's centers.
    void products(std::size_t p, const std::uint32_t* slots, std::size_t n_slots, const Packed& packed,
                  float* dots) const {
        if (quantizes_) {
            quantized_products(p, slots, n_slots, packed, dots);
            return;
        }
        const std::size_t n = shape_.n_features;
        const float* panel = panels_.data() + p * n * kPanel;
        const float* rows[kTogether];
        for (std::size_t i = 0; i < n_slots; ++i) rows[i] = packed.rows[slots[i]];
        std::fill_n(dots, n_slots * kPanel, 0.0F);
        for (std::size_t j = 0; j < n; j += kStretch) {
            for (std::size_t i = 0; i < n_slots; i += kRowGroup) {
                kernel_.dot.f32(rows + i, j, static_cast<int>(std::min<std::size_t>(kRowGroup, n_slots - i)),
                                panel + j * kPanel, std::min(kStretch, n - j), dots + i * kPanel);
            }
        }
    }

   private:
    static constexpr float kNothing = 1e-30F;

    void quantize_centers(const double* centers, double largest_value, int n_threads) {
        const std::size_t n = shape_.n_features;
        // Quantized values fit int16; products of quantized rows and centers, partial sums too, fit int32.
        const double largest_norm = 2147000000.0 / (kQuantizedNorm * (1.0 + row_error_)) - 0.51 * std::sqrt(centers_.n);
        double scale = std::min(32766.0 / largest_value, largest_norm / centers_.largest);
        if (!(scale < 1e30)) scale = 1e30;
        inverse_scale_ = static_cast<float>(1.0 / (kQuantizedNorm * scale));
        quantized_panels_.assign(centers_.n_panels * n_pairs_ * 2 * kPanel, 0);
        std::vector<double> errors(shape_.n_clusters, 0.0);
        parallel_for(centers_.n_panels, n_threads, [&](std::size_t p) {
            for (std::size_t c = p * kPanel; c < std::min((p + 1) * kPanel, shape_.n_clusters); ++c) {
                std::int16_t* panel = quantized_panels_.data() + p * n_pairs_ * 2 * kPanel + c % kPanel * 2;
                for (std::size_t j = 0; j < n; ++j) {
                    const double value = (centers[c * n + j] - shift_[j]) * scale;
                    const double quantized = (value + 0x1.8p52) - 0x1.8p52;  // the nearest integer
                    errors[c] += (value - quantized) * (value - quantized);
                    panel[j / 2 * 2 * kPanel + j % 2] = static_cast<std::int16_t>(quantized);
                }
            }
        });
        center_error_ = std::sqrt(*std::max_element(errors.begin(), errors.end())) / scale * 1.0001;
    }

    void quantized_products(std::size_t p, const std::uint32_t* slots, std::size_t n_slots, const Packed& packed,
                            float* dots) const {
        const std::int16_t* panel = quantized_panels_.data() + p * n_pairs_ * 2 * kPanel;
        for (std::size_t i = 0; i < n_slots; i += kRowGroup) {
            const std::size_t n_group = std::min<std::size_t>(kRowGroup, n_slots - i);
            for (std::size_t r = i + kRowGroup; r < std::min<std::size_t>(i + 2 * kRowGroup, n_slots); ++r) {
                const std::int16_t* next = packed.quantized.data() + slots[r] * n_pairs_ * 2;
                prefetch(next, next + n_pairs_ * 2);
            }
            const std::int16_t* rows[kRowGroup];
            float scales[kRowGroup];
            for (std::size_t r = 0; r < n_group; ++r) {
                rows[r] = packed.quantized.data() + slots[i + r] * n_pairs_ * 2;
                scales[r] = packed.scales[slots[i + r]] * inverse_scale_;
            }
            kernel_.dot.i16_scaled(rows, static_cast<int>(n_group), panel, n_pairs_, scales, dots + i * kPanel);
        }
    }

    CenterNorms centers_;
    Shape shape_;
    const double* shift_;
    const Kernels& kernel_;
    bool quantizes_;
    bool shifted_;
    std::size_t n_pairs_;
    double row_error_;                            // quantization error of a row of norm 1
    double center_error_ = 0.0;                   // the largest norm of a center's quantization error
    float inverse_scale_ = 0.0F;                  // of the int32 products of a row of norm 1
    std::vector<float> panels_;                   // n_panels x n_features x kPanel
    std::vector<std::int16_t> quantized_panels_;  // n_panels x n_pairs x kPanel x 2
    std::vector<float> rows_;                     // n_clusters x n_features
};

}  // namespace inkmeans
