// Direction features: how much stroke edge runs in each of 8 directions in each of 7 x 7 places of the glyph.
#pragma once

#include <cstdint>

#include "inkmeans/normalize.hpp"

namespace inkmeans {

inline constexpr int kDirections = 8;
inline constexpr int kPlaces = 7;  // on a side
inline constexpr int kDirectionFeatures = kDirections * kPlaces * kPlaces;

// glyph: kGlyphPixels bytes. features (out): kDirectionFeatures values, [direction][row][column].
void direction_features(const std::uint8_t* glyph, float* features);

}  // namespace inkmeans
