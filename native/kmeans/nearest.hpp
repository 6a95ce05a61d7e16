// The nearest center of one row in float64: what scores leave undecided is decided here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "inkmeans/kernels.hpp"
#include "inkmeans/kmeans.hpp"

namespace inkmeans {

constexpr float kHuge = 1e18F;  // rows of larger norm are decided in float64, where float32 may overflow

// The nearest, in float64, of the centers that `may_be_nearest` names; the lowest index on a tie.
template <typename Value, typename MayBeNearest>
std::int32_t nearest_of(const Value* row, const double* centers, Shape shape, const Kernels& kernel,
                        const MayBeNearest& may_be_nearest) {
    const auto squared_distance = row_kernels(kernel, row).squared_distance;
    double best = std::numeric_limits<double>::infinity();
    std::int32_t nearest = 0;
    for (std::size_t c = 0; c < shape.n_clusters; ++c) {
        if (!may_be_nearest(c)) continue;
        const double distance = squared_distance(row, centers + c * shape.n_features, shape.n_features);
        if (distance < best) {
            best = distance;
            nearest = static_cast<std::int32_t>(c);
        }
    }
    return nearest;
}

// Returns whether that changed the label.
inline bool set_label(std::int32_t& label, std::int32_t to) {
    const bool changed = label != to;
    label = to;
    return changed;
}

}  // namespace inkmeans
