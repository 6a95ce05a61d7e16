// Scores and their error bounds.
//
// A row's score for a center, |c|^2 - 2 x.c, is the squared distance less |x|^2: the same order, and one product a
// pair. With u = 2^-24, |x| and |c| the norms after the shift, and C the largest |c|, a float32 score carries:
//   the float32 sum of n products        2 gamma(n) |x| C, gamma(n) = n u / (1 - n u) (Higham 2002, section 3.1)
//   x and c rounded to float32           4 u |x| C, and second-order terms
//   |c|^2 rounded, the last subtraction  u C^2 + u (C^2 + 2 |x| C)
// which is less than 2 (1.01 n + 4) u |x| C + 3 u C^2 as long as n u < 0.01. To this is added what is lost where
// float32 underflows (even where something else in the process has set it to flush to 0): at most m = 2^-126 for each
// number that is rounded, products and sums 4 n m, the rest 4 m, x and c themselves 2 sqrt(n) (|x| + C) m; and the
// rounding of a float64 decision itself, (n + 4) 2^-53 (|x| + C)^2, so that both ways of deciding give the same label.
//
// Float rows quantized. Products of int16 are half as much to read: each row is quantized with the scale kQuantizedNorm
// / |x|, centers with one scale for all. A row of n values then has a quantization error of at most r |x|, r = 0.51
// sqrt(n) / kQuantizedNorm (rounding, and the float32 product before it), and the score carries 2 |x| (r C + D + r D)
// more, D the largest norm of a center's quantization error. Where too many rows are left undecided, float32 products
// are taken instead.
//
// Byte rows. Bytes are multiplied with quantized centers in int32, without error. A score then carries 2 |x| D instead
// of the first two lines; the product is rounded to float32 once. The scale is the largest power of two for which
// centers fit int16 and products fit int32: scale |x| |c| < 2^31, for partial sums too, which are products of parts of
// x and c.
//
// A row whose two smallest scores lie closer than twice the bound is undecided: it is decided in float64, ties to the
// lowest index.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "inkmeans/kernels.hpp"
#include "inkmeans/kmeans.hpp"
#include "rows/rounding.hpp"

namespace inkmeans {

// A bound on a score's error, a polynomial in the norm of the row.
struct ScoreError {
    double constant;
    double linear;
    double square;

    double operator()(double row_norm) const { return (square * row_norm + linear) * row_norm + constant; }
};

// The squared norms of the shifted centers, in panels; infinite for the lanes that fill up the last one.
struct CenterNorms {
    // shift may be null.
    CenterNorms(const double* centers, Shape shape, const double* shift)
        : n(static_cast<double>(shape.n_features)), n_panels((shape.n_clusters + kPanel - 1) / kPanel) {
        norms.assign(n_panels * kPanel, std::numeric_limits<float>::infinity());
        for (std::size_t c = 0; c < shape.n_clusters; ++c) {
            double norm = 0.0;
            for (std::size_t j = 0; j < shape.n_features; ++j) {
                const double value = centers[c * shape.n_features + j] - (shift != nullptr ? shift[j] : 0.0);
                norm += value * value;
            }
            norms[c] = static_cast<float>(norm);
            if (!(norm <= largest)) largest = norm;  // one that is not a number stays
        }
        largest = std::sqrt(largest);
    }

    // Beyond these sizes float32 would overflow or the bound would not hold: every row is decided in float64.
    bool is_valid() const { return largest < 1e18 && n * kRounding < 0.01; }

    // The part of the bound that does not come from products and their factors.
    ScoreError error() const {
        const double decision = (n + 4.0) * 0x1p-53;
        const double underflow = 2.0 * std::sqrt(n) * kTiny;
        return {(3.0 * kRounding + decision) * largest * largest + (4.0 * n + 4.0) * kTiny + underflow * largest,
                2.0 * decision * largest + underflow, decision};
    }

    double n;
    std::size_t n_panels;
    std::vector<float> norms;
    double largest = 0.0;
};

// Bounds on a squared distance from a score and the row's norm, which is at most 4 parts in 2^23 too large.
inline double square_above(float score, float norm, double error) {
    const double square = static_cast<double>(norm) * norm;
    return std::max(square + score + error, 0.0);
}

inline double square_below(float score, float norm, double error) {
    const double square = static_cast<double>(norm) * norm;
    return std::max(square * (1.0 - 16.0 * kRounding) + score - error, 0.0);
}

}  // namespace inkmeans
