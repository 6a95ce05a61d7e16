// The instruction set in use.
#include "inkmeans/isa.hpp"

#include <nanobind/stl/map.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>

#include "bind/bind.hpp"

namespace inkmeans {
namespace {

// Warns of an instruction set that was left out, once for each. The interpreter's lock is held.
void tell_left_out() {
    static std::size_t n_told = 0;
    if (n_told == isa_choice().n_left_out()) return;
    const std::string in_use = isa_choice().in_use().name;
    const auto left_out = isa_choice().left_out();
    while (n_told < left_out.size()) {
        const LeftOut& one = left_out[n_told++];
        const std::string message = "The kernel " + one.kernel + " of the instruction set " + one.isa +
                                    " disagrees with the scalar kernel on this machine, so " + in_use +
                                    " is used instead; please report it with what `inkmeans info` prints.";
        if (PyErr_WarnEx(PyExc_RuntimeWarning, message.c_str(), 1) != 0) throw nb::python_error();
    }
}

// Does what throws std::invalid_argument for an unknown name, which inkmeans.errors.InputError tells instead.
template <typename Work>
void with_input_errors(const Work& work) {
    try {
        work();
    } catch (const std::invalid_argument& error) {
        PyErr_SetString(nb::module_::import_("inkmeans.errors").attr("InputError").ptr(), error.what());
        throw nb::python_error();
    }
}

std::string isa_in_use() {
    prepare_kernels();
    return isa_choice().in_use().name;
}

std::map<std::string, std::string> isa_left_out() {
    std::map<std::string, std::string> kernels;
    for (const LeftOut& one : isa_choice().left_out()) kernels[one.isa] = one.kernel;
    return kernels;
}

}  // namespace

void prepare_kernels() {
    with_input_errors([] { isa_choice().in_use(); });
    tell_left_out();
}

void bind_isa(nb::module_& m) {
    // Read once, here, where the interpreter's lock keeps other threads from changing the environment.
    if (const char* wanted = std::getenv("INKMEANS_ISA")) isa_choice().select_from_environment(wanted);
    m.def("isa_in_use", isa_in_use, "The instruction set in use, checked before.");
    m.def(
        "isa_available", [] { return isa_choice().available(); },
        "Those that this machine runs and that are not left out, the plainest first.");
    m.def("isa_left_out", isa_left_out,
          "Those that disagreed with the scalar kernels when they were checked, and the kernel that did.");
    m.def(
        "select_isa",
        [](const std::string& name) {
            with_input_errors([&] { isa_choice().select(name); });
            prepare_kernels();
        },
        nb::arg("name"), "Use an instruction set from now on; '' for the best.");
    m.def(
        "leave_out_isa",
        [](const std::string& name, const std::string& kernel) { isa_choice().leave_out(name, kernel); },
        nb::arg("name"), nb::arg("kernel"), "Leave an instruction set out, as if that kernel had disagreed.");
    m.def("compiler", [] { return std::string(__VERSION__); });
}

}  // namespace inkmeans
