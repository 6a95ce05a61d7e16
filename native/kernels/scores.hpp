// Centers packed for one assignment, and what a row's scores |c|^2 - 2 x.c may be off by.
//
// With u = 2^-24, |x| and |c| the norms after the shift, and C the largest |c|, a float32 score carries:
//   the float32 sum of n products        2 gamma(n) |x| C
//   x and c rounded to float32           4 u |x| C, and second-order terms
//   |c|^2 rounded, the last subtraction  u C^2 + u (C^2 + 2 |x| C)
// which is less than 2 (1.01 n + 4) u |x| C + 3 u C^2 as long as n u < 0.01. To this is added what is lost where
// float32 underflows (even where something else in the process has set it to flush to 0): at most m = 2^-126 for each
// number that is rounded, products and sums 4 n m, the rest 4 m, x and c themselves 2 sqrt(n) (|x| + C) m; and what a
// float64 decision itself would round, (n + 4) 2^-53 (|x| + C)^2, so that both ways of deciding give the same label.
//
// Floats can be multiplied in whole numbers too, which leaves half as much to read: both rounded to int16, each row in
// steps of its norm / kRoom, centers in steps of 1 / scale. A row of n values then lies within r |x| of what it is
// rounded to, r = 0.51 sqrt(n) / kRoom (the steps, and the float32 product that counts them), and the score carries 2
// |x| (r C + D + r D) more, D as for bytes. Where too many rows are left undecided, float32 products are taken instead.
//
// Bytes are multiplied in whole numbers by centers rounded to steps of 1 / scale. A score then carries 2 |x| D, D being
// the largest norm of what rounding took from a center, instead of the first two lines; the product itself is exact,
// and rounded to float32 once. The scale is the power of two for which centers fit int16 and products fit int32: scale
// |x| |c| < 2^31, for part sums too, which are products of parts of x and c.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <vector>

#include "inkmeans/kernels.hpp"
#include "inkmeans/kmeans.hpp"
#include "inkmeans/parallel.hpp"

namespace inkmeans {

constexpr double kRounding = 1.0 / (1 << 24);
constexpr double kTiny = std::numeric_limits<float>::min();  // 2^-126
constexpr std::size_t kTogether = 8 * kRowGroup;             // rows multiplied with a panel at once
constexpr std::size_t kAhead = 4;                            // rows of bytes
constexpr double kRoom = 32000.0;                            // the norm of a row of int16
constexpr std::size_t kStretch = 256;  // features taken at once: 16 KB of a panel of floats stay in the L1 cache

// Room for n, kept from one block to the next.
template <typename Value>
void grow(std::vector<Value>& values, std::size_t n) {
    if (values.size() < n) values.resize(n);
}

// Asks for memory that is needed soon.
template <typename Value>
void prefetch(const Value* first, const Value* last) {
    constexpr std::size_t kLine = 64 / sizeof(Value);
    for (; first < last; first += kLine) __builtin_prefetch(first);
}

// A bound that grows with the norm of the row.
struct ScoreError {
    double constant;
    double linear;
    double square;

    double operator()(double row_norm) const { return (square * row_norm + linear) * row_norm + constant; }
};

// The shared part: norms of the shifted centers, in panels, infinite for the lanes that fill the last one up.
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
    bool hold() const { return largest < 1e18 && n * kRounding < 0.01; }

    // What a score may be off by, for a row of a given norm, but for the rounding of products and of what they
    // multiply.
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

// Scores of rows of float32 or float64.
template <typename Value>
class FloatScores {
   public:
    // rounds: whether products are those of numbers rounded to int16.
    FloatScores(const double* centers, Shape shape, const double* shift, bool rounds, const Kernels& kernel,
                int n_threads)
        : centers_(centers, shape, shift),
          shape_(shape),
          shift_(shift),
          kernel_(kernel),
          rounds_(rounds),
          n_pairs_((shape.n_features + 1) / 2),
          row_loss_(0.51 * std::sqrt(centers_.n) / kRoom) {
        shifted_ = !std::is_same_v<Value, float>;
        const std::size_t n = shape.n_features;
        for (std::size_t j = 0; j < n && !shifted_; ++j) shifted_ = shift[j] != 0.0;
        if (!centers_.hold()) return;
        rows_.resize(shape.n_clusters * n);
        double largest_value = 0.0;
        for (std::size_t c = 0; c < shape.n_clusters; ++c) {
            for (std::size_t j = 0; j < n; ++j) {
                const double value = centers[c * n + j] - shift[j];
                rows_[c * n + j] = static_cast<float>(value);
                largest_value = std::max(largest_value, std::abs(value));
            }
        }
        if (rounds) {
            round_centers(centers, largest_value, n_threads);
            return;
        }
        panels_.assign(centers_.n_panels * n * kPanel, 0.0F);
        parallel_for(centers_.n_panels, n_threads, [&](std::size_t p) {
            for (std::size_t c = p * kPanel; c < std::min((p + 1) * kPanel, shape.n_clusters); ++c) {
                float* panel = panels_.data() + p * n * kPanel + c % kPanel;
                for (std::size_t j = 0; j < n; ++j) panel[j * kPanel] = rows_[c * n + j];
            }
        });
    }

