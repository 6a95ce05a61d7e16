// The inner loops that each instruction set brings, and the choice between them at run time.
#pragma once

#include <cstddef>
#include <cstdint>

namespace inkmeans {

inline constexpr int kPanel = 16;    // centers side by side in a packed panel
inline constexpr int kRowGroup = 6;  // rows that a kernel takes at once

// The two nearest centers of one row so far, for each of the panel's lanes. A lane's best is its lowest score, the
// earlier center on a tie.
struct RowState {
    alignas(64) float best[kPanel];
    alignas(64) float second[kPanel];
    alignas(64) std::int32_t index[kPanel];
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

    // For rows r < n_rows <= kRowGroup and lanes l: dots[r * kPanel + l] += sum over j < n of rows[r * stride + j] *
    // panel[j * kPanel + l]. float32 sums in order of j, fused or not: over a whole row of m values |error| <= gamma(m)
    // * |row| * |center|, gamma(m) = m u / (1 - m u), u = 2^-24 (Higham 2002, section 3.1); the caller allows for it.
    void (*dot_f32)(const float* rows, std::size_t stride, int n_rows, const float* panel, std::size_t n, float* dots);

    // For rows r < n_rows and lanes l: score = norms[l] - 2 * dots[r * kPanel + l] goes into states[r] as center
    // first_center + l, if it is among the lane's two lowest.
    void (*keep_lowest_f32)(const float* dots, int n_rows, const float* norms, std::int32_t first_center,
                            RowState* states);

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
