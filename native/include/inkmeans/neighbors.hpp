// The nearest neighbors of rows of float32 among each other, exactly.
#pragma once

#include <cstddef>
#include <cstdint>

namespace inkmeans {

// X: n_samples x n_features, finite. indices, distances (out, n_samples x n_neighbors): the other rows that lie nearest
// to each, the nearest first, and their squared distances as float64 arithmetic finds them; on a tie the lower index
// first. Requires n_neighbors < n_samples < 2^31. The same bytes for any number of threads.
void nearest_neighbors(const float* X, std::size_t n_samples, std::size_t n_features, std::size_t n_neighbors,
                       std::int32_t* indices, double* distances, int n_threads);

}  // namespace inkmeans
