// Direction features. The gradient of the lightly blurred glyph is shared out between the two nearest of 8 directions,
// each direction's picture is blurred and read at 7 x 7 places, and the square root evens out strong and weak edges.
#include "inkmeans/directions.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace inkmeans {
namespace {

constexpr float kGlyphBlur = 0.7F;  // pixels, standard deviation
constexpr float kPlaceBlur = 2.0F;
constexpr int kPlaceStep = kGlyphSize / kPlaces;

using Picture = std::array<float, kGlyphPixels>;
template <int kOut>
using Weights = std::array<std::array<float, kGlyphSize>, kOut>;

// Rows of normal weights round the points first, first + step, ...; a row's full weight, rim or not, is 1.
template <int kOut>
Weights<kOut> normal_weights(float sigma, int first, int step) {
    Weights<kOut> weights{};
    for (int o = 0; o < kOut; ++o) {
        float total = 0.0F;
        for (int i = -kGlyphSize; i < 2 * kGlyphSize; ++i) {
            const float away = static_cast<float>(i - (first + o * step)) / sigma;
            const float weight = std::abs(away) <= 4.0F ? std::exp(-0.5F * away * away) : 0.0F;
            total += weight;
            if (i >= 0 && i < kGlyphSize) weights[static_cast<std::size_t>(o)][static_cast<std::size_t>(i)] = weight;
        }
        for (float& weight : weights[static_cast<std::size_t>(o)]) weight /= total;
    }
    return weights;
}

// out (kOut x kOut) = weights . picture . weights^T
template <int kOut>
void weigh(const Picture& picture, const Weights<kOut>& weights, float* out) {
    std::array<float, static_cast<std::size_t>(kOut * kGlyphSize)> rows{};
    for (std::size_t o = 0; o < kOut; ++o) {
        for (std::size_t y = 0; y < kGlyphSize; ++y) {
            const float weight = weights[o][y];
            if (weight == 0.0F) continue;
            for (std::size_t x = 0; x < kGlyphSize; ++x)
                rows[o * kGlyphSize + x] += weight * picture[y * kGlyphSize + x];
        }
    }
    for (std::size_t o = 0; o < kOut; ++o) {
        for (std::size_t p = 0; p < kOut; ++p) {
            float sum = 0.0F;
            for (std::size_t x = 0; x < kGlyphSize; ++x) sum += weights[p][x] * rows[o * kGlyphSize + x];
            out[o * kOut + p] = sum;
        }
    }
}

}  // namespace

void direction_features(const std::uint8_t* glyph, float* features) {
    static const Weights<kGlyphSize> kBlur = normal_weights<kGlyphSize>(kGlyphBlur, 0, 1);
    static const Weights<kPlaces> kPlace = normal_weights<kPlaces>(kPlaceBlur, kPlaceStep / 2, kPlaceStep);

    Picture ink;
    for (std::size_t i = 0; i < ink.size(); ++i) ink[i] = static_cast<float>(glyph[i]) / 255.0F;
    Picture smooth;
    weigh<kGlyphSize>(ink, kBlur, smooth.data());

    std::array<Picture, kDirections> edges{};
    for (int y = 1; y + 1 < kGlyphSize; ++y) {
        for (int x = 1; x + 1 < kGlyphSize; ++x) {
            const std::size_t at = static_cast<std::size_t>(y * kGlyphSize + x);
            const float gx = 0.5F * (smooth[at + 1] - smooth[at - 1]);
            const float gy = 0.5F * (smooth[at + kGlyphSize] - smooth[at - kGlyphSize]);
            const float strength = std::sqrt(gx * gx + gy * gy);
            if (strength == 0.0F) continue;
            float turn = std::atan2(gy, gx) * (kDirections / 6.28318530718F);
            if (turn < 0.0F) turn += kDirections;
            const int low = static_cast<int>(turn);
            const float part = turn - static_cast<float>(low);
            edges[static_cast<std::size_t>(low % kDirections)][at] += strength * (1.0F - part);
            edges[static_cast<std::size_t>((low + 1) % kDirections)][at] += strength * part;
        }
    }
    for (std::size_t d = 0; d < kDirections; ++d) weigh<kPlaces>(edges[d], kPlace, features + d * kPlaces * kPlaces);
    for (int i = 0; i < kDirectionFeatures; ++i) features[i] = std::sqrt(std::max(features[i], 0.0F));
}

}  // namespace inkmeans
