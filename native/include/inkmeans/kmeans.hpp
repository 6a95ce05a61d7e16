// The operations of k-means on rows of bytes, float32 or float64. X: n_samples x n_features, row-major. All results are
// the same bytes for any number of threads.
#pragma once

#include <cstddef>
#include <cstdint>

namespace inkmeans {

struct Shape {
    std::size_t n_samples;
    std::size_t n_features;
    std::size_t n_clusters;
};

// labels (out): the nearest center of each row, as float64 arithmetic on the given numbers finds it; the lowest index
// on a tie. shift: n_features values near the mean of X, taken from rows and centers alike; it keeps float32 precise
// and leaves every distance as it is.
template <typename Value>
void assign(const Value* X, const double* centers, Shape shape, const double* shift, std::int32_t* labels,
            int n_threads);

// sums (out, n_clusters x n_features): of the weighted rows of each cluster, less shift. mass (out, n_clusters): of the
// weights. weights may be null: each row counts once. Rows are added in order, so bytes are summed exactly.
template <typename Value>
void update(const Value* X, const std::int32_t* labels, const double* weights, Shape shape, const double* shift,
            double* sums, double* mass, int n_threads);

// distances (out, n_samples x n_clusters): squared, float64, from differences and so exact to the last few bits.
template <typename Value>
void squared_distances(const Value* X, const double* centers, Shape shape, double* distances, int n_threads);

// distances (out, n_samples): squared, of each row to the center that its label names.
template <typename Value>
void distances_to_own(const Value* X, const double* centers, const std::int32_t* labels, Shape shape, double* distances,
                      int n_threads);

}  // namespace inkmeans
