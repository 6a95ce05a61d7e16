// AVX2 + FMA: 6 rows x 16 centers stay in 12 registers of 8 floats while the features stream by.
#include <immintrin.h>

#include "inkmeans/kernels.hpp"
#include "isa/avx2_sums.hpp"
#include "isa/bounds_u16.hpp"
#include "isa/row_groups.hpp"
#include "isa/tails.hpp"

namespace inkmeans {
namespace {

template <int kRows>
void dot_rows(const float* const* rows, std::size_t first, const float* panel, std::size_t n, float* dots) {
    const float* row[kRows];
    __m256 low[kRows];
    __m256 high[kRows];
#pragma GCC unroll 6  // keeps the sums in registers
    for (int r = 0; r < kRows; ++r) {
        row[r] = rows[r] + first;
        low[r] = _mm256_loadu_ps(dots + r * kPanel);
        high[r] = _mm256_loadu_ps(dots + r * kPanel + 8);
    }
    for (std::size_t j = 0; j < n; ++j) {
        const __m256 centers_low = _mm256_loadu_ps(panel + j * kPanel);
        const __m256 centers_high = _mm256_loadu_ps(panel + j * kPanel + 8);
#pragma GCC unroll 6  // keeps the sums in registers
        for (int r = 0; r < kRows; ++r) {
            const __m256 value = _mm256_broadcast_ss(row[r] + j);
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

void dot_f32(const float* const* rows, std::size_t first, int n_rows, const float* panel, std::size_t n, float* dots) {
    with_n_rows(n_rows, [&](auto count) { dot_rows<decltype(count)::value>(rows, first, panel, n, dots); });
}

inline float sum_of(__m256 eight) {
    const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

float dot_f32_row(const float* row, const float* center, std::size_t n) {
    __m256 sums[4] = {_mm256_setzero_ps(), _mm256_setzero_ps(), _mm256_setzero_ps(), _mm256_setzero_ps()};
    std::size_t j = 0;
    for (; j + 32 <= n; j += 32) {
#pragma GCC unroll 4
        for (std::size_t i = 0; i < 4; ++i) {
            sums[i] = _mm256_fmadd_ps(_mm256_loadu_ps(row + j + 8 * i), _mm256_loadu_ps(center + j + 8 * i), sums[i]);
        }
    }
    for (; j + 8 <= n; j += 8) {
        sums[0] = _mm256_fmadd_ps(_mm256_loadu_ps(row + j), _mm256_loadu_ps(center + j), sums[0]);
    }
    const float rest = dot_f32_tail(row, center, j, n);
    return sum_of(_mm256_add_ps(_mm256_add_ps(sums[0], sums[1]), _mm256_add_ps(sums[2], sums[3]))) + rest;
}

// store(r, half, eight) is given the sums of row first + r with 8 lanes. Three rows at a time: with more, compilers no
// longer hold the sums in registers, beside the products that wait to be added.
template <int kRows, typename Store>
void dot_rows_i16(const std::int16_t* const* rows, int first, const std::int16_t* panel, std::size_t n_pairs,
                  const Store& store) {
    constexpr int kNow = kRows < 3 ? kRows : 3;
    const std::int32_t* row[kNow];
    __m256i low[kNow];
    __m256i high[kNow];
#pragma GCC unroll 3
    for (int r = 0; r < kNow; ++r) {
        row[r] = reinterpret_cast<const std::int32_t*>(rows[first + r]);
        low[r] = high[r] = _mm256_setzero_si256();
    }
    for (std::size_t j = 0; j < n_pairs; ++j) {
        const __m256i lanes_low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(panel + j * 2 * kPanel));
        const __m256i lanes_high =
            _mm256_loadu_si256(reinterpret_cast<const __m256i*>(panel + j * 2 * kPanel + kPanel));
#pragma GCC unroll 3
        for (int r = 0; r < kNow; ++r) {
            const __m256i pair = _mm256_set1_epi32(row[r][j]);
            low[r] = _mm256_add_epi32(low[r], _mm256_madd_epi16(pair, lanes_low));
            high[r] = _mm256_add_epi32(high[r], _mm256_madd_epi16(pair, lanes_high));
        }
    }
#pragma GCC unroll 3
    for (int r = 0; r < kNow; ++r) {
        store(first + r, 0, low[r]);
        store(first + r, 8, high[r]);
    }
    if constexpr (kRows > kNow) dot_rows_i16<kRows - kNow>(rows, first + kNow, panel, n_pairs, store);
}

void dot_i16(const std::int16_t* const* rows, int n_rows, const std::int16_t* panel, std::size_t n_pairs,
             std::int32_t* dots) {
    const auto store = [=](int r, int half, __m256i eight) {
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(dots + r * kPanel + half), eight);
    };
    with_n_rows(n_rows, [&](auto count) { dot_rows_i16<decltype(count)::value>(rows, 0, panel, n_pairs, store); });
}

inline __m256i eight_of(const std::int32_t* values) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(values));
}

void dot_i16_scaled(const std::int16_t* const* rows, int n_rows, const std::int16_t* panel, std::size_t n_pairs,
                    const float* scales, float* dots) {
    const auto store = [=](int r, int half, __m256i eight) {
        _mm256_storeu_ps(dots + r * kPanel + half, _mm256_mul_ps(_mm256_cvtepi32_ps(eight), _mm256_set1_ps(scales[r])));
    };
    with_n_rows(n_rows, [&](auto count) { dot_rows_i16<decltype(count)::value>(rows, 0, panel, n_pairs, store); });
}

void quantize_f32(const float* row, float scale, std::size_t n, std::int16_t* quantized) {
    const __m256 scales = _mm256_set1_ps(scale);
    std::size_t j = 0;
    for (; j + 16 <= n; j += 16) {
        const __m256i low = _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_loadu_ps(row + j), scales));
        const __m256i high = _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_loadu_ps(row + j + 8), scales));
        // Packing goes half by half: 0 to 3, 8 to 11, 4 to 7, 12 to 15.
        const __m256i packed = _mm256_permute4x64_epi64(_mm256_packs_epi32(low, high), _MM_SHUFFLE(3, 1, 2, 0));
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(quantized + j), packed);
    }
    quantize_f32_tail(row, scale, j, n, quantized);
}

