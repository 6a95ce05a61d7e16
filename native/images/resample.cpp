#include "images/resample.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace inkmeans {
namespace {

// Weights of a triangle filter for one output pixel: source pixels [first, first + weights.size()). Over all pixels,
// those outside the image too, they add up to 1: even ink stays even whatever the radius.
struct Weights {
    int first = 0;
    std::vector<float> weights;
};

void triangle(double center, double radius, int n, Weights& out) {
    const int first = static_cast<int>(std::floor(center - radius)) + 1;
    const int last = static_cast<int>(std::ceil(center + radius)) - 1;
    out.first = std::max(0, first);
    out.weights.clear();
    double total = 0.0;
    for (int i = first; i <= last; ++i) {
        const double weight = 1.0 - std::abs(i - center) / radius;
        total += weight;
        if (i >= 0 && i < n) out.weights.push_back(static_cast<float>(weight));
    }
    for (float& weight : out.weights) weight = static_cast<float>(weight / total);
}

}  // namespace

void resample(const InkImage& ink, int h, int w, const Frame& frame, float box, GlyphInk& glyph) {
    const double width = std::max(frame.right - frame.left, 1e-3);
    const double height = std::max(frame.bottom - frame.top, 1e-3);
    const double step = std::max(width, height) / box;  // source pixels per glyph pixel
    const double radius = std::max(1.0, step);
    // The center of mass goes to the middle, but no part of the box over the rim.
    const double half = 0.5 * kGlyphSize;
    const double low_x = frame.center_x + (frame.right - frame.center_x) - half * step;
    const double high_x = frame.left + half * step;
    const double middle_x = std::clamp(frame.center_x, std::min(low_x, high_x), std::max(low_x, high_x));
    const double low_y = frame.bottom - half * step;
    const double high_y = frame.top + half * step;
    const double middle_y = std::clamp(frame.center_y, std::min(low_y, high_y), std::max(low_y, high_y));

    // Rows first, each with its own shift; only rows that the glyph can see.
    const double span = half * step + radius + 1.0;
    const int first_row = std::max(0, static_cast<int>(std::floor(middle_y - span)));
    const int last_row = std::min(h - 1, static_cast<int>(std::ceil(middle_y + span)));
    const int n_rows = std::max(0, last_row - first_row + 1);
    std::vector<float> rows(static_cast<std::size_t>(n_rows) * kGlyphSize, 0.0F);
    Weights tap;
    for (int y = first_row; y <= last_row; ++y) {
        const float* source = ink.data() + static_cast<std::size_t>(y) * w;
        float* target = rows.data() + static_cast<std::size_t>(y - first_row) * kGlyphSize;
        const double shift = frame.slant * (y - frame.center_y);
        for (int x = 0; x < kGlyphSize; ++x) {
            triangle(middle_x + shift + (x + 0.5 - half) * step, radius, w, tap);
            float sum = 0.0F;
            for (std::size_t i = 0; i < tap.weights.size(); ++i)
                sum += tap.weights[i] * source[tap.first + static_cast<int>(i)];
            target[x] = sum;
        }
    }
    for (int y = 0; y < kGlyphSize; ++y) {
        triangle(middle_y - first_row + (y + 0.5 - half) * step, radius, n_rows, tap);
        for (int x = 0; x < kGlyphSize; ++x) {
            float sum = 0.0F;
            for (std::size_t i = 0; i < tap.weights.size(); ++i) {
                sum +=
                    tap.weights[i] * rows[static_cast<std::size_t>(tap.first + static_cast<int>(i)) * kGlyphSize + x];
            }
            glyph[static_cast<std::size_t>(y * kGlyphSize + x)] = sum;
        }
    }
}

}  // namespace inkmeans
