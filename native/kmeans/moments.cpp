// Mean and variance of the columns. Rows are summed in pieces, the same for any number of threads, and these added up
// in order. The variance of bytes is the mean square less the square of the mean, both exact, unless that cancels; else
// it is summed from squared differences in float64.
#include <algorithm>
#include <type_traits>
#include <vector>

#include "inkmeans/kernels.hpp"
#include "inkmeans/kmeans.hpp"
#include "inkmeans/parallel.hpp"

namespace inkmeans {
namespace {

constexpr std::size_t kMostPieces = 64;
constexpr std::size_t kExactRows = 1U << 20;  // rows of bytes whose sums fit int32
constexpr double kMinDifference = 1e-3;       // of two squares, as a part of the larger: less would cancel too much

// sum += the rows from first on; returns the sum of their squares if they are bytes, else 0.
template <typename Value>
double add_rows(const Value* X, std::size_t first, std::size_t last, std::size_t n, double* sum) {
    const Kernels& kernel = kernels();
    double squares = 0.0;
    if constexpr (std::is_same_v<Value, std::uint8_t>) {
        std::vector<std::int32_t> exact_sum(n);
        for (std::size_t i = first; i < last; ++i) {
            kernel.sums.add_u8(X + i * n, 1, n, exact_sum.data());
            squares += kernel.sums.squared_norm_u8(X + i * n, n);
            if (i + 1 < last && (i + 1 - first) % kExactRows != 0) continue;
            for (std::size_t j = 0; j < n; ++j) sum[j] += static_cast<double>(exact_sum[j]);
            std::fill(exact_sum.begin(), exact_sum.end(), 0);
        }
    } else {
        const std::vector<double> none(n, 0.0);
        for (std::size_t i = first; i < last; ++i) row_kernels(kernel, X).add(X + i * n, none.data(), 1.0, n, sum);
    }
    return squares;
}

}  // namespace

template <typename Value>
double mean_and_variance(const Value* X, std::size_t n_samples, std::size_t n_features, int n_threads, double* mean) {
    const std::size_t n_pieces = std::min(kMostPieces, n_samples);
    std::vector<double> sums(n_pieces * n_features, 0.0);
    std::vector<double> squares(n_pieces, 0.0);
    const auto first = [=](std::size_t piece) { return piece * n_samples / n_pieces; };
    parallel_for(n_pieces, n_threads, [&](std::size_t piece) {
        squares[piece] = add_rows(X, first(piece), first(piece + 1), n_features, sums.data() + piece * n_features);
    });
    std::fill_n(mean, n_features, 0.0);
    for (std::size_t piece = 0; piece < n_pieces; ++piece) {
        for (std::size_t j = 0; j < n_features; ++j) mean[j] += sums[piece * n_features + j];
    }
    for (std::size_t j = 0; j < n_features; ++j) mean[j] /= static_cast<double>(n_samples);

    const double n_values = static_cast<double>(n_samples) * static_cast<double>(n_features);
    double square = 0.0;
    for (const double part : squares) square += part;
    double of_mean = 0.0;
    for (std::size_t j = 0; j < n_features; ++j) of_mean += mean[j] * mean[j];
    const double difference = square - of_mean * static_cast<double>(n_samples);
    if (difference > kMinDifference * square) return difference / n_values;

    const auto squared_distance = row_kernels(kernels(), X).squared_distance;
    parallel_for(n_pieces, n_threads, [&](std::size_t piece) {
        squares[piece] = 0.0;
        for (std::size_t i = first(piece); i < first(piece + 1); ++i) {
            squares[piece] += squared_distance(X + i * n_features, mean, n_features);
        }
    });
    square = 0.0;
    for (const double part : squares) square += part;
    return square / n_values;
}

template double mean_and_variance(const std::uint8_t*, std::size_t, std::size_t, int, double*);
template double mean_and_variance(const float*, std::size_t, std::size_t, int, double*);
template double mean_and_variance(const double*, std::size_t, std::size_t, int, double*);

}  // namespace inkmeans