    // A block of rows as float32, converted where they are not.
    struct Block {
        std::vector<float> converted;
        std::vector<const float*> rows;
    };

    // Rows as products take them.
    struct Packed {
        std::vector<const float*> rows;     // as in a block, which must outlive this, or
        std::vector<std::int16_t> rounded;  // n_rows x 2 n_pairs
        std::vector<float> steps;           // of the rounded rows' products with a center's of step 1

        std::size_t n_bytes() const { return sizeof(std::int16_t) * rounded.size() + sizeof(float) * steps.size(); }
    };

    const CenterNorms& centers() const { return centers_; }

    ScoreError error() const {
        ScoreError error = centers_.error();
        error.linear += 2.0 * (1.01 * centers_.n + 4.0) * kRounding * centers_.largest;
        if (rounds_) {
            error.linear += 2.0 * (row_loss_ * centers_.largest + (1.0 + row_loss_) * lost_) +
                            16.0 * kRounding * (centers_.largest + lost_);
            // A product may be 2^31 steps, and a step may underflow.
            error.constant += 2.0 * kNothing * centers_.largest + 0x1p32 * kTiny;
        }
        return error;
    }

    // Whether packed rows hold for other centers too, and without their block.
    bool can_keep() const { return rounds_; }

    void reserve(Block& block, std::size_t n_rows) const {
        grow(block.rows, n_rows);
        if (shifted_) grow(block.converted, n_rows * shape_.n_features);
    }

    void reserve(Packed& packed, std::size_t n_rows) const {
        if (rounds_) {
            grow(packed.rounded, n_rows * n_pairs_ * 2);
            grow(packed.steps, n_rows);
        } else {
            grow(packed.rows, n_rows);
        }
    }

    void take(const Value* row, std::size_t slot, Block& block) const {
        if constexpr (std::is_same_v<Value, float>) {
            if (!shifted_) {
                block.rows[slot] = row;
                return;
            }
        }
        float* target = block.converted.data() + slot * shape_.n_features;
        row_kernels(kernel_, row).to_float32(row, shift_, shape_.n_features, target);
        block.rows[slot] = target;
    }

    float own(const Value*, std::size_t slot, std::size_t center, const Block& block) const {
        const float* row = rows_.data() + center * shape_.n_features;
        return centers_.norms[center] - 2.0F * kernel_.dot_row_f32(block.rows[slot], row, shape_.n_features);
    }

    // The first rows, without the room left over.
    Packed tight(const Packed& packed, std::size_t n_rows) const {
        const auto n_values = static_cast<std::ptrdiff_t>(n_rows * n_pairs_ * 2);
        return {{},
                {packed.rounded.begin(), packed.rounded.begin() + n_values},
                {packed.steps.begin(), packed.steps.begin() + static_cast<std::ptrdiff_t>(n_rows)}};
    }

    // Packs one row of a block, in order of the slots. norm: of the row, and no less; a row smaller than any step is
    // taken as 0.
    void pack(const Value*, float norm, std::size_t slot, const Block& block, Packed& packed) const {
        if (!rounds_) {
            packed.rows[slot] = block.rows[slot];
            return;
        }
        const float scale = norm > kNothing ? static_cast<float>(kRoom) / norm : 0.0F;
        kernel_.round_f32(block.rows[slot], scale, shape_.n_features, packed.rounded.data() + slot * n_pairs_ * 2);
        packed.steps[slot] = norm;
    }

