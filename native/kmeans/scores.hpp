// The scores of rows of each type of value: the squared distances to all centers but for |x|^2.
#pragma once

#include <cstdint>
#include <type_traits>

#include "inkmeans/kernels.hpp"
#include "inkmeans/kmeans.hpp"
#include "kmeans/byte_scores.hpp"
#include "kmeans/float_scores.hpp"

namespace inkmeans {

template <typename Value>
struct ScoresOf {
    using Type = FloatScores<Value>;
};
template <>
struct ScoresOf<std::uint8_t> {
    using Type = ByteScores;
};

// The scores of rows of one type; largest_row: the largest of their norms; quantizes: see FloatScores.
template <typename Value>
typename ScoresOf<Value>::Type make_scores(const double* centers, Shape shape, const double* shift, double largest_row,
                                           bool quantizes, const Kernels& kernel, int n_threads) {
    if constexpr (std::is_same_v<Value, std::uint8_t>) {
        return {centers, shape, largest_row, kernel, n_threads};
    } else {
        return {centers, shape, shift, quantizes, kernel, n_threads};
    }
}

}  // namespace inkmeans
