// float32 numbers rounded outwards.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

namespace inkmeans {

constexpr double kRounding = 1.0 / (1 << 24);                // u = 2^-24, the unit roundoff of float32
constexpr double kTiny = std::numeric_limits<float>::min();  // 2^-126

// The least float32 numbers that are surely above a value, but for a few parts in 2^22.
inline float up(double value) {
    const auto rounded = static_cast<float>(value);
    const float size = std::min(std::abs(rounded), std::numeric_limits<float>::max());  // infinite ones stay
    return rounded + (size * 0x1p-22F + std::numeric_limits<float>::min());
}

inline float down(double value) { return -up(-value); }

}  // namespace inkmeans