void undecided_lanes(const std::int32_t* dots, int n_rows, PruningTerms rows, PruningTerms lanes,
                     std::uint16_t* undecided) {
    for (int r = 0; r < n_rows; ++r) {
        const __m256i half = _mm256_set1_epi32(rows.half_squared_norms[r]);
        const __m256i threshold = _mm256_set1_epi32(rows.thresholds[r]);
        unsigned bits = 0;
        for (int l = 0; l < kPanel; l += 8) {
            const __m256i least = _mm256_min_epi32(_mm256_sub_epi32(eight_of(lanes.half_squared_norms + l), threshold),
                                                   _mm256_sub_epi32(half, eight_of(lanes.thresholds + l)));
            const __m256i above = _mm256_cmpgt_epi32(eight_of(dots + r * kPanel + l), least);
            bits |= static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(above))) << l;
        }
        undecided[r] = static_cast<std::uint16_t>(bits);
    }
}

void pool_rectified(const std::int32_t* dots, int n_rows, const float* gains, const float* offsets, float* pooled) {
    const __m256 offsets_low = _mm256_loadu_ps(offsets);
    const __m256 offsets_high = _mm256_loadu_ps(offsets + 8);
    __m256 low = _mm256_loadu_ps(pooled);
    __m256 high = _mm256_loadu_ps(pooled + 8);
    for (int r = 0; r < n_rows; ++r) {
        const __m256 gain = _mm256_set1_ps(gains[r]);
        const __m256 dots_low = _mm256_cvtepi32_ps(eight_of(dots + r * kPanel));
        const __m256 dots_high = _mm256_cvtepi32_ps(eight_of(dots + r * kPanel + 8));
        const __m256 zero = _mm256_setzero_ps();
        low = _mm256_add_ps(low, _mm256_max_ps(_mm256_sub_ps(_mm256_mul_ps(dots_low, gain), offsets_low), zero));
        high = _mm256_add_ps(high, _mm256_max_ps(_mm256_sub_ps(_mm256_mul_ps(dots_high, gain), offsets_high), zero));
    }
    _mm256_storeu_ps(pooled, low);
    _mm256_storeu_ps(pooled + 8, high);
}

