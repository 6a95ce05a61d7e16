// One probe of the processor, and INKMEANS_ISA to force a choice.
#include <array>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>

#include "inkmeans/kernels.hpp"

namespace inkmeans {
namespace {

struct Available {
    std::array<const Kernels*, 3> kernels{};
    std::array<const char*, 4> names{};  // ended by nullptr
    int count = 0;

    void add(const Kernels& one) {
        kernels[static_cast<std::size_t>(count)] = &one;
        names[static_cast<std::size_t>(count)] = one.name;
        ++count;
    }
};

const Available& available() {
    static const Available found = [] {
        Available all;
        all.add(kScalarKernels);
#ifdef INKMEANS_X86
        // The builtin asks the operating system too, whether it saves the wide registers.
        __builtin_cpu_init();
        if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("popcnt")) {
            all.add(kAvx2Kernels);
        }
        if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
            __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")) {
            all.add(kAvx512Kernels);
        }
#endif
        return all;
    }();
    return found;
}

}  // namespace

const char* const* available_kernels() { return available().names.data(); }

const Kernels& kernels() {
    const Available& all = available();
    const char* wanted = std::getenv("INKMEANS_ISA");
    if (wanted == nullptr || *wanted == '\0') return *all.kernels[static_cast<std::size_t>(all.count - 1)];
    std::string names;
    for (int i = 0; i < all.count; ++i) {
        const Kernels& one = *all.kernels[static_cast<std::size_t>(i)];
        if (std::strcmp(one.name, wanted) == 0) return one;
        names += std::string(i == 0 ? "" : i + 1 == all.count ? " or " : ", ") + "'" + one.name + "'";
    }
    throw std::runtime_error("INKMEANS_ISA is '" + std::string(wanted) + "', but this machine runs " + names +
                             "; choose one of them or unset it.");
}

}  // namespace inkmeans
