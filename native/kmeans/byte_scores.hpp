// Scores of rows of bytes without a shift.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "inkmeans/kernels.hpp"
#include "inkmeans/kmeans.hpp"
#include "inkmeans/parallel.hpp"
#include "kmeans/score_error.hpp"
#include "rows/panels.hpp"
#include "rows/rounding.hpp"

namespace inkmeans {

// Scores of rows of bytes without a shift.
class ByteScores {
   public:
    ByteScores(const double* centers, Shape shape, double largest_row, const Kernels& kernel, int n_threads)
        : centers_(centers, shape, nullptr), shape_(shape), kernel_(kernel) {
        const std::size_t n = shape.n_features;
        n_quads_ = (n + kQuad - 1) / kQuad;
        if (!centers_.is_valid()) return;
        double largest_value = 0.0;
        for (std::size_t i = 0; i < shape.n_clusters * n; ++i) {
            largest_value = std::max(largest_value, std::abs(centers[i]));
        }
        double scale = 1 << 14;
        while (largest_value * scale > 32766.0 ||
               largest_row * (centers_.largest * scale + 0.5 * std::sqrt(centers_.n)) > 2147483000.0) {
            scale /= 2;
        }
        inverse_scale_ = static_cast<float>(1.0 / scale);
        panels_.assign(centers_.n_panels * n_quads_ * kQuad * kPanel, 0);
        rows_.resize(shape.n_clusters * n);
        std::vector<double> errors(shape.n_clusters, 0.0);
        parallel_for(centers_.n_panels, n_threads, [&](std::size_t p) {
            for (std::size_t c = p * kPanel; c < std::min((p + 1) * kPanel, shape.n_clusters); ++c) {
                std::int16_t* panel = panels_.data() + p * n_quads_ * kQuad * kPanel + c % kPanel * 2;
                for (std::size_t j = 0; j < n; ++j) {
                    const double value = centers[c * n + j] * scale;
                    const double quantized = (value + 0x1.8p52) - 0x1.8p52;  // the nearest integer
                    errors[c] += (value - quantized) * (value - quantized);
                    panel[j / 2 * 2 * kPanel + j % 2] = rows_[c * n + j] = static_cast<std::int16_t>(quantized);
                }
            }
        });
        center_error_ = std::sqrt(*std::max_element(errors.begin(), errors.end())) / scale * 1.0001;
    }

    struct Block {};  // rows are used as they are

    // The nonzero quads of rows, one row after the other.
    struct Packed {
        std::vector<std::uint16_t> quads;
        std::vector<std::uint32_t> values;
        std::vector<std::uint32_t> firsts;  // the first quad of each row, and the end

        std::size_t n_bytes() const {
            return quads.size() * (sizeof(std::uint16_t) + sizeof(std::uint32_t)) +
                   firsts.size() * sizeof(std::uint32_t);
        }
    };

    const CenterNorms& centers() const { return centers_; }

    ScoreError error() const {
        ScoreError error = centers_.error();
        error.linear += 2.0 * center_error_ + 4.0 * kRounding * (centers_.largest + center_error_);
        return error;
    }

    bool can_keep() const { return true; }

    void reserve(Block&, std::size_t) const {}

    void reserve(Packed& packed, std::size_t n_rows) const {
        grow(packed.quads, n_rows * n_quads_ + kPanel);
        grow(packed.values, n_rows * n_quads_ + kPanel);
        grow(packed.firsts, n_rows + 1);
    }

    void load(const std::uint8_t*, std::size_t, Block&) const {}

    float score(const std::uint8_t* row, std::size_t, std::size_t center, const Block&) const {
        return centers_.norms[center] - 2.0F * (static_cast<float>(dot(row, center)) * inverse_scale_);
    }

    // A value of a center after quantization.
    double dequantized(std::size_t center, std::size_t feature) const {
        return static_cast<double>(rows_[center * shape_.n_features + feature]) * static_cast<double>(inverse_scale_);
    }

    // True if the centers have no quantization error, so that `product` is exact.
    bool is_exact() const { return center_error_ == 0.0; }
    double product(const std::uint8_t* row, std::size_t center) const {
        return static_cast<double>(dot(row, center)) * static_cast<double>(inverse_scale_);
    }

    Packed trimmed(const Packed& packed, std::size_t n_rows) const {
        const auto n = static_cast<std::ptrdiff_t>(packed.firsts[n_rows]);
        return {{packed.quads.begin(), packed.quads.begin() + n},
                {packed.values.begin(), packed.values.begin() + n},
                {packed.firsts.begin(), packed.firsts.begin() + static_cast<std::ptrdiff_t>(n_rows) + 1}};
    }

    void pack(const std::uint8_t* row, float, std::size_t slot, const Block&, Packed& packed) const {
        const std::uint32_t first = packed.firsts[slot];
        const std::size_t count = kernel_.pack.nonzero_quads(row, shape_.n_features, packed.quads.data() + first,
                                                             packed.values.data() + first);
        packed.firsts[slot + 1] = first + static_cast<std::uint32_t>(count);
    }

    void products(std::size_t p, const std::uint32_t* slots, std::size_t n_slots, const Packed& packed,
                  float* dots) const {
        const std::int16_t* panel = panels_.data() + p * n_quads_ * kQuad * kPanel;
        for (std::size_t i = 0; i < n_slots; ++i) {
            if (i + kAhead < n_slots) {
                const std::uint32_t next = packed.firsts[slots[i + kAhead]];
                const std::uint32_t end = packed.firsts[slots[i + kAhead] + 1];
                prefetch(packed.quads.data() + next, packed.quads.data() + end);
                prefetch(packed.values.data() + next, packed.values.data() + end);
            }
            const std::uint32_t first = packed.firsts[slots[i]];
            kernel_.dot.u8(packed.quads.data() + first, packed.values.data() + first,
                           packed.firsts[slots[i] + 1] - first, panel, inverse_scale_, dots + i * kPanel);
        }
    }

   private:
    std::int32_t dot(const std::uint8_t* row, std::size_t center) const {
        return kernel_.dot.u8_row(row, rows_.data() + center * shape_.n_features, shape_.n_features);
    }

    CenterNorms centers_;
    Shape shape_;
    const Kernels& kernel_;
    std::size_t n_quads_;
    float inverse_scale_;               // of int32 products
    double center_error_ = 0.0;         // the largest norm of a center's quantization error
    std::vector<std::int16_t> panels_;  // n_panels x n_quads x (2 columns of each lane, 2 more of each lane)
    std::vector<std::int16_t> rows_;    // n_clusters x n_features
};

}  // namespace inkmeans
