// The one normalizer: an image of any size, polarity and ink scale -> the normalized glyph.
#pragma once

#include <cstdint>

namespace inkmeans {

inline constexpr int kGlyphSize = 28;  // pixels on a side of the normalized glyph
inline constexpr int kGlyphPixels = kGlyphSize * kGlyphSize;

// What the normalizer found in an image. The numbers are part of the Python interface.
enum class Verdict : std::uint8_t {
    glyph = 0,     // a shape that may be a character
    blank = 1,     // no ink
    noise = 2,     // small components of ink only, no shape
    dot = 3,       // one small solid spot
    scribble = 4,  // far too many strokes for one character: scribble, or a whole page
};

enum class Ink : std::uint8_t { automatic = 0, bright = 1, dark = 2 };

// Constants of the normalizer; the same values stand in inkmeans/normalize/_settings.py, which passes them in.
struct NormalizeSettings {
    float box;           // pixels: the longer side of the ink's box in the glyph
    float edge_level;    // where the ink's edge lies, as a fraction of full ink
    float max_slant;     // largest shear that is undone, horizontal pixels per vertical pixel
    float min_contrast;  // ink fainter than this fraction of ink_max is no ink
};

// image: h x w pixels, row-major. ink_max: the value of full ink on the image's scale, for the test of contrast alone.
// glyph (out): kGlyphPixels bytes, ink bright on 0; all 0 unless there is ink.
template <typename Pixel>
Verdict normalize_glyph(const Pixel* image, int h, int w, Ink ink, float ink_max, const NormalizeSettings& settings,
                        std::uint8_t* glyph);

}  // namespace inkmeans
