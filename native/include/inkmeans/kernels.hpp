// The inner loops that each instruction set brings, and the choice between them at run time.
#pragma once

#include <cstddef>
#include <cstdint>

namespace inkmeans {

inline constexpr int kPanel = 16;    // centers side by side in a packed panel
inline constexpr int kRowGroup = 6;  // rows that a kernel takes at once
inline constexpr int kQuad = 4;      // columns of bytes taken at once

// The two lowest scores of one row among a panel's centers, and the lane of the lowest. On a tie they are equal.
struct Lowest {
    float score;
    float second;
    std::int32_t lane;
};

template <typename Value>
struct RowKernels {
    // sum[j] += weight * (row[j] - shift[j]), float64, never fused: the same bytes from every instruction set.
    void (*add)(const Value* row, const double* shift, double weight, std::size_t n, double* sum);

    // The squared distance, float64, never fused, summed in 8 lanes (j modulo 8) that are added pairwise at the end:
    // the same bytes from every instruction set. Exact for bytes as long as the sum stays below 2^53 and the center is
    // whole.
    double (*squared_distance)(const Value* row, const double* center, std::size_t n);

    // target[j] = row[j] - shift[j], rounded to float32 once; returns the sum of squares of the target, to within one
    // part in a thousand for n < 100,000.
    double (*to_float32)(const Value* row, const double* shift, std::size_t n, float* target);
};

struct Kernels {
    const char* name;

    // For rows r < n_rows <= kRowGroup and lanes l: dots[r * kPanel + l] += sum over j < n of rows[r][first + j] *
    // panel[j * kPanel + l]. float32 sums in order of j, fused or not: over a whole row of m values |error| <= gamma(m)
    // * |row| * |center|, gamma(m) = m u / (1 - m u), u = 2^-24 (Higham 2002, section 3.1); the caller allows for it.
    void (*dot_f32)(const float* const* rows, std::size_t first, int n_rows, const float* panel, std::size_t n,
                    float* dots);

    // The product of one row with one center, float32 sums in any order, within the same error.
    float (*dot_row_f32)(const float* row, const float* center, std::size_t n);

    // For rows r < n_rows <= kRowGroup and lanes l: dots[r * kPanel + l] = the product, in whole numbers, of a row of
    // 2 * n_pairs values with a lane. panel: for each pair of values, lane by lane. No sum leaves int32: the caller
    // sees to that. Rows are aligned to 4 bytes.
    void (*dot_i16)(const std::int16_t* const* rows, int n_rows, const std::int16_t* panel, std::size_t n_pairs,
                    std::int32_t* dots);

    // The same, converted to float32: dots[r * kPanel + l] = steps[r] * the product; only the conversion and the step
    // round.
    void (*dot_i16_steps)(const std::int16_t* const* rows, int n_rows, const std::int16_t* panel, std::size_t n_pairs,
                          const float* steps, float* dots);

    // rounded[j] = row[j] * scale to the nearest whole number, which fits int16; a 0 is added where n is odd.
    void (*round_f32)(const float* row, float scale, std::size_t n, std::int16_t* rounded);

    // For rows r < n_rows: bit l of lanes[r] says whether dots[r * kPanel + l] is above either of lane_halves[l] -
    // row_reaches[r] and row_halves[r] - lane_reaches[l]; no difference leaves int32.
    void (*within_reach)(const std::int32_t* dots, int n_rows, const std::int32_t* row_halves,
                         const std::int32_t* row_reaches, const std::int32_t* lane_halves,
                         const std::int32_t* lane_reaches, std::uint16_t* lanes);

    // pooled[l] += max(0, dots[r * kPanel + l] * gains[r] - offsets[l]), r < n_rows in turn; float32, never fused: the
    // same bytes from every instruction set.
    void (*rectify)(const std::int32_t* dots, int n_rows, const float* gains, const float* offsets, float* pooled);

    // For rows r < n_rows: found[r] of the scores norms[l] - 2 * dots[r * kPanel + l] over the lanes l.
    void (*lowest)(const float* dots, int n_rows, const float* norms, Lowest* found);

