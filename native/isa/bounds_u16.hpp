// Bounds of 16 bits, sixteen at a time: AVX2, which AVX-512 kernels use as they are.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

namespace inkmeans {
namespace {  // internal linkage: see tails.hpp

inline __m256i sixteen_of(const std::uint16_t* values) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(values));
}

inline std::uint16_t smallest_bound(const std::uint16_t* bounds, const std::uint16_t* moved, std::size_t n) {
    __m256i smallest = _mm256_set1_epi16(-1);
    for (std::size_t c = 0; c < n; c += 16) {
        smallest = _mm256_min_epu16(smallest, _mm256_subs_epu16(sixteen_of(bounds + c), sixteen_of(moved + c)));
    }
    const __m128i eight = _mm_min_epu16(_mm256_castsi256_si128(smallest), _mm256_extracti128_si256(smallest, 1));
    return static_cast<std::uint16_t>(_mm_cvtsi128_si32(_mm_minpos_epu16(eight)));
}

inline std::size_t bounds_at_most(const std::uint16_t* bounds, const std::uint16_t* moved, std::uint16_t limit,
                                  std::size_t n, std::uint16_t* indices) {
    const __m256i limits = _mm256_set1_epi16(static_cast<std::int16_t>(limit));
    std::size_t count = 0;
    for (std::size_t c = 0; c < n; c += 16) {
        const __m256i left = _mm256_subs_epu16(sixteen_of(bounds + c), sixteen_of(moved + c));
        const __m256i is_low = _mm256_cmpeq_epi16(_mm256_min_epu16(left, limits), left);
        auto bytes = static_cast<unsigned>(_mm256_movemask_epi8(is_low)) & 0x55555555U;  // one bit of each two
        for (; bytes != 0; bytes &= bytes - 1) {
            indices[count++] = static_cast<std::uint16_t>(c + static_cast<unsigned>(__builtin_ctz(bytes)) / 2);
        }
    }
    return count;
}

}  // namespace
}  // namespace inkmeans
