// The table of the kernels of one instruction set. A file that defines them all, by these names and in its unnamed
// namespace, includes this after them, so that their places in the table are written once. is_complete tells whether
// none is missing; the kernels of rows are filled by lists, which the compiler warns of where they are short.
#pragma once

#include "inkmeans/kernels.hpp"

namespace inkmeans {
namespace {  // internal linkage: see tails.hpp

constexpr bool is_complete(const Kernels& all) {
    const auto& [f32, f32_row, i16, i16_scaled, u8, u8_row] = all.dot;
    const auto& [quantize_f32, nonzero_quads] = all.pack;
    const auto& [two_smallest, undecided_lanes, pool_rectified] = all.panel;
    const auto& [quantize, smallest, at_most, undecided_rows] = all.bounds;
    const auto& [add_u8, add_fixed_point, squared_norm_u8] = all.sums;
    return all.name != nullptr && f32 != nullptr && f32_row != nullptr && i16 != nullptr && i16_scaled != nullptr &&
           u8 != nullptr && u8_row != nullptr && quantize_f32 != nullptr && nonzero_quads != nullptr &&
           two_smallest != nullptr && undecided_lanes != nullptr && pool_rectified != nullptr && quantize != nullptr &&
           smallest != nullptr && at_most != nullptr && undecided_rows != nullptr && add_u8 != nullptr &&
           add_fixed_point != nullptr && squared_norm_u8 != nullptr;
}

constexpr Kernels own_table(const char* name) {
    Kernels all{};
    all.name = name;
    all.dot.f32 = dot_f32;
    all.dot.f32_row = dot_f32_row;
    all.dot.i16 = dot_i16;
    all.dot.i16_scaled = dot_i16_scaled;
    all.dot.u8 = dot_u8;
    all.dot.u8_row = dot_u8_row;
    all.pack.quantize_f32 = quantize_f32;
    all.pack.nonzero_quads = nonzero_quads;
    all.panel.two_smallest = two_smallest;
    all.panel.undecided_lanes = undecided_lanes;
    all.panel.pool_rectified = pool_rectified;
    all.bounds.quantize = quantize_bounds;
    all.bounds.smallest = smallest_bound;
    all.bounds.at_most = bounds_at_most;
    all.bounds.undecided_rows = undecided_rows;
    all.sums.add_u8 = add_u8;
    all.sums.add_fixed_point = add_fixed_point;
    all.sums.squared_norm_u8 = squared_norm_u8;
    all.u8 = kRow<std::uint8_t>;
    all.f32 = kRow<float>;
    all.f64 = kRow<double>;
    return all;
}

}  // namespace
}  // namespace inkmeans
