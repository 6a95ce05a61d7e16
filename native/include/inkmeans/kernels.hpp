// The inner loops that each instruction set brings: one table of functions for each, grouped by operation. isa/ fills
// the tables entry by entry, by name, and refuses to compile one with an entry left out.
#pragma once

#include <cstddef>
#include <cstdint>

namespace inkmeans {

inline constexpr int kPanel = 16;    // centers side by side in a packed panel; its lanes
inline constexpr int kRowGroup = 6;  // rows that a kernel takes at once
inline constexpr int kQuad = 4;      // columns of bytes taken at once

// Dot products of rows with a panel of centers, or with one center.
struct DotKernels {
    // For rows r < n_rows <= kRowGroup and lanes l: dots[r * kPanel + l] += sum over j < n of rows[r][first + j] *
    // panel[j * kPanel + l]. float32 sums in order of j, fused or not: over a whole row of m values |error| <= gamma(m)
    // * |row| * |center|, gamma(m) = m u / (1 - m u), u = 2^-24 (Higham 2002, section 3.1); the caller allows for it.
    void (*f32)(const float* const* rows, std::size_t first, int n_rows, const float* panel, std::size_t n,
                float* dots);

    // One row times one center, float32 sums in any order, within the same error.
    float (*f32_row)(const float* row, const float* center, std::size_t n);

    // For rows r < n_rows <= kRowGroup and lanes l: dots[r * kPanel + l] = the int32 product of a row of 2 * n_pairs
    // values with a lane. panel: for each pair of values, lane by lane. No sum leaves int32: the caller sees to that.
    // Rows are aligned to 4 bytes.
    void (*i16)(const std::int16_t* const* rows, int n_rows, const std::int16_t* panel, std::size_t n_pairs,
                std::int32_t* dots);

    // The same as float32: dots[r * kPanel + l] = scales[r] * the product; only the conversion and the scale round.
    void (*i16_scaled)(const std::int16_t* const* rows, int n_rows, const std::int16_t* panel, std::size_t n_pairs,
                       const float* scales, float* dots);

    // dots[l] = scale * the int32 product of one row, given by its nonzero quads, with lane l's center. panel: for each
    // quad its first two columns, lane by lane, and then its last two. No sum leaves int32: the caller sees to that.
    // Only the last conversion, to float32, rounds.
    void (*u8)(const std::uint16_t* quads, const std::uint32_t* values, std::size_t n_quads, const std::int16_t* panel,
               float scale, float* dots);

    // One row of bytes times one center, n values each, exact.
    std::int32_t (*u8_row)(const std::uint8_t* row, const std::int16_t* center, std::size_t n);
};

// Rows into the form that products take.
struct PackKernels {
    // quantized[j] = row[j] * scale to the nearest integer, which fits int16; a 0 is added where n is odd.
    void (*quantize_f32)(const float* row, float scale, std::size_t n, std::int16_t* quantized);

    // The quads (4 columns from 4 * quad on; missing columns of the last are 0) of a row that are not all 0, and their
    // 4 bytes, the first column in the lowest bits; returns how many there are. Both outputs have room for kPanel more
    // than all quads.
    std::size_t (*nonzero_quads)(const std::uint8_t* row, std::size_t n, std::uint16_t* quads, std::uint32_t* values);
};

// The two smallest scores of one row among a panel's centers, and the lane of the smallest. On a tie they are equal,
// and the lane is the lowest.
struct TwoSmallest {
    float smallest;
    float second;
    std::int32_t argmin;
};

// What the pruning of pairs of quantized rows a, b compares: see QuantizedRows.
struct PruningTerms {
    const std::int32_t* half_squared_norms;
    const std::int32_t* thresholds;
};

// What is made of the products with a panel.
struct PanelKernels {
    // For rows r < n_rows: found[r] of the scores norms[l] - 2 * dots[r * kPanel + l] over the lanes l.
    void (*two_smallest)(const float* dots, int n_rows, const float* norms, TwoSmallest* found);

    // For rows r < n_rows: bit l of undecided[r] says whether dots[r * kPanel + l] is above either of
    // lanes.half_squared_norms[l] - rows.thresholds[r] and rows.half_squared_norms[r] - lanes.thresholds[l]; no
    // difference leaves int32.
    void (*undecided_lanes)(const std::int32_t* dots, int n_rows, PruningTerms rows, PruningTerms lanes,
                            std::uint16_t* undecided);

