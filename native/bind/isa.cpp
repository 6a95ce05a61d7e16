// The instruction set in use.
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <string>
#include <vector>

#include "bind/bind.hpp"
#include "inkmeans/kernels.hpp"

namespace inkmeans {
namespace {

std::vector<std::string> isa_names() {
    std::vector<std::string> names;
    for (const char* const* name = available_kernels(); *name != nullptr; ++name) names.emplace_back(*name);
    return names;
}

}  // namespace

void bind_isa(nb::module_& m) {
    m.def("isa", [] { return std::string(kernels().name); });
    m.def("isa_available", isa_names);
    m.def("compiler", [] { return std::string(__VERSION__); });
}

}  // namespace inkmeans
