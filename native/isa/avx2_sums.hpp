// AVX2: sums of integers, and operations on one row in float64.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "inkmeans/kernels.hpp"
#include "isa/tails.hpp"

namespace inkmeans {
namespace {  // internal linkage: see tails.hpp

void add_u8(const std::uint8_t* row, std::int32_t sign, std::size_t n, std::int32_t* sum) {
    const __m256i signs = _mm256_set1_epi32(sign);
    std::size_t j = 0;
    for (; j + 8 <= n; j += 8) {
        const __m256i values = _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(row + j)));
        auto* eight = reinterpret_cast<__m256i*>(sum + j);
        _mm256_storeu_si256(eight, _mm256_add_epi32(_mm256_loadu_si256(eight), _mm256_sign_epi32(values, signs)));
    }
    add_u8_tail(row, sign, j, n, sum);
}

void add_fixed_point(const float* row, const double* scales, std::int32_t sign, std::size_t n, std::int64_t* sum) {
    const __m256d magic =
        _mm256_set1_pd(0x1.8p52);  // added to a number it leaves its nearest whole one in the low bits
    const __m256i offset = _mm256_castpd_si256(magic);
    std::size_t j = 0;
    for (; j + 4 <= n; j += 4) {
        const __m256d value = _mm256_mul_pd(_mm256_cvtps_pd(_mm_loadu_ps(row + j)), _mm256_loadu_pd(scales + j));
        const __m256i whole = _mm256_sub_epi64(_mm256_castpd_si256(_mm256_add_pd(value, magic)), offset);
        auto* four = reinterpret_cast<__m256i*>(sum + j);
        const __m256i before = _mm256_loadu_si256(four);
        _mm256_storeu_si256(four, sign < 0 ? _mm256_sub_epi64(before, whole) : _mm256_add_epi64(before, whole));
    }
    add_fixed_point_tail(row, scales, sign, j, n, sum);
}

double squared_norm_u8(const std::uint8_t* row, std::size_t n) {
    constexpr std::size_t kChunk = 1 << 16;  // columns: the sums of their squares fit int32
    double sum = 0.0;
    for (std::size_t first = 0; first < n; first += kChunk) {
        const std::size_t last = min_of_two(first + kChunk, n);
        __m256i sums = _mm256_setzero_si256();
        std::size_t j = first;
        for (; j + 16 <= last; j += 16) {
            const __m256i values = _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(row + j)));
            sums = _mm256_add_epi32(sums, _mm256_madd_epi16(values, values));
        }
        alignas(32) std::int32_t lanes[8];
        _mm256_store_si256(reinterpret_cast<__m256i*>(lanes), sums);
        for (const std::int32_t lane : lanes) sum += lane;
        sum += squared_norm_u8_tail(row, j, last);
    }
    return sum;
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
    add_tail(row, shift, weight, j, n, sum);
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
    return squared_distance_tail(row, center, j, n, lanes);
}

template <typename Value>
void to_float32(const Value* row, const double* shift, std::size_t n, float* target) {
    std::size_t j = 0;
    for (; j + 4 <= n; j += 4) {
        _mm_storeu_ps(target + j, _mm256_cvtpd_ps(_mm256_sub_pd(load4(row + j), _mm256_loadu_pd(shift + j))));
    }
    to_float32_tail(row, shift, j, n, target);
}

// All of different types: none can be taken for another.
template <typename Value>
constexpr RowKernels<Value> kRow = {add<Value>, squared_distance<Value>, to_float32<Value>};

}  // namespace
}  // namespace inkmeans