    // pooled[l] += max(0, dots[r * kPanel + l] * gains[r] - offsets[l]), r < n_rows in turn; float32, never fused: the
    // same bytes from every instruction set.
    void (*pool_rectified)(const std::int32_t* dots, int n_rows, const float* gains, const float* offsets,
                           float* pooled);
};

// Lower and upper bounds on distances, which tell what need not be looked at.
struct BoundKernels {
    // For lanes l < kPanel: bounds[l] = (sqrt(max(0, square + norms[l] - 2 * dots[l])) + moved[l]) * scale, rounded
    // down; 65534 at most. `square` is the row's squared norm less at least 2^-20 of it: this margin covers all float32
    // rounding on the way, so that bounds[l] is never above the exact value for the row's norm.
    void (*quantize)(const float* dots, const float* norms, const float* moved, float square, float scale,
                     std::uint16_t* bounds);

    // The smallest of bounds[c] - moved[c], or 0 where that is negative; n is a multiple of 16.
    std::uint16_t (*smallest)(const std::uint16_t* bounds, const std::uint16_t* moved, std::size_t n);

    // The indices c < n, in order, whose difference as above is at most limit; returns how many there are. n is a
    // multiple of 16, 2^16 at most; indices has room for n.
    std::size_t (*at_most)(const std::uint16_t* bounds, const std::uint16_t* moved, std::uint16_t limit, std::size_t n,
                           std::uint16_t* indices);

    // The indices of those rows i < n, in order, for which (upper[i] + own_moved[label]) * widen < (lower[i] -
    // others_moved[label]) * narrow does not hold, label = labels[i] < kPanel; returns how many there are. rows has
    // room for kPanel more than n.
    std::size_t (*undecided_rows)(const float* upper, const float* lower, const std::int32_t* labels,
                                  const float* own_moved, const float* others_moved, float widen, float narrow,
                                  std::size_t n, std::uint32_t* rows);
};

// Sums of integers, exact.
struct SumKernels {
    // sum[j] += row[j], or -= where sign is -1.
    void (*add_u8)(const std::uint8_t* row, std::int32_t sign, std::size_t n, std::int32_t* sum);

    // sum[j] += row[j] * scales[j] to the nearest integer, which must lie within 2^51, or -= where sign is -1.
    void (*add_fixed_point)(const float* row, const double* scales, std::int32_t sign, std::size_t n,
                            std::int64_t* sum);

    // The sum of squares of a row of bytes.
    double (*squared_norm_u8)(const std::uint8_t* row, std::size_t n);
};

// Operations on one row in float64, for each type of value.
template <typename Value>
struct RowKernels {
    // sum[j] += weight * (row[j] - shift[j]), float64, never fused: the same bytes from every instruction set.
    void (*add)(const Value* row, const double* shift, double weight, std::size_t n, double* sum);

    // The squared distance, float64, never fused, summed in 8 lanes (j modulo 8) that are added pairwise at the end:
    // the same bytes from every instruction set. Exact for bytes as long as the sum stays below 2^53 and the center is
    // whole.
    double (*squared_distance)(const Value* row, const double* center, std::size_t n);

    // target[j] = row[j] - shift[j], rounded to float32 once.
    void (*to_float32)(const Value* row, const double* shift, std::size_t n, float* target);
};

struct Kernels {
    const char* name;
    DotKernels dot;
    PackKernels pack;
    PanelKernels panel;
    BoundKernels bounds;
    SumKernels sums;
    RowKernels<std::uint8_t> u8;
    RowKernels<float> f32;
    RowKernels<double> f64;
};

extern const Kernels kScalarKernels;
#ifdef INKMEANS_X86
extern const Kernels kAvx2Kernels;
extern const Kernels kAvx512Kernels;
#endif

// The kernels in use: see isa.hpp.
const Kernels& kernels();

// The kernels of one value type.
inline const RowKernels<std::uint8_t>& row_kernels(const Kernels& all, const std::uint8_t*) { return all.u8; }
inline const RowKernels<float>& row_kernels(const Kernels& all, const float*) { return all.f32; }
inline const RowKernels<double>& row_kernels(const Kernels& all, const double*) { return all.f64; }

}  // namespace inkmeans