inline float min_of(__m256 eight) {
    const __m128 four = _mm_min_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    const __m128 two = _mm_min_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_min_ss(two, _mm_movehdup_ps(two)));
}

void two_smallest(const float* dots, int n_rows, const float* norms, TwoSmallest* found) {
    const __m256 two = _mm256_set1_ps(2.0F);
    const __m256 norms_low = _mm256_loadu_ps(norms);
    const __m256 norms_high = _mm256_loadu_ps(norms + 8);
    for (int r = 0; r < n_rows; ++r) {
        const __m256 low = _mm256_fnmadd_ps(two, _mm256_loadu_ps(dots + r * kPanel), norms_low);
        const __m256 high = _mm256_fnmadd_ps(two, _mm256_loadu_ps(dots + r * kPanel + 8), norms_high);
        const __m256 smaller = _mm256_min_ps(low, high);
        const float score = min_of(smaller);
        const __m256 scores = _mm256_set1_ps(score);
        const int lanes = _mm256_movemask_ps(_mm256_cmp_ps(low, scores, _CMP_EQ_OQ)) |
                          _mm256_movemask_ps(_mm256_cmp_ps(high, scores, _CMP_EQ_OQ)) << 8;
        if (lanes == 0 || (lanes & (lanes - 1)) != 0) {  // all infinite or not a number, or a tie
            found[r] = {score, score, lanes == 0 ? 0 : __builtin_ctz(static_cast<unsigned>(lanes))};
            continue;
        }
        // The second smallest: of each pair of lanes its larger one if its smaller one is the smallest of all, else its
        // smaller one.
        const __m256 is_smallest = _mm256_cmp_ps(smaller, scores, _CMP_EQ_OQ);
        const float second = min_of(_mm256_blendv_ps(smaller, _mm256_max_ps(low, high), is_smallest));
        found[r] = {score, second, __builtin_ctz(static_cast<unsigned>(lanes))};
    }
}

// For each of the 256 masks of 8 bits: the numbers of its bits, one a byte, in order.
struct BitNumbers {
    std::uint64_t of[256] = {};
    constexpr BitNumbers() {
        for (unsigned mask = 0; mask < 256; ++mask) {
            unsigned place = 0;
            for (unsigned bit = 0; bit < 8; ++bit) {
                if ((mask >> bit & 1U) == 0) continue;
                of[mask] |= std::uint64_t{bit} << (8 * place);
                ++place;
            }
        }
    }
};
constexpr BitNumbers kBitNumbers;

std::size_t nonzero_quads(const std::uint8_t* row, std::size_t n, std::uint16_t* quads, std::uint32_t* values) {
    std::size_t count = 0;
    std::size_t j = 0;
    for (; j + 32 <= n; j += 32) {
        const __m256i eight = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(row + j));
        const __m256i zero = _mm256_cmpeq_epi32(eight, _mm256_setzero_si256());
        const unsigned inked = static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(zero))) ^ 255U;
        // All 8 are written, those with ink first: no branch to guess.
        const __m256i places =
            _mm256_cvtepu8_epi32(_mm_cvtsi64_si128(static_cast<std::int64_t>(kBitNumbers.of[inked])));
        const __m128i narrow = _mm_cvtepu8_epi16(_mm_cvtsi64_si128(static_cast<std::int64_t>(kBitNumbers.of[inked])));
        _mm_storeu_si128(reinterpret_cast<__m128i*>(quads + count),
                         _mm_add_epi16(narrow, _mm_set1_epi16(static_cast<std::int16_t>(j / kQuad))));
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(values + count), _mm256_permutevar8x32_epi32(eight, places));
        count += static_cast<std::size_t>(__builtin_popcount(inked));
    }
    return nonzero_quads_tail(row, j, n, count, quads, values);
}

