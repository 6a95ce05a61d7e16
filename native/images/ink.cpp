// Ink is a pixel's contrast to the background. Background level: the median of the border's background pixels. Noise:
// their median absolute deviation, scaled to the standard deviation of a normal distribution; what lies within three of
// these is background.
#include "images/ink.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "images/polarity.hpp"

namespace inkmeans {
namespace {

constexpr float kMinNoiseRatio = 5.0F;  // contrast in standard deviations of the background's noise, at least; 10,000
                                        // pixels of normal noise reach 4

}  // namespace

template <typename Pixel>
Verdict find_ink(const Pixel* image, int h, int w, Ink ink, float ink_max, float min_contrast, InkImage& out) {
    const std::size_t n = static_cast<std::size_t>(h) * static_cast<std::size_t>(w);
    const auto [low, high] = std::minmax_element(image, image + n);
    const float min_value = static_cast<float>(*low);
    const float max_value = static_cast<float>(*high);
    // An even image has no ink, whatever counts for full ink; a range beyond float32 cannot be scaled.
    if (!(max_value > min_value && max_value - min_value >= min_contrast * ink_max)) return Verdict::blank;

    std::vector<float> border = border_pixels(image, h, w);
    const float middle = 0.5F * (min_value + max_value);
    const bool dark = ink == Ink::dark || (ink == Ink::automatic && ink_is_dark(image, n, border, middle));
    float background = median(border, dark);  // where ink is half of the border, the other half
    if (dark ? background < middle : background > middle) {
        // Ink runs along most of the border, as in a tight crop: only the rest of the border is background.
        const auto is_ink = [=](float value) { return dark ? value < middle : value > middle; };
        border.erase(std::remove_if(border.begin(), border.end(), is_ink), border.end());
        if (border.empty()) border.push_back(dark ? max_value : min_value);
        background = median(border, dark);
    }
    const float contrast = dark ? background - min_value : max_value - background;
    if (!(contrast >= std::numeric_limits<float>::min() && contrast >= min_contrast * ink_max)) return Verdict::blank;

    // 1.48 median absolute deviations are one standard deviation of a normal distribution.
    for (float& value : border) value = std::abs(value - background);
    const float noise = 1.48F * median(border, false);
    if (std::min(h, w) >= kTooSmallToJudge && contrast < kMinNoiseRatio * noise) return Verdict::noise;
    const float floor = std::min(0.5F, 3.0F * noise / contrast);
    const float sign = dark ? -1.0F : 1.0F;
    const float scale = 1.0F / ((1.0F - floor) * contrast);
    if (!(scale > 0.0F && std::isfinite(scale))) return Verdict::blank;
    out.resize(n);
    for (std::size_t i = 0; i < n; ++i) {
        const float level = sign * (static_cast<float>(image[i]) - background) - floor * contrast;
        out[i] = level > 0.0F ? level * scale : 0.0F;
    }
    return Verdict::glyph;
}

template Verdict find_ink(const std::uint8_t*, int, int, Ink, float, float, InkImage&);
template Verdict find_ink(const float*, int, int, Ink, float, float, InkImage&);

}  // namespace inkmeans
