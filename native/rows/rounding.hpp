// float32 numbers rounded outwards.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

namespace inkmeans {

constexpr double kRounding = 1.0 / (1 << 24);                // u = 2^-24, the unit roundoff of float32
constexpr double kTiny = std::numeric_limits<float>::min();  // 2^-126

// A float32 number above the value, by no more than a few parts in 2^22.
inline float round_up(double value) {
    const auto rounded = static_cast<float>(value);
    const float size = std::min(std::abs(rounded), std::numeric_limits<float>::max());  // infinite ones stay
    return rounded + (size * 0x1p-22F + std::numeric_limits<float>::min());
}

// The same below.
inline float round_down(double value) { return -round_up(-value); }

}  // namespace inkmeans
