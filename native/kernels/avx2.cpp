// AVX2 + FMA: 6 rows x 16 centers stay in 12 registers of 8 floats while the features stream by.
#include <immintrin.h>

#include "inkmeans/kernels.hpp"

namespace inkmeans {
namespace {

template <int kRows>
void dot_rows(const float* rows, std::size_t stride, const float* panel, std::size_t n, float* dots) {
    __m256 low[kRows];
    __m256 high[kRows];
#pragma GCC unroll 6  // keeps the sums in registers
    for (int r = 0; r < kRows; ++r) {
        low[r] = _mm256_loadu_ps(dots + r * kPanel);
        high[r] = _mm256_loadu_ps(dots + r * kPanel + 8);
    }
    for (std::size_t j = 0; j < n; ++j) {
        const __m256 centers_low = _mm256_loadu_ps(panel + j * kPanel);
        const __m256 centers_high = _mm256_loadu_ps(panel + j * kPanel + 8);
#pragma GCC unroll 6  // keeps the sums in registers
        for (int r = 0; r < kRows; ++r) {
            const __m256 value = _mm256_broadcast_ss(rows + static_cast<std::size_t>(r) * stride + j);
            low[r] = _mm256_fmadd_ps(value, centers_low, low[r]);
            high[r] = _mm256_fmadd_ps(value, centers_high, high[r]);
        }
    }
#pragma GCC unroll 6  // keeps the sums in registers
    for (int r = 0; r < kRows; ++r) {
        _mm256_storeu_ps(dots + r * kPanel, low[r]);
        _mm256_storeu_ps(dots + r * kPanel + 8, high[r]);
    }
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
    const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    for (int r = 0; r < n_rows; ++r) {
        for (int l = 0; l < kPanel; l += 8) {
            RowState& state = states[r];
            const __m256 dot = _mm256_loadu_ps(dots + r * kPanel + l);
            const __m256 score = _mm256_fnmadd_ps(_mm256_set1_ps(2.0F), dot, _mm256_loadu_ps(norms + l));
            const __m256 best = _mm256_load_ps(state.best + l);
            const __m256 second = _mm256_load_ps(state.second + l);
            const __m256 lower = _mm256_cmp_ps(score, best, _CMP_LT_OQ);
            _mm256_store_ps(state.second + l, _mm256_min_ps(second, _mm256_max_ps(score, best)));
            _mm256_store_ps(state.best + l, _mm256_min_ps(score, best));
            auto* index = reinterpret_cast<__m256i*>(state.index + l);
            const __m256i centers = _mm256_add_epi32(_mm256_set1_epi32(first_center + l), lanes);
            _mm256_store_si256(index,
                               _mm256_blendv_epi8(_mm256_load_si256(index), centers, _mm256_castps_si256(lower)));
        }
    }
}

inline __m256d load4(const double* values) { return _mm256_loadu_pd(values); }
inline __m256d load4(const float* values) { return _mm256_cvtps_pd(_mm_loadu_ps(values)); }
inline __m256d load4(const std::uint8_t* values) {
    std::int32_t four;
    __builtin_memcpy(&four, values, sizeof four);
    return _mm256_cvtepi32_pd(_mm_cvtepu8_epi32(_mm_cvtsi32_si128(four)));
}

template <typename Value>
void add(const Value* row, const double* shift, double weight, std::size_t n, double* sum) {
    const __m256d weights = _mm256_set1_pd(weight);
    std::size_t j = 0;
    for (; j + 4 <= n; j += 4) {
        const __m256d value = _mm256_sub_pd(load4(row + j), _mm256_loadu_pd(shift + j));
        _mm256_storeu_pd(sum + j, _mm256_add_pd(_mm256_loadu_pd(sum + j), _mm256_mul_pd(weights, value)));
    }
    for (; j < n; ++j) sum[j] += weight * (static_cast<double>(row[j]) - shift[j]);
}

template <typename Value>
double squared_distance(const Value* row, const double* center, std::size_t n) {
    __m256d low = _mm256_setzero_pd();   // lanes 0 to 3
    __m256d high = _mm256_setzero_pd();  // lanes 4 to 7
    std::size_t j = 0;
    for (; j + 8 <= n; j += 8) {
        const __m256d first = _mm256_sub_pd(load4(row + j), _mm256_loadu_pd(center + j));
        const __m256d second = _mm256_sub_pd(load4(row + j + 4), _mm256_loadu_pd(center + j + 4));
        low = _mm256_add_pd(low, _mm256_mul_pd(first, first));
        high = _mm256_add_pd(high, _mm256_mul_pd(second, second));
    }
    alignas(32) double lanes[8];
    _mm256_store_pd(lanes, low);
    _mm256_store_pd(lanes + 4, high);
    for (; j < n; ++j) {
        const double difference = static_cast<double>(row[j]) - center[j];
        lanes[j % 8] += difference * difference;
    }
    for (std::size_t l = 0; l < 4; ++l) lanes[l] += lanes[l + 4];
    return (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]);
}

template <typename Value>
double to_float32(const Value* row, const double* shift, std::size_t n, float* target) {
    __m128 squares = _mm_setzero_ps();
    std::size_t j = 0;
    for (; j + 4 <= n; j += 4) {
        const __m128 value = _mm256_cvtpd_ps(_mm256_sub_pd(load4(row + j), _mm256_loadu_pd(shift + j)));
        _mm_storeu_ps(target + j, value);
        squares = _mm_fmadd_ps(value, value, squares);
    }
    alignas(16) float lanes[4];
    _mm_store_ps(lanes, squares);
    double sum = (static_cast<double>(lanes[0]) + lanes[1]) + (static_cast<double>(lanes[2]) + lanes[3]);
    for (; j < n; ++j) {
        target[j] = static_cast<float>(static_cast<double>(row[j]) - shift[j]);
        sum += static_cast<double>(target[j]) * target[j];
    }
    return sum;
}

template <typename Value>
constexpr RowKernels<Value> kRow = {add<Value>, squared_distance<Value>, to_float32<Value>};

}  // namespace

const Kernels kAvx2Kernels = {"avx2", dot_f32, keep_lowest_f32, kRow<std::uint8_t>, kRow<float>, kRow<double>};

}  // namespace inkmeans