    // dots (out, n_slots x kPanel): the products of the rows in the slots, kTogether at most, with the panel's centers.
    void products(std::size_t p, const std::uint32_t* slots, std::size_t n_slots, const Packed& packed,
                  float* dots) const {
        if (rounds_) {
            rounded_products(p, slots, n_slots, packed, dots);
            return;
        }
        const std::size_t n = shape_.n_features;
        const float* panel = panels_.data() + p * n * kPanel;
        const float* rows[kTogether];
        for (std::size_t i = 0; i < n_slots; ++i) rows[i] = packed.rows[slots[i]];
        std::fill_n(dots, n_slots * kPanel, 0.0F);
        for (std::size_t j = 0; j < n; j += kStretch) {
            for (std::size_t i = 0; i < n_slots; i += kRowGroup) {
                kernel_.dot_f32(rows + i, j, static_cast<int>(std::min<std::size_t>(kRowGroup, n_slots - i)),
                                panel + j * kPanel, std::min(kStretch, n - j), dots + i * kPanel);
            }
        }
    }

   private:
    static constexpr float kNothing = 1e-30F;

    void round_centers(const double* centers, double largest_value, int n_threads) {
        const std::size_t n = shape_.n_features;
        // Rounded values fit int16, and products of rounded rows and centers, part sums too, fit int32.
        const double room = 2147000000.0 / (kRoom * (1.0 + row_loss_)) - 0.51 * std::sqrt(centers_.n);
        double scale = std::min(32766.0 / largest_value, room / centers_.largest);
        if (!(scale < 1e30)) scale = 1e30;
        step_ = static_cast<float>(1.0 / (kRoom * scale));
        rounded_panels_.assign(centers_.n_panels * n_pairs_ * 2 * kPanel, 0);
        std::vector<double> lost(shape_.n_clusters, 0.0);
        parallel_for(centers_.n_panels, n_threads, [&](std::size_t p) {
            for (std::size_t c = p * kPanel; c < std::min((p + 1) * kPanel, shape_.n_clusters); ++c) {
                std::int16_t* panel = rounded_panels_.data() + p * n_pairs_ * 2 * kPanel + c % kPanel * 2;
                for (std::size_t j = 0; j < n; ++j) {
                    const double value = (centers[c * n + j] - shift_[j]) * scale;
                    const double rounded = (value + 0x1.8p52) - 0x1.8p52;  // to the nearest whole number
                    lost[c] += (value - rounded) * (value - rounded);
                    panel[j / 2 * 2 * kPanel + j % 2] = static_cast<std::int16_t>(rounded);
                }
            }
        });
        lost_ = std::sqrt(*std::max_element(lost.begin(), lost.end())) / scale * 1.0001;
    }

    void rounded_products(std::size_t p, const std::uint32_t* slots, std::size_t n_slots, const Packed& packed,
                          float* dots) const {
        const std::int16_t* panel = rounded_panels_.data() + p * n_pairs_ * 2 * kPanel;
        for (std::size_t i = 0; i < n_slots; i += kRowGroup) {
            const std::size_t n_group = std::min<std::size_t>(kRowGroup, n_slots - i);
            for (std::size_t r = i + kRowGroup; r < std::min<std::size_t>(i + 2 * kRowGroup, n_slots); ++r) {
                const std::int16_t* next = packed.rounded.data() + slots[r] * n_pairs_ * 2;
                prefetch(next, next + n_pairs_ * 2);
            }
            const std::int16_t* rows[kRowGroup];
            float steps[kRowGroup];
            for (std::size_t r = 0; r < n_group; ++r) {
                rows[r] = packed.rounded.data() + slots[i + r] * n_pairs_ * 2;
                steps[r] = packed.steps[slots[i + r]] * step_;
            }
            kernel_.dot_i16_steps(rows, static_cast<int>(n_group), panel, n_pairs_, steps, dots + i * kPanel);
        }
    }

