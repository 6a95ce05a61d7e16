// The sums behind the new centers. Each thread owns a range of columns and takes the rows in order: whatever the number
// of threads, every sum is made in the same order.
#include <algorithm>

#include "inkmeans/kernels.hpp"
#include "inkmeans/kmeans.hpp"
#include "inkmeans/parallel.hpp"

namespace inkmeans {
template <typename Value>
void update(const Value* X, const std::int32_t* labels, const double* weights, Shape shape, const double* shift,
            double* sums, double* mass, int n_threads) {
    std::fill_n(sums, shape.n_clusters * shape.n_features, 0.0);
    std::fill_n(mass, shape.n_clusters, 0.0);
    for (std::size_t i = 0; i < shape.n_samples; ++i) mass[labels[i]] += weights != nullptr ? weights[i] : 1.0;

    const auto add = row_kernels(kernels(), X).add;
    const std::size_t threads = static_cast<std::size_t>(std::max(n_threads, 1));
    // Ranges of whole cache lines, one for each thread: a row is then read in one piece by each.
    const std::size_t range = ((shape.n_features + threads - 1) / threads + 63) / 64 * 64;
    parallel_for((shape.n_features + range - 1) / range, n_threads, [&](std::size_t piece) {
        const std::size_t first = piece * range;
        const std::size_t n = std::min(range, shape.n_features - first);
        for (std::size_t i = 0; i < shape.n_samples; ++i) {
            add(X + i * shape.n_features + first, shift + first, weights != nullptr ? weights[i] : 1.0, n,
                sums + static_cast<std::size_t>(labels[i]) * shape.n_features + first);
        }
    });
}

template void update(const std::uint8_t*, const std::int32_t*, const double*, Shape, const double*, double*, double*,
                     int);
template void update(const float*, const std::int32_t*, const double*, Shape, const double*, double*, double*, int);
template void update(const double*, const std::int32_t*, const double*, Shape, const double*, double*, double*, int);

}  // namespace inkmeans
