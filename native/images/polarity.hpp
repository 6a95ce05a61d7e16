// Polarity of a single image, where the caller does not give it: whether ink is darker or brighter than its background.
// A picture's polarity is decided in segment/_polarity.py.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace inkmeans {

// The median; of an even number of values the lower or the upper one of the two in the middle.
inline float median(std::vector<float>& values, bool upper) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - !upper) / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

// The pixels along the image's edge, each once.
template <typename Pixel>
std::vector<float> border_pixels(const Pixel* image, int h, int w) {
    std::vector<float> border;
    border.reserve(static_cast<std::size_t>(2 * (h + w)));
    for (int x = 0; x < w; ++x) {
        border.push_back(static_cast<float>(image[x]));
        if (h > 1) border.push_back(static_cast<float>(image[static_cast<std::size_t>(h - 1) * w + x]));
    }
    for (int y = 1; y + 1 < h; ++y) {
        border.push_back(static_cast<float>(image[static_cast<std::size_t>(y) * w]));
        if (w > 1) border.push_back(static_cast<float>(image[static_cast<std::size_t>(y) * w + w - 1]));
    }
    return border;
}

// True if the ink is darker than the background: most of the border is bright (above the middle of the image's range),
// and so is most of border and image taken together, each with weight one half.
template <typename Pixel>
bool ink_is_dark(const Pixel* image, std::size_t n, const std::vector<float>& border, float middle) {
    std::size_t bright = 0;
    for (std::size_t i = 0; i < n; ++i) bright += static_cast<float>(image[i]) > middle;
    std::size_t bright_border = 0;
    for (const float value : border) bright_border += value > middle;
    const double part = static_cast<double>(bright) / static_cast<double>(n);
    const double border_part = static_cast<double>(bright_border) / static_cast<double>(border.size());
    return border_part > 0.5 && border_part + part > 1.0;
}

}  // namespace inkmeans
