// AVX-512: 6 rows x 16 centers; a panel is one register wide.
#include <immintrin.h>

#include <limits>

#include "inkmeans/kernels.hpp"
#include "isa/avx512_sums.hpp"
#include "isa/bounds_u16.hpp"
#include "isa/row_groups.hpp"
#include "isa/tails.hpp"

namespace inkmeans {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

template <int kRows>
void dot_rows(const float* const* rows, std::size_t first, const float* panel, std::size_t n, float* dots) {
    const float* row[kRows];
    __m512 sums[kRows];
#pragma GCC unroll 6  // keeps the sums in registers
    for (int r = 0; r < kRows; ++r) {
        row[r] = rows[r] + first;
        sums[r] = _mm512_loadu_ps(dots + r * kPanel);
    }
    for (std::size_t j = 0; j < n; ++j) {
        const __m512 centers = _mm512_loadu_ps(panel + j * kPanel);
#pragma GCC unroll 6  // keeps the sums in registers
        for (int r = 0; r < kRows; ++r) {
            const __m512 value = _mm512_set1_ps(row[r][j]);
            sums[r] = _mm512_fmadd_ps(value, centers, sums[r]);
        }
    }
#pragma GCC unroll 6  // keeps the sums in registers
    for (int r = 0; r < kRows; ++r) _mm512_storeu_ps(dots + r * kPanel, sums[r]);
}

void dot_f32(const float* const* rows, std::size_t first, int n_rows, const float* panel, std::size_t n, float* dots) {
    with_n_rows(n_rows, [&](auto count) { dot_rows<decltype(count)::value>(rows, first, panel, n, dots); });
}

float dot_f32_row(const float* row, const float* center, std::size_t n) {
    __m512 sums[2] = {_mm512_setzero_ps(), _mm512_setzero_ps()};
    std::size_t j = 0;
    for (; j + 32 <= n; j += 32) {
        sums[0] = _mm512_fmadd_ps(_mm512_loadu_ps(row + j), _mm512_loadu_ps(center + j), sums[0]);
        sums[1] = _mm512_fmadd_ps(_mm512_loadu_ps(row + j + 16), _mm512_loadu_ps(center + j + 16), sums[1]);
    }
    const float rest = dot_f32_tail(row, center, j, n);
    return _mm512_reduce_add_ps(_mm512_add_ps(sums[0], sums[1])) + rest;
}

// store(r, sums) is given the sums of row r.
template <int kRows, typename Store>
void dot_rows_i16(const std::int16_t* const* rows, const std::int16_t* panel, std::size_t n_pairs, const Store& store) {
    const std::int32_t* row[kRows];
    __m512i sums[kRows];
#pragma GCC unroll 6  // keeps the sums in registers
    for (int r = 0; r < kRows; ++r) {
        row[r] = reinterpret_cast<const std::int32_t*>(rows[r]);
        sums[r] = _mm512_setzero_si512();
    }
    for (std::size_t j = 0; j < n_pairs; ++j) {
        const __m512i lanes = _mm512_loadu_si512(panel + j * 2 * kPanel);
#pragma GCC unroll 6  // keeps the sums in registers
        for (int r = 0; r < kRows; ++r) {
            sums[r] = _mm512_add_epi32(sums[r], _mm512_madd_epi16(_mm512_set1_epi32(row[r][j]), lanes));
        }
    }
#pragma GCC unroll 6  // keeps the sums in registers
    for (int r = 0; r < kRows; ++r) store(r, sums[r]);
}

void dot_i16(const std::int16_t* const* rows, int n_rows, const std::int16_t* panel, std::size_t n_pairs,
             std::int32_t* dots) {
    const auto store = [=](int r, __m512i sums) { _mm512_storeu_si512(dots + r * kPanel, sums); };
    with_n_rows(n_rows, [&](auto count) { dot_rows_i16<decltype(count)::value>(rows, panel, n_pairs, store); });
}

void dot_i16_scaled(const std::int16_t* const* rows, int n_rows, const std::int16_t* panel, std::size_t n_pairs,
                    const float* scales, float* dots) {
    const auto store = [=](int r, __m512i sums) {
        _mm512_storeu_ps(dots + r * kPanel, _mm512_mul_ps(_mm512_cvtepi32_ps(sums), _mm512_set1_ps(scales[r])));
    };
    with_n_rows(n_rows, [&](auto count) { dot_rows_i16<decltype(count)::value>(rows, panel, n_pairs, store); });
}

void quantize_f32(const float* row, float scale, std::size_t n, std::int16_t* quantized) {
    const __m512 scales = _mm512_set1_ps(scale);
    std::size_t j = 0;
    for (; j + 16 <= n; j += 16) {
        const __m512i whole = _mm512_cvtps_epi32(_mm512_mul_ps(_mm512_loadu_ps(row + j), scales));
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(quantized + j), _mm512_cvtepi32_epi16(whole));
    }
    quantize_f32_tail(row, scale, j, n, quantized);
}

