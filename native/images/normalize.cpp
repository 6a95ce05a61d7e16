// The one normalizer. Steps, a file each: polarity from the border and the whole image (polarity.hpp); ink as contrast
// to the border's level (ink.cpp); small components removed (components.cpp); slant from the second moments, the box of
// the ink to a fraction of a pixel (frame.cpp); slant removed, size and place made even in one resampling
// (resample.cpp); the darkest ink made full ink. Every step scales with the ink, so brightness, contrast and polarity
// leave no trace; nothing is remembered between images. All sums are float64, taken in row order.
#include "inkmeans/normalize.hpp"

#include <algorithm>
#include <cmath>

#include "images/components.hpp"
#include "images/frame.hpp"
#include "images/ink.hpp"
#include "images/resample.hpp"

namespace inkmeans {
namespace {

constexpr float kDotSide = 0.25F;     // a dot's box is at most this part of the image's longer side ...
constexpr float kDotFill = 0.65F;     // ... and is filled at least so far (a disc fills 0.79)
constexpr float kManyStrokes = 6.0F;  // more strokes than this along a line through the ink: no single character

}  // namespace

template <typename Pixel>
Verdict normalize_glyph(const Pixel* image, int h, int w, Ink ink_polarity, float ink_max,
                        const NormalizeSettings& settings, std::uint8_t* glyph) {
    std::fill(glyph, glyph + kGlyphPixels, std::uint8_t{0});
    InkImage ink;
    const Verdict found = find_ink(image, h, w, ink_polarity, ink_max, settings.min_contrast, ink);
    if (found != Verdict::glyph) return found;
    const bool judge = std::min(h, w) >= kTooSmallToJudge;
    if (judge && !remove_small_components(ink, h, w)) return Verdict::noise;
    // Without the small components the darkest ink that stays is full ink.
    const float full = *std::max_element(ink.begin(), ink.end());
    if (full < 1.0F) {
        for (float& value : ink) value /= full;
    }
    const Frame frame = find_frame(ink, h, w, settings);

    GlyphInk shape{};
    resample(ink, h, w, frame, settings.box, shape);
    // Thin strokes come out faint and low resolutions blurred: the darkest ink is full ink again.
    const float darkest = *std::max_element(shape.begin(), shape.end());
    for (std::size_t i = 0; i < shape.size(); ++i) {
        glyph[i] = static_cast<std::uint8_t>(std::lround(255.0F * std::clamp(shape[i] / darkest, 0.0F, 1.0F)));
    }

    const double width = frame.right - frame.left;
    const double height = frame.bottom - frame.top;
    if (judge && std::max(width, height) <= kDotSide * std::max(h, w)) {
        double sum = 0.0;
        for (const float value : ink) sum += value;
        if (sum >= kDotFill * width * height && std::min(width, height) >= 0.6 * std::max(width, height))
            return Verdict::dot;
    }
    if (judge && mean_strokes(ink, h, w) > kManyStrokes) return Verdict::scribble;
    return Verdict::glyph;
}

template Verdict normalize_glyph(const std::uint8_t*, int, int, Ink, float, const NormalizeSettings&, std::uint8_t*);
template Verdict normalize_glyph(const float*, int, int, Ink, float, const NormalizeSettings&, std::uint8_t*);

}  // namespace inkmeans
