// How many rows go with a panel at once, and the small things that all who work in blocks of rows need.
#pragma once

#include <cstddef>
#include <vector>

#include "inkmeans/kernels.hpp"

namespace inkmeans {

constexpr std::size_t kTogether = 8 * kRowGroup;  // rows multiplied with a panel at once
constexpr std::size_t kAhead = 4;                 // rows of bytes whose memory is asked for before it is needed
constexpr std::size_t kStretch = 256;  // features taken at once: 16 KB of a panel of floats stay in the L1 cache

// Room for n, kept from one block to the next.
template <typename Value>
void grow(std::vector<Value>& values, std::size_t n) {
    if (values.size() < n) values.resize(n);
}

// Asks for memory that is needed soon.
template <typename Value>
void prefetch(const Value* first, const Value* last) {
    constexpr std::size_t kLine = 64 / sizeof(Value);
    for (; first < last; first += kLine) __builtin_prefetch(first);
}

}  // namespace inkmeans
