// AVX-512: sums of integers, and operations on one row in float64.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "inkmeans/kernels.hpp"
#include "isa/tails.hpp"

namespace inkmeans {
namespace {  // internal linkage: see tails.hpp

void add_u8(const std::uint8_t* row, std::int32_t sign, std::size_t n, std::int32_t* sum) {
    const __m512i signs = _mm512_set1_epi32(sign);
    std::size_t j = 0;
    for (; j + 16 <= n; j += 16) {
        const __m512i values = _mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(row + j)));
        const __m512i sums = _mm512_loadu_si512(sum + j);
        _mm512_storeu_si512(sum + j, _mm512_add_epi32(sums, _mm512_mullo_epi32(values, signs)));
    }
    add_u8_tail(row, sign, j, n, sum);
}

void add_fixed_point(const float* row, const double* scales, std::int32_t sign, std::size_t n, std::int64_t* sum) {
    std::size_t j = 0;
    for (; j + 8 <= n; j += 8) {
        const __m512d value = _mm512_mul_pd(_mm512_cvtps_pd(_mm256_loadu_ps(row + j)), _mm512_loadu_pd(scales + j));
        const __m512i whole = _mm512_cvtpd_epi64(value);
        const __m512i before = _mm512_loadu_si512(sum + j);
        _mm512_storeu_si512(sum + j, sign < 0 ? _mm512_sub_epi64(before, whole) : _mm512_add_epi64(before, whole));
    }
    add_fixed_point_tail(row, scales, sign, j, n, sum);
}

double squared_norm_u8(const std::uint8_t* row, std::size_t n) {
    constexpr std::size_t kChunk = 1 << 16;  // columns: the sums of their squares fit int32
    double sum = 0.0;
    for (std::size_t first = 0; first < n; first += kChunk) {
        const std::size_t last = min_of_two(first + kChunk, n);
        __m512i sums = _mm512_setzero_si512();
        std::size_t j = first;
        for (; j + 32 <= last; j += 32) {
            const __m512i values = _mm512_cvtepu8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(row + j)));
            sums = _mm512_add_epi32(sums, _mm512_madd_epi16(values, values));
        }
        alignas(64) std::int32_t lanes[16];
        _mm512_store_si512(lanes, sums);
        for (const std::int32_t lane : lanes) sum += lane;
        sum += squared_norm_u8_tail(row, j, last);
    }
    return sum;
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
    add_tail(row, shift, weight, j, n, sum);
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
    return squared_distance_tail(row, center, j, n, lanes);
}

template <typename Value>
void to_float32(const Value* row, const double* shift, std::size_t n, float* target) {
    std::size_t j = 0;
    for (; j + 8 <= n; j += 8) {
        _mm256_storeu_ps(target + j, _mm512_cvtpd_ps(_mm512_sub_pd(load8(row + j), _mm512_loadu_pd(shift + j))));
    }
    to_float32_tail(row, shift, j, n, target);
}

// All of different types: none can be taken for another.
template <typename Value>
constexpr RowKernels<Value> kRow = {add<Value>, squared_distance<Value>, to_float32<Value>};

}  // namespace
}  // namespace inkmeans