void undecided_lanes(const std::int32_t* dots, int n_rows, PruningTerms rows, PruningTerms lanes,
                     std::uint16_t* undecided) {
    const __m512i halves = _mm512_loadu_si512(lanes.half_squared_norms);
    const __m512i thresholds = _mm512_loadu_si512(lanes.thresholds);
    for (int r = 0; r < n_rows; ++r) {
        const __m512i least =
            _mm512_min_epi32(_mm512_sub_epi32(halves, _mm512_set1_epi32(rows.thresholds[r])),
                             _mm512_sub_epi32(_mm512_set1_epi32(rows.half_squared_norms[r]), thresholds));
        undecided[r] = _mm512_cmpgt_epi32_mask(_mm512_loadu_si512(dots + r * kPanel), least);
    }
}

void pool_rectified(const std::int32_t* dots, int n_rows, const float* gains, const float* offsets, float* pooled) {
    const __m512 all_offsets = _mm512_loadu_ps(offsets);
    __m512 sums = _mm512_loadu_ps(pooled);
    for (int r = 0; r < n_rows; ++r) {
        const __m512 responses =
            _mm512_mul_ps(_mm512_cvtepi32_ps(_mm512_loadu_si512(dots + r * kPanel)), _mm512_set1_ps(gains[r]));
        sums = _mm512_add_ps(sums, _mm512_max_ps(_mm512_sub_ps(responses, all_offsets), _mm512_setzero_ps()));
    }
    _mm512_storeu_ps(pooled, sums);
}

void two_smallest(const float* dots, int n_rows, const float* norms, TwoSmallest* found) {
    const __m512 all_norms = _mm512_loadu_ps(norms);
    for (int r = 0; r < n_rows; ++r) {
        const __m512 scores = _mm512_fnmadd_ps(_mm512_set1_ps(2.0F), _mm512_loadu_ps(dots + r * kPanel), all_norms);
        const float score = _mm512_reduce_min_ps(scores);
        const __mmask16 is_smallest = _mm512_cmp_ps_mask(scores, _mm512_set1_ps(score), _CMP_EQ_OQ);
        const unsigned lanes = is_smallest;
        if (lanes == 0 || (lanes & (lanes - 1)) != 0) {  // all infinite or not a number, or a tie
            found[r] = {score, score, lanes == 0 ? 0 : __builtin_ctz(lanes)};
            continue;
        }
        const __m512 others = _mm512_mask_mov_ps(scores, is_smallest, _mm512_set1_ps(kInfinity));
        found[r] = {score, _mm512_reduce_min_ps(others), __builtin_ctz(lanes)};
    }
}

std::size_t nonzero_quads(const std::uint8_t* row, std::size_t n, std::uint16_t* quads, std::uint32_t* values) {
    const __m512i lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    std::size_t count = 0;
    std::size_t j = 0;
    for (; j + 64 <= n; j += 64) {
        const __m512i sixteen = _mm512_loadu_si512(row + j);
        const __mmask16 inked = _mm512_test_epi32_mask(sixteen, sixteen);
        const __m512i numbers = _mm512_add_epi32(_mm512_set1_epi32(static_cast<int>(j / kQuad)), lanes);
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(quads + count),
                            _mm512_cvtepi32_epi16(_mm512_maskz_compress_epi32(inked, numbers)));
        _mm512_mask_compressstoreu_epi32(values + count, inked, sixteen);
        count += static_cast<std::size_t>(__builtin_popcount(inked));
    }
    return nonzero_quads_tail(row, j, n, count, quads, values);
}