void dot_u8(const std::uint16_t* quads, const std::uint32_t* values, std::size_t n_quads, const std::int16_t* panel,
            float scale, float* dots) {
    // Bytes 0 and 1 of each 4, and 2 and 3, each widened to 16 bits.
    const __m256i first = _mm256_set1_epi32(static_cast<int>(0x80018000U));
    const __m256i last = _mm256_set1_epi32(static_cast<int>(0x80038002U));
    __m256i sums[4] = {_mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256()};
    for (std::size_t q = 0; q < n_quads; ++q) {
        const auto* centers = reinterpret_cast<const __m256i*>(panel + std::size_t{quads[q]} * kQuad * kPanel);
        const __m256i value = _mm256_set1_epi32(static_cast<int>(values[q]));
        const __m256i one = _mm256_shuffle_epi8(value, first);
        const __m256i other = _mm256_shuffle_epi8(value, last);
        sums[0] = _mm256_add_epi32(sums[0], _mm256_madd_epi16(one, _mm256_loadu_si256(centers)));
        sums[1] = _mm256_add_epi32(sums[1], _mm256_madd_epi16(one, _mm256_loadu_si256(centers + 1)));
        sums[2] = _mm256_add_epi32(sums[2], _mm256_madd_epi16(other, _mm256_loadu_si256(centers + 2)));
        sums[3] = _mm256_add_epi32(sums[3], _mm256_madd_epi16(other, _mm256_loadu_si256(centers + 3)));
    }
    const __m256 scales = _mm256_set1_ps(scale);
    _mm256_storeu_ps(dots, _mm256_mul_ps(_mm256_cvtepi32_ps(_mm256_add_epi32(sums[0], sums[2])), scales));
    _mm256_storeu_ps(dots + 8, _mm256_mul_ps(_mm256_cvtepi32_ps(_mm256_add_epi32(sums[1], sums[3])), scales));
}

std::int32_t dot_u8_row(const std::uint8_t* row, const std::int16_t* center, std::size_t n) {
    __m256i sums[2] = {_mm256_setzero_si256(), _mm256_setzero_si256()};
    std::size_t j = 0;
    for (; j + 32 <= n; j += 32) {
#pragma GCC unroll 2
        for (std::size_t i = 0; i < 2; ++i) {
            const auto* bytes = reinterpret_cast<const __m128i*>(row + j + 16 * i);
            const auto* values = reinterpret_cast<const __m256i*>(center + j + 16 * i);
            const __m256i product =
                _mm256_madd_epi16(_mm256_cvtepu8_epi16(_mm_loadu_si128(bytes)), _mm256_loadu_si256(values));
            sums[i] = _mm256_add_epi32(sums[i], product);
        }
    }
    const __m256i both = _mm256_add_epi32(sums[0], sums[1]);
    __m128i four = _mm_add_epi32(_mm256_castsi256_si128(both), _mm256_extracti128_si256(both, 1));
    four = _mm_add_epi32(four, _mm_shuffle_epi32(four, _MM_SHUFFLE(1, 0, 3, 2)));
    four = _mm_add_epi32(four, _mm_shuffle_epi32(four, _MM_SHUFFLE(2, 3, 0, 1)));
    return _mm_cvtsi128_si32(four) + dot_u8_tail(row, center, j, n);
}

