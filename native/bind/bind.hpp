// What the parts of the binding share. Each function checks shapes, releases the interpreter's lock and calls the core;
// dtypes and contiguity are checked by the argument types. Nothing is computed here.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <stdexcept>

namespace nb = nanobind;

namespace inkmeans {

template <typename Value, int kDimensions>
using Array = nb::ndarray<Value, nb::numpy, nb::ndim<kDimensions>, nb::c_contig, nb::device::cpu>;

inline void require(bool holds, const char* message) {
    if (!holds) throw std::invalid_argument(message);
}

// Chooses and checks the instruction set if that is still to do, and warns of one that is left out. Call it with the
// interpreter's lock held, before kernels are used.
void prepare_kernels();

// Releases the interpreter's lock, with the kernels prepared.
class Unlocked {
    struct Prepared {
        Prepared() { prepare_kernels(); }
    };
    Prepared prepared_;  // first
    nb::gil_scoped_release released_;
};

// Each adds the functions and classes of its family to the module.
void bind_images(nb::module_& m);
void bind_kmeans(nb::module_& m);
void bind_rows(nb::module_& m);
void bind_isa(nb::module_& m);

}  // namespace inkmeans
