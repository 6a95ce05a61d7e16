// Distances in float64, from differences: exact to the last few bits.
#include <algorithm>

#include "inkmeans/kernels.hpp"
#include "inkmeans/kmeans.hpp"
#include "inkmeans/parallel.hpp"

namespace inkmeans {
namespace {

constexpr std::size_t kBlock = 64;  // rows that a thread takes at once

}  // namespace

template <typename Value>
void squared_distances(const Value* X, const double* centers, Shape shape, double* distances, int n_threads) {
    const auto squared_distance = row_kernels(kernels(), X).squared_distance;
    parallel_for((shape.n_samples + kBlock - 1) / kBlock, n_threads, [&](std::size_t block) {
        const std::size_t last = std::min((block + 1) * kBlock, shape.n_samples);
        for (std::size_t i = block * kBlock; i < last; ++i) {
            for (std::size_t c = 0; c < shape.n_clusters; ++c) {
                distances[i * shape.n_clusters + c] =
                    squared_distance(X + i * shape.n_features, centers + c * shape.n_features, shape.n_features);
            }
        }
    });
}

template <typename Value>
void distances_to_own(const Value* X, const double* centers, const std::int32_t* labels, Shape shape, double* distances,
                      int n_threads) {
    const auto squared_distance = row_kernels(kernels(), X).squared_distance;
    parallel_for((shape.n_samples + kBlock - 1) / kBlock, n_threads, [&](std::size_t block) {
        const std::size_t last = std::min((block + 1) * kBlock, shape.n_samples);
        for (std::size_t i = block * kBlock; i < last; ++i) {
            const double* center = centers + static_cast<std::size_t>(labels[i]) * shape.n_features;
            distances[i] = squared_distance(X + i * shape.n_features, center, shape.n_features);
        }
    });
}

#define INKMEANS_INSTANTIATE(Value)                                                    \
    template void squared_distances(const Value*, const double*, Shape, double*, int); \
    template void distances_to_own(const Value*, const double*, const std::int32_t*, Shape, double*, int);
INKMEANS_INSTANTIATE(std::uint8_t)
INKMEANS_INSTANTIATE(float)
INKMEANS_INSTANTIATE(double)
#undef INKMEANS_INSTANTIATE

}  // namespace inkmeans
