// Framed ink to the pixels of the glyph.
#pragma once

#include <array>

#include "images/frame.hpp"
#include "images/ink.hpp"

namespace inkmeans {

using GlyphInk = std::array<float, kGlyphPixels>;

// Brings the framed ink to the glyph: slant removed by a shear, its box's longer side `box` pixels, its center of mass
// in the middle. One resampling in each direction, by a triangle filter whose radius is a glyph pixel, or a source
// pixel where that is larger.
void resample(const InkImage& ink, int h, int w, const Frame& frame, float box, GlyphInk& glyph);

}  // namespace inkmeans
