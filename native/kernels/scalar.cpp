// The plain kernels: what the others must agree with. Built for the baseline, they run on any machine.
#include <algorithm>
#include <cmath>
#include <limits>

#include "inkmeans/kernels.hpp"

namespace inkmeans {
namespace {

void dot_f32(const float* const* rows, std::size_t first, int n_rows, const float* panel, std::size_t n, float* dots) {
    for (int r = 0; r < n_rows; ++r) {
        const float* row = rows[r] + first;
        for (std::size_t j = 0; j < n; ++j) {
            for (std::size_t l = 0; l < kPanel; ++l) dots[r * kPanel + l] += row[j] * panel[j * kPanel + l];
        }
    }
}

float dot_row_f32(const float* row, const float* center, std::size_t n) {
    float sum = 0.0F;
    for (std::size_t j = 0; j < n; ++j) sum += row[j] * center[j];
    return sum;
}

void dot_i16(const std::int16_t* const* rows, int n_rows, const std::int16_t* panel, std::size_t n_pairs,
             std::int32_t* dots) {
    std::fill_n(dots, n_rows * kPanel, 0);
    for (int r = 0; r < n_rows; ++r) {
        for (std::size_t j = 0; j < 2 * n_pairs; ++j) {
            const std::int16_t* column = panel + j / 2 * 2 * kPanel + j % 2;
            for (std::size_t l = 0; l < kPanel; ++l) {
                dots[static_cast<std::size_t>(r) * kPanel + l] += std::int32_t{rows[r][j]} * column[2 * l];
            }
        }
    }
}

void dot_i16_steps(const std::int16_t* const* rows, int n_rows, const std::int16_t* panel, std::size_t n_pairs,
                   const float* steps, float* dots) {
    std::int32_t whole[kRowGroup * kPanel];
    dot_i16(rows, n_rows, panel, n_pairs, whole);
    for (int r = 0; r < n_rows; ++r) {
        for (int l = 0; l < kPanel; ++l) dots[r * kPanel + l] = static_cast<float>(whole[r * kPanel + l]) * steps[r];
    }
}

void round_f32(const float* row, float scale, std::size_t n, std::int16_t* rounded) {
    for (std::size_t j = 0; j < n; ++j) {
        rounded[j] = static_cast<std::int16_t>((row[j] * scale + 0x1.8p23F) - 0x1.8p23F);
    }
    if (n % 2 == 1) rounded[n] = 0;
}

void within_reach(const std::int32_t* dots, int n_rows, const std::int32_t* row_halves, const std::int32_t* row_reaches,
                  const std::int32_t* lane_halves, const std::int32_t* lane_reaches, std::uint16_t* lanes) {
    for (int r = 0; r < n_rows; ++r) {
        unsigned within = 0;
        for (int l = 0; l < kPanel; ++l) {
            const std::int32_t least = std::min(lane_halves[l] - row_reaches[r], row_halves[r] - lane_reaches[l]);
            within |= static_cast<unsigned>(dots[r * kPanel + l] > least) << l;
        }
        lanes[r] = static_cast<std::uint16_t>(within);
    }
}

void rectify(const std::int32_t* dots, int n_rows, const float* gains, const float* offsets, float* pooled) {
    for (int r = 0; r < n_rows; ++r) {
        for (int l = 0; l < kPanel; ++l) {
            pooled[l] += std::max(static_cast<float>(dots[r * kPanel + l]) * gains[r] - offsets[l], 0.0F);
        }
    }
}

void lowest(const float* dots, int n_rows, const float* norms, Lowest* found) {
    for (int r = 0; r < n_rows; ++r) {
        constexpr float kInfinity = std::numeric_limits<float>::infinity();
        Lowest& of_row = found[r] = {kInfinity, kInfinity, 0};
        for (int l = 0; l < kPanel; ++l) {
            const float score = norms[l] - 2.0F * dots[r * kPanel + l];
            if (score < of_row.score) {
                of_row = {score, of_row.score, l};
            } else if (score < of_row.second) {
                of_row.second = score;
            }
        }
    }
}

std::size_t quads(const std::uint8_t* row, std::size_t n, std::uint16_t* quads, std::uint32_t* values) {
    std::size_t count = 0;
    for (std::size_t j = 0; j < n; j += kQuad) {
        std::uint32_t value = 0;
        for (std::size_t i = j; i < n && i < j + kQuad; ++i) value |= std::uint32_t{row[i]} << (8 * (i - j));
        if (value == 0) continue;
        quads[count] = static_cast<std::uint16_t>(j / kQuad);
        values[count] = value;
        ++count;
    }
    return count;
}

void dot_u8(const std::uint16_t* quads, const std::uint32_t* values, std::size_t n_quads, const std::int16_t* panel,
            float step, float* dots) {
    std::int32_t sums[kPanel] = {};
    for (std::size_t q = 0; q < n_quads; ++q) {
        const std::int16_t* centers = panel + std::size_t{quads[q]} * kQuad * kPanel;
        for (std::size_t i = 0; i < kQuad; ++i) {
            const auto value = static_cast<std::int32_t>(values[q] >> (8 * i) & 255U);
            const std::int16_t* column = centers + i / 2 * 2 * kPanel + i % 2;
            for (std::size_t l = 0; l < kPanel; ++l) sums[l] += value * column[2 * l];
        }
    }
    for (std::size_t l = 0; l < kPanel; ++l) dots[l] = static_cast<float>(sums[l]) * step;
}

std::int32_t dot_row_u8(const std::uint8_t* row, const std::int16_t* center, std::size_t n) {
    std::int32_t sum = 0;
    for (std::size_t j = 0; j < n; ++j) sum += std::int32_t{row[j]} * center[j];
    return sum;
}

void add_whole(const std::uint8_t* row, std::int32_t sign, std::size_t n, std::int32_t* sum) {
    for (std::size_t j = 0; j < n; ++j) sum[j] += sign * std::int32_t{row[j]};
}

void add_fixed(const float* row, const double* scales, std::int32_t sign, std::size_t n, std::int64_t* sum) {
    for (std::size_t j = 0; j < n; ++j) {
        const double rounded = (static_cast<double>(row[j]) * scales[j] + 0x1.8p52) - 0x1.8p52;
        sum[j] += sign * static_cast<std::int64_t>(rounded);
    }
}

double square_u8(const std::uint8_t* row, std::size_t n) {
    double sum = 0.0;
    for (std::size_t j = 0; j < n; ++j) sum += static_cast<double>(row[j] * row[j]);
    return sum;
}

std::uint16_t lowest_u16(const std::uint16_t* bounds, const std::uint16_t* moved, std::size_t n) {
    int lowest = 65535;
    for (std::size_t c = 0; c < n; ++c) lowest = std::min(lowest, std::max(bounds[c] - moved[c], 0));
    return static_cast<std::uint16_t>(lowest);
}

std::size_t near_u16(const std::uint16_t* bounds, const std::uint16_t* moved, std::uint16_t limit, std::size_t n,
                     std::uint16_t* near) {
    std::size_t count = 0;
    for (std::size_t c = 0; c < n; ++c) {
        if (bounds[c] - moved[c] <= limit) near[count++] = static_cast<std::uint16_t>(c);
    }
    return count;
}

void bounds_u16(const float* dots, const float* norms, const float* moved, float square, float steps,
                std::uint16_t* bounds) {
    constexpr float kIn = 1.0F - 0x1p-22F;
    constexpr float kOut = 1.0F + 0x1p-22F;
    for (int l = 0; l < kPanel; ++l) {
        const float score = norms[l] - 2.0F * dots[l];
        const float below = square + std::min(score * kIn, score * kOut);
        const float bound = (std::sqrt(std::max(below, 0.0F)) * kIn + moved[l]) * kIn;
        bounds[l] = static_cast<std::uint16_t>(std::min(bound * steps * kIn, 65534.0F));
    }
}

std::size_t open_rows(const float* upper, const float* lower, const std::int32_t* labels, const float* own_moved,
                      const float* others_moved, float widen, float narrow, std::size_t n, std::uint32_t* rows) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < n; ++i) {
        rows[count] = static_cast<std::uint32_t>(i);
        count += !((upper[i] + own_moved[labels[i]]) * widen < (lower[i] - others_moved[labels[i]]) * narrow);
    }
    return count;
}