    // The quads (4 columns from 4 * quad on; missing columns of the last are 0) of a row that are not all 0, and their
    // 4 bytes, the first column lowest; returns how many there are. Both outputs have room for kPanel more than all
    // quads.
    std::size_t (*quads)(const std::uint8_t* row, std::size_t n, std::uint16_t* quads, std::uint32_t* values);

    // dots[l] = step * the product, in whole numbers, of one row, given by its quads, with lane l's center. panel: for
    // each quad its first two columns, lane by lane, and then its last two. No sum leaves int32: the caller sees to
    // that. Only the last conversion, to float32, rounds.
    void (*dot_u8)(const std::uint16_t* quads, const std::uint32_t* values, std::size_t n_quads,
                   const std::int16_t* panel, float step, float* dots);

    // The product of one row of bytes with one center, n values each.
    std::int32_t (*dot_row_u8)(const std::uint8_t* row, const std::int16_t* center, std::size_t n);

    // sum[j] += row[j], or -= where sign is -1.
    void (*add_whole)(const std::uint8_t* row, std::int32_t sign, std::size_t n, std::int32_t* sum);

    // sum[j] += row[j] * scales[j] rounded to the nearest whole number, which must lie within 2^51, or -=.
    void (*add_fixed)(const float* row, const double* scales, std::int32_t sign, std::size_t n, std::int64_t* sum);

    // The sum of squares of a row of bytes, exact.
    double (*square_u8)(const std::uint8_t* row, std::size_t n);

    // The lowest of bounds[c] - moved[c], or 0 where that is negative; n is a multiple of 16.
    std::uint16_t (*lowest_u16)(const std::uint16_t* bounds, const std::uint16_t* moved, std::size_t n);

    // The numbers of those c < n, in order, whose difference as above is at most limit; returns how many there are. n
    // is a multiple of 16, 2^16 at most.
    std::size_t (*near_u16)(const std::uint16_t* bounds, const std::uint16_t* moved, std::uint16_t limit, std::size_t n,
                            std::uint16_t* near);

    // For lanes l < kPanel: bounds[l] = (sqrt(max(0, square + norms[l] - 2 * dots[l])) + moved[l]) * steps, 65534 at
    // most, and less by more than what float32 rounds on the way as long as square is at least 2^-20 of itself too low.
    void (*bounds_u16)(const float* dots, const float* norms, const float* moved, float square, float steps,
                       std::uint16_t* bounds);

    // The numbers of those rows i < n, in order, for which (upper[i] + own_moved[label]) * widen < (lower[i] -
    // others_moved[label]) * narrow does not hold, label = labels[i] < kPanel; returns how many there are. rows has
    // room for kPanel more than n.
    std::size_t (*open_rows)(const float* upper, const float* lower, const std::int32_t* labels, const float* own_moved,
                             const float* others_moved, float widen, float narrow, std::size_t n, std::uint32_t* rows);

    // The operations on one row, for each type of value.
    RowKernels<std::uint8_t> u8;
    RowKernels<float> f32;
    RowKernels<double> f64;
};

extern const Kernels kScalarKernels;
#ifdef INKMEANS_X86
extern const Kernels kAvx2Kernels;
extern const Kernels kAvx512Kernels;
#endif

// The kernels in use: the best that this processor and system run, or those that INKMEANS_ISA names. Throws
// std::runtime_error, saying what there is, if INKMEANS_ISA names what cannot be had.
const Kernels& kernels();

// The names of all kernels that this machine runs, the plainest first, ended by nullptr.
const char* const* available_kernels();

// The kernels of one value type.
inline const RowKernels<std::uint8_t>& row_kernels(const Kernels& all, const std::uint8_t*) { return all.u8; }
inline const RowKernels<float>& row_kernels(const Kernels& all, const float*) { return all.f32; }
inline const RowKernels<double>& row_kernels(const Kernels& all, const double*) { return all.f64; }

}  // namespace inkmeans
