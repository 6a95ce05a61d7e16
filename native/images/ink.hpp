// An image's ink: how far each pixel stands out of the background, 0 to 1.
#pragma once

#include <vector>

#include "inkmeans/normalize.hpp"

namespace inkmeans {

using InkImage = std::vector<float>;  // h x w, row-major; full ink is 1, background 0

constexpr float kStrokeLevel = 0.25F;  // ink above this fraction of full ink belongs to a stroke
constexpr int kTooSmallToJudge = 16;   // images with a shorter side than this are too coarse for noise and strokes

// Writes the image as ink. Returns Verdict::blank if there is none, Verdict::noise if what there is does not stand out
// of the background's noise, else Verdict::glyph.
template <typename Pixel>
Verdict find_ink(const Pixel* image, int h, int w, Ink ink, float ink_max, float min_contrast, InkImage& out);

}  // namespace inkmeans