    CenterNorms centers_;
    Shape shape_;
    const double* shift_;
    const Kernels& kernel_;
    bool rounds_;
    bool shifted_;
    std::size_t n_pairs_;
    double row_loss_;                           // of a row of norm 1, by rounding
    double lost_ = 0.0;                         // by rounding the centers
    float step_ = 0.0F;                         // of the products of a row of norm 1
    std::vector<float> panels_;                 // n_panels x n_features x kPanel
    std::vector<std::int16_t> rounded_panels_;  // n_panels x n_pairs x kPanel x 2
    std::vector<float> rows_;                   // n_clusters x n_features
};

// Scores of rows of bytes without a shift.
class ByteScores {
   public:
    ByteScores(const double* centers, Shape shape, double largest_row, const Kernels& kernel, int n_threads)
        : centers_(centers, shape, nullptr), shape_(shape), kernel_(kernel) {
        const std::size_t n = shape.n_features;
        n_quads_ = (n + kQuad - 1) / kQuad;
        if (!centers_.hold()) return;
        double largest_value = 0.0;
        for (std::size_t i = 0; i < shape.n_clusters * n; ++i) {
            largest_value = std::max(largest_value, std::abs(centers[i]));
        }
        double scale = 1 << 14;
        while (largest_value * scale > 32766.0 ||
               largest_row * (centers_.largest * scale + 0.5 * std::sqrt(centers_.n)) > 2147483000.0) {
            scale /= 2;
        }
        step_ = static_cast<float>(1.0 / scale);
        panels_.assign(centers_.n_panels * n_quads_ * kQuad * kPanel, 0);
        rows_.resize(shape.n_clusters * n);
        std::vector<double> lost(shape.n_clusters, 0.0);
        parallel_for(centers_.n_panels, n_threads, [&](std::size_t p) {
            for (std::size_t c = p * kPanel; c < std::min((p + 1) * kPanel, shape.n_clusters); ++c) {
                std::int16_t* panel = panels_.data() + p * n_quads_ * kQuad * kPanel + c % kPanel * 2;
                for (std::size_t j = 0; j < n; ++j) {
                    const double value = centers[c * n + j] * scale;
                    const double rounded = (value + 0x1.8p52) - 0x1.8p52;  // to the nearest whole number
                    lost[c] += (value - rounded) * (value - rounded);
                    panel[j / 2 * 2 * kPanel + j % 2] = rows_[c * n + j] = static_cast<std::int16_t>(rounded);
                }
            }
        });
        lost_ = std::sqrt(*std::max_element(lost.begin(), lost.end())) / scale * 1.0001;
    }

    struct Block {};  // rows are used as they are

    // The quads of rows, one row after the other.
    struct Packed {
        std::vector<std::uint16_t> quads;
        std::vector<std::uint32_t> values;
        std::vector<std::uint32_t> firsts;  // the first quad of each row, and the end

        std::size_t n_bytes() const {
            return quads.size() * (sizeof(std::uint16_t) + sizeof(std::uint32_t)) +
                   firsts.size() * sizeof(std::uint32_t);
        }
    };

    const CenterNorms& centers() const { return centers_; }

    ScoreError error() const {
        ScoreError error = centers_.error();
        error.linear += 2.0 * lost_ + 4.0 * kRounding * (centers_.largest + lost_);
        return error;
    }

    bool can_keep() const { return true; }

    void reserve(Block&, std::size_t) const {}

    void reserve(Packed& packed, std::size_t n_rows) const {
        grow(packed.quads, n_rows * n_quads_ + kPanel);
        grow(packed.values, n_rows * n_quads_ + kPanel);
        grow(packed.firsts, n_rows + 1);
    }

    void take(const std::uint8_t*, std::size_t, Block&) const {}

    float own(const std::uint8_t* row, std::size_t, std::size_t center, const Block&) const {
        return centers_.norms[center] - 2.0F * (static_cast<float>(dot(row, center)) * step_);
    }

    // A value of a center as it was rounded.
    double rounded(std::size_t center, std::size_t feature) const {
        return static_cast<double>(rows_[center * shape_.n_features + feature]) * static_cast<double>(step_);
    }

    // True if rounding took nothing from the centers, so that `product` is exact.
    bool is_exact() const { return lost_ == 0.0; }
    double product(const std::uint8_t* row, std::size_t center) const {
        return static_cast<double>(dot(row, center)) * static_cast<double>(step_);
    }

    Packed tight(const Packed& packed, std::size_t n_rows) const {
        const auto n = static_cast<std::ptrdiff_t>(packed.firsts[n_rows]);
        return {{packed.quads.begin(), packed.quads.begin() + n},
                {packed.values.begin(), packed.values.begin() + n},
                {packed.firsts.begin(), packed.firsts.begin() + static_cast<std::ptrdiff_t>(n_rows) + 1}};
    }

    void pack(const std::uint8_t* row, float, std::size_t slot, const Block&, Packed& packed) const {
        const std::uint32_t first = packed.firsts[slot];
        const std::size_t count =
            kernel_.quads(row, shape_.n_features, packed.quads.data() + first, packed.values.data() + first);
        packed.firsts[slot + 1] = first + static_cast<std::uint32_t>(count);
    }