template <typename Value>
void add(const Value* row, const double* shift, double weight, std::size_t n, double* sum) {
    for (std::size_t j = 0; j < n; ++j) sum[j] += weight * (static_cast<double>(row[j]) - shift[j]);
}

template <typename Value>
double squared_distance(const Value* row, const double* center, std::size_t n) {
    double lanes[8] = {};
    for (std::size_t j = 0; j < n; ++j) {
        const double difference = static_cast<double>(row[j]) - center[j];
        lanes[j % 8] += difference * difference;
    }
    for (std::size_t l = 0; l < 4; ++l) lanes[l] += lanes[l + 4];
    return (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]);
}

template <typename Value>
double to_float32(const Value* row, const double* shift, std::size_t n, float* target) {
    double squares = 0.0;
    for (std::size_t j = 0; j < n; ++j) {
        target[j] = static_cast<float>(static_cast<double>(row[j]) - shift[j]);
        squares += static_cast<double>(target[j]) * target[j];
    }
    return squares;
}

template <typename Value>
constexpr RowKernels<Value> kRow = {add<Value>, squared_distance<Value>, to_float32<Value>};

}  // namespace

const Kernels kScalarKernels = {"scalar",    dot_f32,      dot_row_f32, dot_i16,   dot_i16_steps,
                                round_f32,   within_reach, rectify,     lowest,    quads,
                                dot_u8,      dot_row_u8,   add_whole,   add_fixed, square_u8,
                                lowest_u16,  near_u16,     bounds_u16,  open_rows, kRow<std::uint8_t>,
                                kRow<float>, kRow<double>};

}  // namespace inkmeans
