// The plain kernels: what the others must agree with. Built for the baseline, they run on any machine.
#include <algorithm>
#include <cmath>
#include <limits>

#include "inkmeans/kernels.hpp"
#include "isa/tails.hpp"

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

float dot_f32_row(const float* row, const float* center, std::size_t n) { return dot_f32_tail(row, center, 0, n); }

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

void dot_i16_scaled(const std::int16_t* const* rows, int n_rows, const std::int16_t* panel, std::size_t n_pairs,
                    const float* scales, float* dots) {
    std::int32_t whole[kRowGroup * kPanel];
    dot_i16(rows, n_rows, panel, n_pairs, whole);
    for (int r = 0; r < n_rows; ++r) {
        for (int l = 0; l < kPanel; ++l) dots[r * kPanel + l] = static_cast<float>(whole[r * kPanel + l]) * scales[r];
    }
}

void quantize_f32(const float* row, float scale, std::size_t n, std::int16_t* quantized) {
    quantize_f32_tail(row, scale, 0, n, quantized);
}

void undecided_lanes(const std::int32_t* dots, int n_rows, PruningTerms rows, PruningTerms lanes,
                     std::uint16_t* undecided) {
    for (int r = 0; r < n_rows; ++r) {
        unsigned bits = 0;
        for (int l = 0; l < kPanel; ++l) {
            const std::int32_t least = std::min(lanes.half_squared_norms[l] - rows.thresholds[r],
                                                rows.half_squared_norms[r] - lanes.thresholds[l]);
            bits |= static_cast<unsigned>(dots[r * kPanel + l] > least) << l;
        }
        undecided[r] = static_cast<std::uint16_t>(bits);
    }
}

void pool_rectified(const std::int32_t* dots, int n_rows, const float* gains, const float* offsets, float* pooled) {
    for (int r = 0; r < n_rows; ++r) {
        for (int l = 0; l < kPanel; ++l) {
            pooled[l] += std::max(static_cast<float>(dots[r * kPanel + l]) * gains[r] - offsets[l], 0.0F);
        }
    }
}

void two_smallest(const float* dots, int n_rows, const float* norms, TwoSmallest* found) {
    for (int r = 0; r < n_rows; ++r) {
        constexpr float kInfinity = std::numeric_limits<float>::infinity();
        TwoSmallest& of_row = found[r] = {kInfinity, kInfinity, 0};
        for (int l = 0; l < kPanel; ++l) {
            const float score = norms[l] - 2.0F * dots[r * kPanel + l];
            if (score < of_row.smallest) {
                of_row = {score, of_row.smallest, l};
            } else if (score < of_row.second) {
                of_row.second = score;
            }
        }
    }
}

std::size_t nonzero_quads(const std::uint8_t* row, std::size_t n, std::uint16_t* quads, std::uint32_t* values) {
    return nonzero_quads_tail(row, 0, n, 0, quads, values);
}

void dot_u8(const std::uint16_t* quads, const std::uint32_t* values, std::size_t n_quads, const std::int16_t* panel,
            float scale, float* dots) {
    std::int32_t sums[kPanel] = {};
    for (std::size_t q = 0; q < n_quads; ++q) {
        const std::int16_t* centers = panel + std::size_t{quads[q]} * kQuad * kPanel;
        for (std::size_t i = 0; i < kQuad; ++i) {
            const auto value = static_cast<std::int32_t>(values[q] >> (8 * i) & 255U);
            const std::int16_t* column = centers + i / 2 * 2 * kPanel + i % 2;
            for (std::size_t l = 0; l < kPanel; ++l) sums[l] += value * column[2 * l];
        }
    }
    for (std::size_t l = 0; l < kPanel; ++l) dots[l] = static_cast<float>(sums[l]) * scale;
}

std::int32_t dot_u8_row(const std::uint8_t* row, const std::int16_t* center, std::size_t n) {
    return dot_u8_tail(row, center, 0, n);
}

void add_u8(const std::uint8_t* row, std::int32_t sign, std::size_t n, std::int32_t* sum) {
    add_u8_tail(row, sign, 0, n, sum);
}

void add_fixed_point(const float* row, const double* scales, std::int32_t sign, std::size_t n, std::int64_t* sum) {
    add_fixed_point_tail(row, scales, sign, 0, n, sum);
}

double squared_norm_u8(const std::uint8_t* row, std::size_t n) { return squared_norm_u8_tail(row, 0, n); }

std::uint16_t smallest_bound(const std::uint16_t* bounds, const std::uint16_t* moved, std::size_t n) {
    int smallest = 65535;
    for (std::size_t c = 0; c < n; ++c) smallest = std::min(smallest, std::max(bounds[c] - moved[c], 0));
    return static_cast<std::uint16_t>(smallest);
}

std::size_t bounds_at_most(const std::uint16_t* bounds, const std::uint16_t* moved, std::uint16_t limit, std::size_t n,
                           std::uint16_t* indices) {
    std::size_t count = 0;
    for (std::size_t c = 0; c < n; ++c) {
        if (bounds[c] - moved[c] <= limit) indices[count++] = static_cast<std::uint16_t>(c);
    }
    return count;
}

void quantize_bounds(const float* dots, const float* norms, const float* moved, float square, float scale,
                     std::uint16_t* bounds) {
    constexpr float kIn = 1.0F - 0x1p-22F;
    constexpr float kOut = 1.0F + 0x1p-22F;
    for (int l = 0; l < kPanel; ++l) {
        const float score = norms[l] - 2.0F * dots[l];
        const float below = square + std::min(score * kIn, score * kOut);
        const float bound = (std::sqrt(std::max(below, 0.0F)) * kIn + moved[l]) * kIn;
        bounds[l] = static_cast<std::uint16_t>(std::min(bound * scale * kIn, 65534.0F));
    }
}

std::size_t undecided_rows(const float* upper, const float* lower, const std::int32_t* labels, const float* own_moved,
                           const float* others_moved, float widen, float narrow, std::size_t n, std::uint32_t* rows) {
    return undecided_rows_tail(upper, lower, labels, own_moved, others_moved, widen, narrow, 0, n, 0, rows);
}

template <typename Value>
void add(const Value* row, const double* shift, double weight, std::size_t n, double* sum) {
    add_tail(row, shift, weight, 0, n, sum);
}

template <typename Value>
double squared_distance(const Value* row, const double* center, std::size_t n) {
    double lanes[8] = {};
    return squared_distance_tail(row, center, 0, n, lanes);
}

template <typename Value>
void to_float32(const Value* row, const double* shift, std::size_t n, float* target) {
    to_float32_tail(row, shift, 0, n, target);
}

// All of different types: none can be taken for another.
template <typename Value>
constexpr RowKernels<Value> kRow = {add<Value>, squared_distance<Value>, to_float32<Value>};

}  // namespace
}  // namespace inkmeans

#include "isa/table.hpp"

namespace inkmeans {

static_assert(is_complete(own_table("scalar")));
const Kernels kScalarKernels = own_table("scalar");

}  // namespace inkmeans