void quantize_bounds(const float* dots, const float* norms, const float* moved, float square, float scale,
                     std::uint16_t* bounds) {
    const __m256 in = _mm256_set1_ps(1.0F - 0x1p-22F);
    const __m256 out = _mm256_set1_ps(1.0F + 0x1p-22F);
    const __m256 scales = _mm256_set1_ps(scale);
    __m256i half[2];
    for (int h = 0; h < 2; ++h) {
        const __m256 score =
            _mm256_fnmadd_ps(_mm256_set1_ps(2.0F), _mm256_loadu_ps(dots + 8 * h), _mm256_loadu_ps(norms + 8 * h));
        const __m256 below = _mm256_min_ps(_mm256_mul_ps(score, in), _mm256_mul_ps(score, out));
        const __m256 squares = _mm256_max_ps(_mm256_add_ps(_mm256_set1_ps(square), below), _mm256_setzero_ps());
        const __m256 bound =
            _mm256_mul_ps(_mm256_fmadd_ps(_mm256_sqrt_ps(squares), in, _mm256_loadu_ps(moved + 8 * h)), in);
        const __m256 scaled = _mm256_mul_ps(_mm256_mul_ps(bound, scales), in);
        half[h] = _mm256_cvttps_epi32(_mm256_min_ps(scaled, _mm256_set1_ps(65534.0F)));
    }
    // Packing goes half by half: 0 to 3, 8 to 11, 4 to 7, 12 to 15.
    const __m256i packed = _mm256_permute4x64_epi64(_mm256_packus_epi32(half[0], half[1]), _MM_SHUFFLE(3, 1, 2, 0));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(bounds), packed);
}

std::size_t undecided_rows(const float* upper, const float* lower, const std::int32_t* labels, const float* own_moved,
                           const float* others_moved, float widen, float narrow, std::size_t n, std::uint32_t* rows) {
    const __m256 own_low = _mm256_loadu_ps(own_moved);
    const __m256 own_high = _mm256_loadu_ps(own_moved + 8);
    const __m256 others_low = _mm256_loadu_ps(others_moved);
    const __m256 others_high = _mm256_loadu_ps(others_moved + 8);
    const __m256 widens = _mm256_set1_ps(widen);
    const __m256 narrows = _mm256_set1_ps(narrow);
    std::size_t count = 0;
    std::size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        const __m256i label = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(labels + i));
        const __m256 is_high = _mm256_castsi256_ps(_mm256_slli_epi32(label, 28));  // bit 3 of the label
        const __m256 own = _mm256_blendv_ps(_mm256_permutevar8x32_ps(own_low, label),
                                            _mm256_permutevar8x32_ps(own_high, label), is_high);
        const __m256 others = _mm256_blendv_ps(_mm256_permutevar8x32_ps(others_low, label),
                                               _mm256_permutevar8x32_ps(others_high, label), is_high);
        const __m256 above = _mm256_mul_ps(_mm256_add_ps(_mm256_loadu_ps(upper + i), own), widens);
        const __m256 below = _mm256_mul_ps(_mm256_sub_ps(_mm256_loadu_ps(lower + i), others), narrows);
        const auto undecided = static_cast<unsigned>(_mm256_movemask_ps(_mm256_cmp_ps(above, below, _CMP_NLT_UQ)));
        const __m256i places =
            _mm256_cvtepu8_epi32(_mm_cvtsi64_si128(static_cast<std::int64_t>(kBitNumbers.of[undecided])));
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(rows + count),
                            _mm256_add_epi32(places, _mm256_set1_epi32(static_cast<int>(i))));
        count += static_cast<std::size_t>(__builtin_popcount(undecided));
    }
    return undecided_rows_tail(upper, lower, labels, own_moved, others_moved, widen, narrow, i, n, count, rows);
}

}  // namespace
}  // namespace inkmeans

#include "isa/table.hpp"

namespace inkmeans {

static_assert(is_complete(own_table("avx2")));
const Kernels kAvx2Kernels = own_table("avx2");

}  // namespace inkmeans
