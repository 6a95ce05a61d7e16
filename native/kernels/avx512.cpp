// AVX-512: 6 rows x 16 centers; a panel is one register wide.
#include <immintrin.h>

#include "inkmeans/kernels.hpp"

namespace inkmeans {
namespace {

template <int kRows>
void dot_rows(const float* rows, std::size_t stride, const float* panel, std::size_t n, float* dots) {
    __m512 sums[kRows];
#pragma GCC unroll 6  // keeps the sums in registers
    for (int r = 0; r < kRows; ++r) sums[r] = _mm512_loadu_ps(dots + r * kPanel);
    for (std::size_t j = 0; j < n; ++j) {
        const __m512 centers = _mm512_loadu_ps(panel + j * kPanel);
#pragma GCC unroll 6  // keeps the sums in registers
        for (int r = 0; r < kRows; ++r) {
            const __m512 value = _mm512_set1_ps(rows[static_cast<std::size_t>(r) * stride + j]);
            sums[r] = _mm512_fmadd_ps(value, centers, sums[r]);
        }
    }
#pragma GCC unroll 6  // keeps the sums in registers
    for (int r = 0; r < kRows; ++r) _mm512_storeu_ps(dots + r * kPanel, sums[r]);
}

void dot_f32(const float* rows, std::size_t stride, int n_rows, const float* panel, std::size_t n, float* dots) {
    switch (n_rows) {
        case 6: return dot_rows<6>(rows, stride, panel, n, dots);
        case 5: return dot_rows<5>(rows, stride, panel, n, dots);
        case 4: return dot_rows<4>(rows, stride, panel, n, dots);
        case 3: return dot_rows<3>(rows, stride, panel, n, dots);
        case 2: return dot_rows<2>(rows, stride, panel, n, dots);
        default: return dot_rows<1>(rows, stride, panel, n, dots);
    }
}

void keep_lowest_f32(const float* dots, int n_rows, const float* norms, std::int32_t first_center, RowState* states) {
    const __m512i lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const __m512i centers = _mm512_add_epi32(_mm512_set1_epi32(first_center), lanes);
    for (int r = 0; r < n_rows; ++r) {
        RowState& state = states[r];
        const __m512 dot = _mm512_loadu_ps(dots + r * kPanel);
        const __m512 score = _mm512_fnmadd_ps(_mm512_set1_ps(2.0F), dot, _mm512_loadu_ps(norms));
        const __m512 best = _mm512_load_ps(state.best);
        const __m512 second = _mm512_load_ps(state.second);
        const __mmask16 lower = _mm512_cmp_ps_mask(score, best, _CMP_LT_OQ);
        _mm512_store_ps(state.second, _mm512_min_ps(second, _mm512_max_ps(score, best)));
        _mm512_store_ps(state.best, _mm512_min_ps(score, best));
        _mm512_mask_store_epi32(state.index, lower, centers);
    }
}

inline __m512d load8(const double* values) { return _mm512_loadu_pd(values); }
inline __m512d load8(const float* values) { return _mm512_cvtps_pd(_mm256_loadu_ps(values)); }
inline __m512d load8(const std::uint8_t* values) {
    return _mm512_cvtepi32_pd(_mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(values))));
}

template <typename Value>
void add(const Value* row, const double* shift, double weight, std::size_t n, double* sum) {
    const __m512d weights = _mm512_set1_pd(weight);
    std::size_t j = 0;
    for (; j + 8 <= n; j += 8) {
        const __m512d value = _mm512_sub_pd(load8(row + j), _mm512_loadu_pd(shift + j));
        _mm512_storeu_pd(sum + j, _mm512_add_pd(_mm512_loadu_pd(sum + j), _mm512_mul_pd(weights, value)));
    }
    for (; j < n; ++j) sum[j] += weight * (static_cast<double>(row[j]) - shift[j]);
}

template <typename Value>
double squared_distance(const Value* row, const double* center, std::size_t n) {
    __m512d sums = _mm512_setzero_pd();
    std::size_t j = 0;
    for (; j + 8 <= n; j += 8) {
        const __m512d difference = _mm512_sub_pd(load8(row + j), _mm512_loadu_pd(center + j));
        sums = _mm512_add_pd(sums, _mm512_mul_pd(difference, difference));
    }
    alignas(64) double lanes[8];
    _mm512_store_pd(lanes, sums);
    for (; j < n; ++j) {
        const double difference = static_cast<double>(row[j]) - center[j];
        lanes[j % 8] += difference * difference;
    }
    for (std::size_t l = 0; l < 4; ++l) lanes[l] += lanes[l + 4];
    return (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]);
}

template <typename Value>
double to_float32(const Value* row, const double* shift, std::size_t n, float* target) {
    __m256 squares = _mm256_setzero_ps();
    std::size_t j = 0;
    for (; j + 8 <= n; j += 8) {
        const __m256 value = _mm512_cvtpd_ps(_mm512_sub_pd(load8(row + j), _mm512_loadu_pd(shift + j)));
        _mm256_storeu_ps(target + j, value);
        squares = _mm256_fmadd_ps(value, value, squares);
    }
    alignas(32) float lanes[8];
    _mm256_store_ps(lanes, squares);
    double sum = 0.0;
    for (const float lane : lanes) sum += lane;
    for (; j < n; ++j) {
        target[j] = static_cast<float>(static_cast<double>(row[j]) - shift[j]);
        sum += static_cast<double>(target[j]) * target[j];
    }
    return sum;
}

template <typename Value>
constexpr RowKernels<Value> kRow = {add<Value>, squared_distance<Value>, to_float32<Value>};

}  // namespace

const Kernels kAvx512Kernels = {"avx512", dot_f32, keep_lowest_f32, kRow<std::uint8_t>, kRow<float>, kRow<double>};

}  // namespace inkmeans
