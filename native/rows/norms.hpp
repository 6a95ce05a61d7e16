// The norms of rows.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "inkmeans/kernels.hpp"
#include "inkmeans/parallel.hpp"
#include "rows/rounding.hpp"

namespace inkmeans {

// The norms of the shifted rows, rounded up, and the largest of them.
struct RowNorms {
    template <typename Value>
    RowNorms(const Value* X, std::size_t n_rows, std::size_t n_features, const double* shift, int n_threads)
        : of(n_rows) {
        if constexpr (std::is_same_v<Value, std::uint8_t>) squares.resize(n_rows);
        constexpr std::size_t kBlock = 256;
        const Kernels& kernel = kernels();
        parallel_for((n_rows + kBlock - 1) / kBlock, n_threads, [&](std::size_t b) {
            for (std::size_t i = b * kBlock; i < std::min((b + 1) * kBlock, n_rows); ++i) {
                const Value* row = X + i * n_features;
                double square;
                if constexpr (std::is_same_v<Value, std::uint8_t>) {
                    square = squares[i] = kernel.sums.squared_norm_u8(row, n_features);
                } else {
                    square = row_kernels(kernel, row).squared_distance(row, shift, n_features);
                }
                of[i] = round_up(std::sqrt(square));
            }
        });
        for (const float norm : of) largest = std::max(largest, norm);
    }

    std::vector<float> of;
    float largest = 0.0F;
    std::vector<double> squares;  // the squared norms of rows of bytes, exact
};

}  // namespace inkmeans
