// The nearest center of each row, exactly. Rows and centers are compared in float32, 6 x 16 at a time; a row whose two
// nearest centers lie closer than the rounding could have moved them is decided again in float64.
//
// With u = 2^-24, |x| and |c| the norms after the shift, and C the largest |c|, a score s = |c|^2 - 2 x.c carries:
//   the float32 sum of n products        2 gamma(n) |x| C
//   x and c rounded to float32           4 u |x| C, and second-order terms
//   |c|^2 rounded, the last subtraction  u C^2 + u (C^2 + 2 |x| C)
// which is less than 2 (1.01 n + 4) u |x| C + 3 u C^2 as long as n u < 0.01. To this is added what is lost where
// float32 underflows (even where something else in the process has set it to flush to 0): at most m = 2^-126 for each
// number that is rounded, products and sums 4 n m, the rest 4 m, x and c themselves 2 sqrt(n) (|x| + C) m; and what the
// float64 decision itself would round, (n + 4) 2^-53 (|x| + C)^2, so that both ways of deciding give the same label.
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "inkmeans/kernels.hpp"
#include "inkmeans/kmeans.hpp"
#include "inkmeans/parallel.hpp"

namespace inkmeans {
namespace {

constexpr std::size_t kBlock = 8 * kRowGroup;  // rows converted at once: 150 KB of float32 for 784 features
constexpr std::size_t kStretch = 256;          // features taken at once: 16 KB of a panel stay in the L1 cache
constexpr double kRounding = 1.0 / (1 << 24);
constexpr double kTiny = std::numeric_limits<float>::min();  // 2^-126

struct PackedCenters {
    std::size_t n_panels;
    std::vector<float> panels;  // n_panels x n_features x kPanel
    std::vector<float> norms;   // squared, infinite for the lanes that fill the last panel up
    double largest_norm;
};

PackedCenters pack(const double* centers, Shape shape, const double* shift) {
    PackedCenters packed;
    packed.n_panels = (shape.n_clusters + kPanel - 1) / kPanel;
    packed.panels.assign(packed.n_panels * shape.n_features * kPanel, 0.0F);
    packed.norms.assign(packed.n_panels * kPanel, std::numeric_limits<float>::infinity());
    double largest = 0.0;
    for (std::size_t c = 0; c < shape.n_clusters; ++c) {
        float* panel = packed.panels.data() + (c / kPanel) * shape.n_features * kPanel + c % kPanel;
        double norm = 0.0;
        for (std::size_t j = 0; j < shape.n_features; ++j) {
            const double value = centers[c * shape.n_features + j] - shift[j];
            norm += value * value;
            panel[j * kPanel] = static_cast<float>(value);
        }
        packed.norms[c] = static_cast<float>(norm);
        largest = std::max(largest, norm);
    }
    packed.largest_norm = std::sqrt(largest);
    return packed;
}

template <typename Value>
std::int32_t nearest_exactly(const Value* row, const double* centers, Shape shape, const Kernels& kernel) {
    const auto squared_distance = row_kernels(kernel, row).squared_distance;
    double best = std::numeric_limits<double>::infinity();
    std::int32_t nearest = 0;
    for (std::size_t c = 0; c < shape.n_clusters; ++c) {
        const double distance = squared_distance(row, centers + c * shape.n_features, shape.n_features);
        if (distance < best) {
            best = distance;
            nearest = static_cast<std::int32_t>(c);
        }
    }
    return nearest;
}

}  // namespace

template <typename Value>
void assign(const Value* X, const double* centers, Shape shape, const double* shift, std::int32_t* labels,
            int n_threads) {
    const PackedCenters packed = pack(centers, shape, shift);
    const Kernels& kernel = kernels();
    const auto to_float32 = row_kernels(kernel, X).to_float32;
    const double n = static_cast<double>(shape.n_features);
    const double C = packed.largest_norm;
    // Beyond these sizes float32 would overflow or the bound would not hold: every row is decided in float64.
    const bool float32_holds = C < 1e18 && n * kRounding < 0.01;

    parallel_for((shape.n_samples + kBlock - 1) / kBlock, n_threads, [&](std::size_t block) {
        const std::size_t first = block * kBlock;
        const std::size_t n_rows = std::min(kBlock, shape.n_samples - first);
        if (!float32_holds) {
            for (std::size_t i = first; i < first + n_rows; ++i) {
                labels[i] = nearest_exactly(X + i * shape.n_features, centers, shape, kernel);
            }
            return;
        }
        thread_local std::vector<float> rows;
        rows.resize(kBlock * shape.n_features);
        double norms[kBlock];
        for (std::size_t r = 0; r < n_rows; ++r) {
            const double square = to_float32(X + (first + r) * shape.n_features, shift, shape.n_features,
                                             rows.data() + r * shape.n_features);
            norms[r] = std::sqrt(square + 2.0 * n * kTiny) * 1.001;  // above the true norm, squares that underflow too
        }

        RowState states[kBlock];
        for (std::size_t r = 0; r < n_rows; ++r) {
            std::fill_n(states[r].best, kPanel, std::numeric_limits<float>::infinity());
            std::fill_n(states[r].second, kPanel, std::numeric_limits<float>::infinity());
            std::fill_n(states[r].index, kPanel, 0);
        }
        alignas(64) float dots[kBlock * kPanel];
        for (std::size_t p = 0; p < packed.n_panels; ++p) {
            const float* panel = packed.panels.data() + p * shape.n_features * kPanel;
            std::fill_n(dots, n_rows * kPanel, 0.0F);
            for (std::size_t j = 0; j < shape.n_features; j += kStretch) {
                const std::size_t stretch = std::min(kStretch, shape.n_features - j);
                for (std::size_t r = 0; r < n_rows; r += kRowGroup) {
                    const int group = static_cast<int>(std::min<std::size_t>(kRowGroup, n_rows - r));
                    kernel.dot_f32(rows.data() + r * shape.n_features + j, shape.n_features, group, panel + j * kPanel,
                                   stretch, dots + r * kPanel);
                }
            }
            kernel.keep_lowest_f32(dots, static_cast<int>(n_rows), packed.norms.data() + p * kPanel,
                                   static_cast<std::int32_t>(p * kPanel), states);
        }
        for (std::size_t r = 0; r < n_rows; ++r) {
            const RowState& state = states[r];
            int lane = 0;
            for (int l = 1; l < kPanel; ++l) {
                if (state.best[l] < state.best[lane]) lane = l;
            }
            float second = state.second[lane];
            for (int l = 0; l < kPanel; ++l) {
                if (l != lane) second = std::min(second, state.best[l]);
            }
            const double reach = norms[r] + C;
            const double error = 2.0 * (1.01 * n + 4.0) * kRounding * norms[r] * C + 3.0 * kRounding * C * C +
                                 (4.0 * n + 4.0 + 2.0 * std::sqrt(n) * reach) * kTiny +
                                 (n + 4.0) * 0x1p-53 * reach * reach;
            const double gap = static_cast<double>(second) - state.best[lane];
            // Written so that a NaN or an infinity from an overflow is decided in float64 too.
            const bool certain = gap > 2.0 * error && norms[r] < 1e18;
            labels[first + r] = certain ? state.index[lane]
                                        : nearest_exactly(X + (first + r) * shape.n_features, centers, shape, kernel);
        }
    });
}

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

#define INKMEANS_INSTANTIATE(Value)                                                              \
    template void assign(const Value*, const double*, Shape, const double*, std::int32_t*, int); \
    template void squared_distances(const Value*, const double*, Shape, double*, int);           \
    template void distances_to_own(const Value*, const double*, const std::int32_t*, Shape, double*, int);
INKMEANS_INSTANTIATE(std::uint8_t)
INKMEANS_INSTANTIATE(float)
INKMEANS_INSTANTIATE(double)
#undef INKMEANS_INSTANTIATE

}  // namespace inkmeans
