// Kernels that are compiled for each number of rows, so that the rows' sums stay in registers.
#pragma once

#include <type_traits>

#include "inkmeans/kernels.hpp"

namespace inkmeans {
namespace {  // internal linkage: see tails.hpp

// Calls work with the number of rows, 1 to kRowGroup, as a constant: decltype(count)::value.
template <typename Work>
void with_n_rows(int n_rows, const Work& work) {
    static_assert(kRowGroup == 6, "one case for each number of rows");
    switch (n_rows) {
        case 6: return work(std::integral_constant<int, 6>());
        case 5: return work(std::integral_constant<int, 5>());
        case 4: return work(std::integral_constant<int, 4>());
        case 3: return work(std::integral_constant<int, 3>());
        case 2: return work(std::integral_constant<int, 2>());
        default: return work(std::integral_constant<int, 1>());
    }
}

}  // namespace
}  // namespace inkmeans
