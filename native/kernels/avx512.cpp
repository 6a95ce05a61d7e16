// AVX-512: 6 rows x 16 centers; a panel is one register wide.
#include <immintrin.h>

#include <algorithm>
#include <limits>

#include "inkmeans/kernels.hpp"
#include "narrow_bounds.hpp"
#include "row_groups.hpp"

namespace inkmeans {
namespace {

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

float dot_row_f32(const float* row, const float* center, std::size_t n) {
    __m512 sums[2] = {_mm512_setzero_ps(), _mm512_setzero_ps()};
    std::size_t j = 0;
    for (; j + 32 <= n; j += 32) {
        sums[0] = _mm512_fmadd_ps(_mm512_loadu_ps(row + j), _mm512_loadu_ps(center + j), sums[0]);
        sums[1] = _mm512_fmadd_ps(_mm512_loadu_ps(row + j + 16), _mm512_loadu_ps(center + j + 16), sums[1]);
    }
    float rest = 0.0F;
    for (; j < n; ++j) rest += row[j] * center[j];
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

void dot_i16_steps(const std::int16_t* const* rows, int n_rows, const std::int16_t* panel, std::size_t n_pairs,
                   const float* steps, float* dots) {
    const auto store = [=](int r, __m512i sums) {
        _mm512_storeu_ps(dots + r * kPanel, _mm512_mul_ps(_mm512_cvtepi32_ps(sums), _mm512_set1_ps(steps[r])));
    };
    with_n_rows(n_rows, [&](auto count) { dot_rows_i16<decltype(count)::value>(rows, panel, n_pairs, store); });
}

void round_f32(const float* row, float scale, std::size_t n, std::int16_t* rounded) {
    const __m512 scales = _mm512_set1_ps(scale);
    std::size_t j = 0;
    for (; j + 16 <= n; j += 16) {
        const __m512i whole = _mm512_cvtps_epi32(_mm512_mul_ps(_mm512_loadu_ps(row + j), scales));
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(rounded + j), _mm512_cvtepi32_epi16(whole));
    }
    for (; j < n; ++j) rounded[j] = static_cast<std::int16_t>(_mm_cvtss_si32(_mm_set_ss(row[j] * scale)));
    if (n % 2 == 1) rounded[n] = 0;
}

void within_reach(const std::int32_t* dots, int n_rows, const std::int32_t* row_halves, const std::int32_t* row_reaches,
                  const std::int32_t* lane_halves, const std::int32_t* lane_reaches, std::uint16_t* lanes) {
    const __m512i halves = _mm512_loadu_si512(lane_halves);
    const __m512i reaches = _mm512_loadu_si512(lane_reaches);
    for (int r = 0; r < n_rows; ++r) {
        const __m512i least = _mm512_min_epi32(_mm512_sub_epi32(halves, _mm512_set1_epi32(row_reaches[r])),
                                               _mm512_sub_epi32(_mm512_set1_epi32(row_halves[r]), reaches));
        lanes[r] = _mm512_cmpgt_epi32_mask(_mm512_loadu_si512(dots + r * kPanel), least);
    }
}

void rectify(const std::int32_t* dots, int n_rows, const float* gains, const float* offsets, float* pooled) {
    const __m512 all_offsets = _mm512_loadu_ps(offsets);
    __m512 sums = _mm512_loadu_ps(pooled);
    for (int r = 0; r < n_rows; ++r) {
        const __m512 responses =
            _mm512_mul_ps(_mm512_cvtepi32_ps(_mm512_loadu_si512(dots + r * kPanel)), _mm512_set1_ps(gains[r]));
        sums = _mm512_add_ps(sums, _mm512_max_ps(_mm512_sub_ps(responses, all_offsets), _mm512_setzero_ps()));
    }
    _mm512_storeu_ps(pooled, sums);
}

void lowest(const float* dots, int n_rows, const float* norms, Lowest* found) {
    const __m512 all_norms = _mm512_loadu_ps(norms);
    for (int r = 0; r < n_rows; ++r) {
        const __m512 scores = _mm512_fnmadd_ps(_mm512_set1_ps(2.0F), _mm512_loadu_ps(dots + r * kPanel), all_norms);
        const float score = _mm512_reduce_min_ps(scores);
        const __mmask16 is_lowest = _mm512_cmp_ps_mask(scores, _mm512_set1_ps(score), _CMP_EQ_OQ);
        const unsigned lanes = is_lowest;
        if (lanes == 0 || (lanes & (lanes - 1)) != 0) {  // all infinite or not a number, or a tie
            found[r] = {score, score, lanes == 0 ? 0 : __builtin_ctz(lanes)};
            continue;
        }
        const __m512 others =
            _mm512_mask_mov_ps(scores, is_lowest, _mm512_set1_ps(std::numeric_limits<float>::infinity()));
        found[r] = {score, _mm512_reduce_min_ps(others), __builtin_ctz(lanes)};
    }
}

std::size_t quads(const std::uint8_t* row, std::size_t n, std::uint16_t* quads, std::uint32_t* values) {
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
    for (; j < n; j += kQuad) {
        std::uint32_t value = 0;
        for (std::size_t i = j; i < n && i < j + kQuad; ++i) value |= std::uint32_t{row[i]} << (8 * (i - j));
        quads[count] = static_cast<std::uint16_t>(j / kQuad);
        values[count] = value;
        count += value != 0;
    }
    return count;
}

void dot_u8(const std::uint16_t* quads, const std::uint32_t* values, std::size_t n_quads, const std::int16_t* panel,
            float step, float* dots) {
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
    _mm512_storeu_ps(dots, _mm512_mul_ps(products, _mm512_set1_ps(step)));
}

std::int32_t dot_row_u8(const std::uint8_t* row, const std::int16_t* center, std::size_t n) {
    __m512i sums = _mm512_setzero_si512();
    std::size_t j = 0;
    for (; j + 32 <= n; j += 32) {
        const __m512i bytes = _mm512_cvtepu8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(row + j)));
        sums = _mm512_add_epi32(sums, _mm512_madd_epi16(bytes, _mm512_loadu_si512(center + j)));
    }
    std::int32_t sum = _mm512_reduce_add_epi32(sums);
    for (; j < n; ++j) sum += std::int32_t{row[j]} * center[j];
    return sum;
}