void dot_u8(const std::uint16_t* quads, const std::uint32_t* values, std::size_t n_quads, const std::int16_t* panel,
            float scale, float* dots) {
    // Bytes 0 and 1 of each 4, and 2 and 3, each widened to 16 bits.
    const __m512i first = _mm512_set1_epi32(static_cast<int>(0x80018000U));
    const __m512i last = _mm512_set1_epi32(static_cast<int>(0x80038002U));
    __m512i sums[2] = {_mm512_setzero_si512(), _mm512_setzero_si512()};
    for (std::size_t q = 0; q < n_quads; ++q) {
        const std::int16_t* centers = panel + std::size_t{quads[q]} * kQuad * kPanel;
        const __m512i value = _mm512_set1_epi32(static_cast<int>(values[q]));
        const __m512i one = _mm512_shuffle_epi8(value, first);
        const __m512i other = _mm512_shuffle_epi8(value, last);
        sums[0] = _mm512_add_epi32(sums[0], _mm512_madd_epi16(one, _mm512_loadu_si512(centers)));
        sums[1] = _mm512_add_epi32(sums[1], _mm512_madd_epi16(other, _mm512_loadu_si512(centers + 2 * kPanel)));
    }
    const __m512 products = _mm512_cvtepi32_ps(_mm512_add_epi32(sums[0], sums[1]));
    _mm512_storeu_ps(dots, _mm512_mul_ps(products, _mm512_set1_ps(scale)));
}

std::int32_t dot_u8_row(const std::uint8_t* row, const std::int16_t* center, std::size_t n) {
    __m512i sums = _mm512_setzero_si512();
    std::size_t j = 0;
    for (; j + 32 <= n; j += 32) {
        const __m512i bytes = _mm512_cvtepu8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(row + j)));
        sums = _mm512_add_epi32(sums, _mm512_madd_epi16(bytes, _mm512_loadu_si512(center + j)));
    }
    return _mm512_reduce_add_epi32(sums) + dot_u8_tail(row, center, j, n);
}

void quantize_bounds(const float* dots, const float* norms, const float* moved, float square, float scale,
                     std::uint16_t* bounds) {
    const __m512 in = _mm512_set1_ps(1.0F - 0x1p-22F);
    const __m512 out = _mm512_set1_ps(1.0F + 0x1p-22F);
    const __m512 score = _mm512_fnmadd_ps(_mm512_set1_ps(2.0F), _mm512_loadu_ps(dots), _mm512_loadu_ps(norms));
    const __m512 below = _mm512_min_ps(_mm512_mul_ps(score, in), _mm512_mul_ps(score, out));
    const __m512 squares = _mm512_max_ps(_mm512_add_ps(_mm512_set1_ps(square), below), _mm512_setzero_ps());
    const __m512 bound = _mm512_mul_ps(_mm512_fmadd_ps(_mm512_sqrt_ps(squares), in, _mm512_loadu_ps(moved)), in);
    const __m512 scaled = _mm512_mul_ps(_mm512_mul_ps(bound, _mm512_set1_ps(scale)), in);
    const __m512i whole = _mm512_cvttps_epi32(_mm512_min_ps(scaled, _mm512_set1_ps(65534.0F)));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(bounds), _mm512_cvtepi32_epi16(whole));
}

std::size_t undecided_rows(const float* upper, const float* lower, const std::int32_t* labels, const float* own_moved,
                           const float* others_moved, float widen, float narrow, std::size_t n, std::uint32_t* rows) {
    const __m512 own_moves = _mm512_loadu_ps(own_moved);
    const __m512 others_moves = _mm512_loadu_ps(others_moved);
    const __m512i lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    std::size_t count = 0;
    std::size_t i = 0;
    for (; i + 16 <= n; i += 16) {
        const __m512i label = _mm512_loadu_si512(labels + i);
        const __m512 own = _mm512_permutexvar_ps(label, own_moves);
        const __m512 others = _mm512_permutexvar_ps(label, others_moves);
        const __m512 above = _mm512_mul_ps(_mm512_add_ps(_mm512_loadu_ps(upper + i), own), _mm512_set1_ps(widen));
        const __m512 below = _mm512_mul_ps(_mm512_sub_ps(_mm512_loadu_ps(lower + i), others), _mm512_set1_ps(narrow));
        const __mmask16 undecided = _mm512_cmp_ps_mask(above, below, _CMP_NLT_UQ);
        _mm512_mask_compressstoreu_epi32(rows + count, undecided,
                                         _mm512_add_epi32(_mm512_set1_epi32(static_cast<int>(i)), lanes));
        count += static_cast<std::size_t>(__builtin_popcount(undecided));
    }
    return undecided_rows_tail(upper, lower, labels, own_moved, others_moved, widen, narrow, i, n, count, rows);
}

}  // namespace
}  // namespace inkmeans

#include "isa/table.hpp"

namespace inkmeans {

static_assert(is_complete(own_table("avx512")));
const Kernels kAvx512Kernels = own_table("avx512");

}  // namespace inkmeans
