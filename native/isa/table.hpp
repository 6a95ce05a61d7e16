// Whether a table of kernels has all its entries, asked by static_assert where a table is filled; the kernels of rows
// are filled by lists, which the compiler warns of where they are short.
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

}  // namespace
}  // namespace inkmeans