void add_whole(const std::uint8_t* row, std::int32_t sign, std::size_t n, std::int32_t* sum) {
    const __m512i signs = _mm512_set1_epi32(sign);
    std::size_t j = 0;
    for (; j + 16 <= n; j += 16) {
        const __m512i values = _mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(row + j)));
        const __m512i sums = _mm512_loadu_si512(sum + j);
        _mm512_storeu_si512(sum + j, _mm512_add_epi32(sums, _mm512_mullo_epi32(values, signs)));
    }
    for (; j < n; ++j) sum[j] += sign * std::int32_t{row[j]};
}

void add_fixed(const float* row, const double* scales, std::int32_t sign, std::size_t n, std::int64_t* sum) {
    std::size_t j = 0;
    for (; j + 8 <= n; j += 8) {
        const __m512d value = _mm512_mul_pd(_mm512_cvtps_pd(_mm256_loadu_ps(row + j)), _mm512_loadu_pd(scales + j));
        const __m512i whole = _mm512_cvtpd_epi64(value);
        const __m512i before = _mm512_loadu_si512(sum + j);
        _mm512_storeu_si512(sum + j, sign < 0 ? _mm512_sub_epi64(before, whole) : _mm512_add_epi64(before, whole));
    }
    for (; j < n; ++j) {
        const double rounded = (static_cast<double>(row[j]) * scales[j] + 0x1.8p52) - 0x1.8p52;
        sum[j] += sign * static_cast<std::int64_t>(rounded);
    }
}

double square_u8(const std::uint8_t* row, std::size_t n) {
    constexpr std::size_t kChunk = 1 << 16;  // columns: the sums of their squares fit int32
    double sum = 0.0;
    for (std::size_t first = 0; first < n; first += kChunk) {
        const std::size_t last = std::min(first + kChunk, n);
        __m512i sums = _mm512_setzero_si512();
        std::size_t j = first;
        for (; j + 32 <= last; j += 32) {
            const __m512i values = _mm512_cvtepu8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(row + j)));
            sums = _mm512_add_epi32(sums, _mm512_madd_epi16(values, values));
        }
        alignas(64) std::int32_t lanes[16];
        _mm512_store_si512(lanes, sums);
        for (const std::int32_t lane : lanes) sum += lane;
        for (; j < last; ++j) sum += static_cast<double>(row[j] * row[j]);
    }
    return sum;
}

void bounds_u16(const float* dots, const float* norms, const float* moved, float square, float steps,
                std::uint16_t* bounds) {
    const __m512 in = _mm512_set1_ps(1.0F - 0x1p-22F);
    const __m512 out = _mm512_set1_ps(1.0F + 0x1p-22F);
    const __m512 score = _mm512_fnmadd_ps(_mm512_set1_ps(2.0F), _mm512_loadu_ps(dots), _mm512_loadu_ps(norms));
    const __m512 below = _mm512_min_ps(_mm512_mul_ps(score, in), _mm512_mul_ps(score, out));
    const __m512 squares = _mm512_max_ps(_mm512_add_ps(_mm512_set1_ps(square), below), _mm512_setzero_ps());
    const __m512 bound = _mm512_mul_ps(_mm512_fmadd_ps(_mm512_sqrt_ps(squares), in, _mm512_loadu_ps(moved)), in);
    const __m512 in_steps = _mm512_mul_ps(_mm512_mul_ps(bound, _mm512_set1_ps(steps)), in);
    const __m512i whole = _mm512_cvttps_epi32(_mm512_min_ps(in_steps, _mm512_set1_ps(65534.0F)));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(bounds), _mm512_cvtepi32_epi16(whole));
}

std::size_t open_rows(const float* upper, const float* lower, const std::int32_t* labels, const float* own_moved,
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
        const __mmask16 open = _mm512_cmp_ps_mask(above, below, _CMP_NLT_UQ);
        _mm512_mask_compressstoreu_epi32(rows + count, open,
                                         _mm512_add_epi32(_mm512_set1_epi32(static_cast<int>(i)), lanes));
        count += static_cast<std::size_t>(__builtin_popcount(open));
    }
    for (; i < n; ++i) {
        rows[count] = static_cast<std::uint32_t>(i);
        count += !((upper[i] + own_moved[labels[i]]) * widen < (lower[i] - others_moved[labels[i]]) * narrow);
    }
    return count;
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

const Kernels kAvx512Kernels = {"avx512",    dot_f32,      dot_row_f32, dot_i16,   dot_i16_steps,
                                round_f32,   within_reach, rectify,     lowest,    quads,
                                dot_u8,      dot_row_u8,   add_whole,   add_fixed, square_u8,
                                lowest_u16,  near_u16,     bounds_u16,  open_rows, kRow<std::uint8_t>,
                                kRow<float>, kRow<double>};

}  // namespace inkmeans