    void products(std::size_t p, const std::uint32_t* slots, std::size_t n_slots, const Packed& packed,
                  float* dots) const {
        const std::int16_t* panel = panels_.data() + p * n_quads_ * kQuad * kPanel;
        for (std::size_t i = 0; i < n_slots; ++i) {
            if (i + kAhead < n_slots) {
                const std::uint32_t next = packed.firsts[slots[i + kAhead]];
                const std::uint32_t end = packed.firsts[slots[i + kAhead] + 1];
                prefetch(packed.quads.data() + next, packed.quads.data() + end);
                prefetch(packed.values.data() + next, packed.values.data() + end);
            }
            const std::uint32_t first = packed.firsts[slots[i]];
            kernel_.dot_u8(packed.quads.data() + first, packed.values.data() + first,
                           packed.firsts[slots[i] + 1] - first, panel, step_, dots + i * kPanel);
        }
    }

   private:
    std::int32_t dot(const std::uint8_t* row, std::size_t center) const {
        return kernel_.dot_row_u8(row, rows_.data() + center * shape_.n_features, shape_.n_features);
    }

    CenterNorms centers_;
    Shape shape_;
    const Kernels& kernel_;
    std::size_t n_quads_;
    float step_;
    double lost_ = 0.0;
    std::vector<std::int16_t> panels_;  // n_panels x n_quads x (2 columns of each lane, 2 more of each lane)
    std::vector<std::int16_t> rows_;    // n_clusters x n_features
};

template <typename Value>
struct ScoresOf {
    using Type = FloatScores<Value>;
};
template <>
struct ScoresOf<std::uint8_t> {
    using Type = ByteScores;
};

// The scores of rows of one type; largest_row is the largest of their norms; rounds: see FloatScores.
template <typename Value>
typename ScoresOf<Value>::Type make_scores(const double* centers, Shape shape, const double* shift, double largest_row,
                                           bool rounds, const Kernels& kernel, int n_threads) {
    if constexpr (std::is_same_v<Value, std::uint8_t>) {
        return {centers, shape, largest_row, kernel, n_threads};
    } else {
        return {centers, shape, shift, rounds, kernel, n_threads};
    }
}

// The least float32 numbers that are surely above a value, but for a few parts in 2^22.
inline float up(double value) {
    const auto rounded = static_cast<float>(value);
    const float size = std::min(std::abs(rounded), std::numeric_limits<float>::max());  // infinite ones stay
    return rounded + (size * 0x1p-22F + std::numeric_limits<float>::min());
}

inline float down(double value) { return -up(-value); }

// The norms of the shifted rows, rounded up, and the largest of them.
struct RowNorms {
    template <typename Value>
    RowNorms(const Value* X, Shape shape, const double* shift, int n_threads) : of(shape.n_samples) {
        if constexpr (std::is_same_v<Value, std::uint8_t>) squares.resize(shape.n_samples);
        constexpr std::size_t kBlock = 256;
        const Kernels& kernel = kernels();
        parallel_for((shape.n_samples + kBlock - 1) / kBlock, n_threads, [&](std::size_t b) {
            for (std::size_t i = b * kBlock; i < std::min((b + 1) * kBlock, shape.n_samples); ++i) {
                const Value* row = X + i * shape.n_features;
                double square;
                if constexpr (std::is_same_v<Value, std::uint8_t>) {
                    square = squares[i] = kernel.square_u8(row, shape.n_features);
                } else {
                    square = row_kernels(kernel, row).squared_distance(row, shift, shape.n_features);
                }
                of[i] = up(std::sqrt(square));
            }
        });
        for (const float norm : of) largest = std::max(largest, norm);
    }

    std::vector<float> of;
    float largest = 0.0F;
    std::vector<double> squares;  // of the norms of rows of bytes, exact
};

// Bounds on a squared distance from a score and the row's norm, which is at most 4 parts in 2^23 too high.
inline double square_above(float score, float norm, double error) {
    const double square = static_cast<double>(norm) * norm;
    return std::max(square + score + error, 0.0);
}

inline double square_below(float score, float norm, double error) {
    const double square = static_cast<double>(norm) * norm;
    return std::max(square * (1.0 - 16.0 * kRounding) + score - error, 0.0);
}

}  // namespace inkmeans
