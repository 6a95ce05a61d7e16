// Plain loops over the columns that are left after whole registers, from column j on. The scalar kernels are these
// loops from column 0 on.
//
// Everything here has internal linkage, and so has everything else that files of this folder share: each file compiles
// its own copy with its own flags. An inline function or template with external linkage would be compiled by several
// files, and the linker keeps any one copy for all of them: a baseline file could then call AVX-512 code. For the same
// reason these files call no function templates of the standard library; `make check-native` looks into the objects.
#pragma once

#include <cstddef>
#include <cstdint>

#include "inkmeans/kernels.hpp"

namespace inkmeans {
namespace {

template <typename Value>
constexpr Value min_of_two(Value a, Value b) {
    return b < a ? b : a;
}

inline float dot_f32_tail(const float* row, const float* center, std::size_t j, std::size_t n) {
    float sum = 0.0F;
    for (; j < n; ++j) sum += row[j] * center[j];
    return sum;
}

inline std::int32_t dot_u8_tail(const std::uint8_t* row, const std::int16_t* center, std::size_t j, std::size_t n) {
    std::int32_t sum = 0;
    for (; j < n; ++j) sum += std::int32_t{row[j]} * center[j];
    return sum;
}

// Adding and taking off 1.5 * 2^23 rounds to the nearest integer, ties to even.
inline void quantize_f32_tail(const float* row, float scale, std::size_t j, std::size_t n, std::int16_t* quantized) {
    for (; j < n; ++j) quantized[j] = static_cast<std::int16_t>((row[j] * scale + 0x1.8p23F) - 0x1.8p23F);
    if (n % 2 == 1) quantized[n] = 0;
}

// Goes on after `count` quads; j is a multiple of kQuad. Returns how many there are in all.
inline std::size_t nonzero_quads_tail(const std::uint8_t* row, std::size_t j, std::size_t n, std::size_t count,
                                      std::uint16_t* quads, std::uint32_t* values) {
    for (; j < n; j += kQuad) {
        std::uint32_t value = 0;
        for (std::size_t i = j; i < n && i < j + kQuad; ++i) value |= std::uint32_t{row[i]} << (8 * (i - j));
        quads[count] = static_cast<std::uint16_t>(j / kQuad);
        values[count] = value;
        count += value != 0;
    }
    return count;
}

// Goes on after `count` undecided rows; returns how many there are in all. Written so that what is not a number is
// undecided.
inline std::size_t undecided_rows_tail(const float* upper, const float* lower, const std::int32_t* labels,
                                       const float* own_moved, const float* others_moved, float widen, float narrow,
                                       std::size_t i, std::size_t n, std::size_t count, std::uint32_t* rows) {
    for (; i < n; ++i) {
        rows[count] = static_cast<std::uint32_t>(i);
        count += !((upper[i] + own_moved[labels[i]]) * widen < (lower[i] - others_moved[labels[i]]) * narrow);
    }
    return count;
}

inline void add_u8_tail(const std::uint8_t* row, std::int32_t sign, std::size_t j, std::size_t n, std::int32_t* sum) {
    for (; j < n; ++j) sum[j] += sign * std::int32_t{row[j]};
}

// Adding and taking off 1.5 * 2^52 rounds to the nearest integer, ties to even.
inline void add_fixed_point_tail(const float* row, const double* scales, std::int32_t sign, std::size_t j,
                                 std::size_t n, std::int64_t* sum) {
    for (; j < n; ++j) {
        const double rounded = (static_cast<double>(row[j]) * scales[j] + 0x1.8p52) - 0x1.8p52;
        sum[j] += sign * static_cast<std::int64_t>(rounded);
    }
}

inline double squared_norm_u8_tail(const std::uint8_t* row, std::size_t j, std::size_t n) {
    double sum = 0.0;
    for (; j < n; ++j) sum += static_cast<double>(row[j] * row[j]);
    return sum;
}

template <typename Value>
void add_tail(const Value* row, const double* shift, double weight, std::size_t j, std::size_t n, double* sum) {
    for (; j < n; ++j) sum[j] += weight * (static_cast<double>(row[j]) - shift[j]);
}

// lanes: 8 partial sums of the columns before j, which is a multiple of 8. Returns the sum of all.
template <typename Value>
double squared_distance_tail(const Value* row, const double* center, std::size_t j, std::size_t n, double* lanes) {
    for (; j < n; ++j) {
        const double difference = static_cast<double>(row[j]) - center[j];
        lanes[j % 8] += difference * difference;
    }
    for (std::size_t l = 0; l < 4; ++l) lanes[l] += lanes[l + 4];
    return (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]);
}

template <typename Value>
void to_float32_tail(const Value* row, const double* shift, std::size_t j, std::size_t n, float* target) {
    for (; j < n; ++j) target[j] = static_cast<float>(static_cast<double>(row[j]) - shift[j]);
}

}  // namespace
}  // namespace inkmeans
