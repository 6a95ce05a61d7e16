// The self-check of instruction sets beside planted faults: each kernel in turn is replaced by one that is right but
// for its last value, and must be found. Prints how long a check takes.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "inkmeans/isa.hpp"
#include "inkmeans/kernels.hpp"

using namespace inkmeans;

namespace {

void require(bool holds, const std::string& what) {
    if (!holds) {
        std::printf("%s.\n", what.c_str());
        std::exit(1);
    }
}

constexpr const Kernels& k = kScalarKernels;

struct Fault {
    const char* kernel;
    std::function<void(Kernels&)> plant;
};

template <typename Value>
void plant_add(RowKernels<Value>& row) {
    row.add = [](const Value* x, const double* shift, double weight, std::size_t n, double* sum) {
        row_kernels(k, x).add(x, shift, weight, n, sum);
        sum[n - 1] *= 1.0 + 0x1p-52;
    };
}

template <typename Value>
void plant_distance(RowKernels<Value>& row) {
    row.squared_distance = [](const Value* x, const double* center, std::size_t n) {
        return row_kernels(k, x).squared_distance(x, center, n) * (1.0 + 0x1p-52);
    };
}

template <typename Value>
void plant_to_float32(RowKernels<Value>& row) {
    row.to_float32 = [](const Value* x, const double* shift, std::size_t n, float* target) {
        row_kernels(k, x).to_float32(x, shift, n, target);
        target[n] = 0.0F;  // behind the end
    };
}

const std::vector<Fault> kFaults = {
    {"dot.f32",
     [](Kernels& all) {
         all.dot.f32 = [](const float* const* rows, std::size_t first, int n_rows, const float* panel, std::size_t n,
                          float* dots) {
             k.dot.f32(rows, first, n_rows, panel, n - 1, dots);  // leaves out the last column
         };
     }},
    {"dot.f32_row",
     [](Kernels& all) {
         all.dot.f32_row = [](const float* row, const float* center, std::size_t n) {
             return k.dot.f32_row(row, center, n - 1);
         };
     }},
    {"dot.i16",
     [](Kernels& all) {
         all.dot.i16 = [](const std::int16_t* const* rows, int n_rows, const std::int16_t* panel, std::size_t n_pairs,
                          std::int32_t* dots) {
             k.dot.i16(rows, n_rows, panel, n_pairs, dots);
             dots[n_rows * kPanel - 1] += 1;
         };
     }},
    {"dot.i16_scaled",
     [](Kernels& all) {
         all.dot.i16_scaled = [](const std::int16_t* const* rows, int n_rows, const std::int16_t* panel,
                                 std::size_t n_pairs, const float* scales, float* dots) {
             k.dot.i16_scaled(rows, n_rows, panel, n_pairs, scales, dots);
             dots[n_rows * kPanel - 1] *= 1.0F + 0x1p-22F;
         };
     }},
    {"dot.u8",
     [](Kernels& all) {
         all.dot.u8 = [](const std::uint16_t* quads, const std::uint32_t* values, std::size_t n_quads,
                         const std::int16_t* panel, float scale, float* dots) {
             k.dot.u8(quads, values, n_quads, panel, scale, dots);
             dots[kPanel - 1] *= 1.0F + 0x1p-22F;
         };
     }},
    {"dot.u8_row",
     [](Kernels& all) {
         all.dot.u8_row = [](const std::uint8_t* row, const std::int16_t* center, std::size_t n) {
             return k.dot.u8_row(row, center, n) + (n > 64);
         };
     }},
    {"pack.quantize_f32",
     [](Kernels& all) {
         all.pack.quantize_f32 = [](const float* row, float scale, std::size_t n, std::int16_t* quantized) {
             for (std::size_t j = 0; j < n; ++j) quantized[j] = static_cast<std::int16_t>(row[j] * scale);  // cut off
             if (n % 2 == 1) quantized[n] = 0;
         };
     }},
    {"pack.nonzero_quads",
     [](Kernels& all) {
         all.pack.nonzero_quads = [](const std::uint8_t* row, std::size_t n, std::uint16_t* quads,
                                     std::uint32_t* values) {
             return k.pack.nonzero_quads(row, n / kQuad * kQuad, quads, values);
         };
     }},
    {"panel.two_smallest",
     [](Kernels& all) {
         all.panel.two_smallest = [](const float* dots, int n_rows, const float* norms, TwoSmallest* found) {
             k.panel.two_smallest(dots, n_rows, norms, found);
             if (found[0].second == found[0].smallest) found[0].argmin = kPanel - 1;  // a tie to the last
         };
     }},
    {"panel.undecided_lanes",
     [](Kernels& all) {
         all.panel.undecided_lanes = [](const std::int32_t* dots, int n_rows, PruningTerms rows, PruningTerms lanes,
                                        std::uint16_t* undecided) {
             k.panel.undecided_lanes(dots, n_rows, rows, lanes, undecided);
             undecided[n_rows - 1] = static_cast<std::uint16_t>(undecided[n_rows - 1] ^ 1U << (kPanel - 1));
         };
     }},
    {"panel.pool_rectified",
     [](Kernels& all) {
         all.panel.pool_rectified = [](const std::int32_t* dots, int n_rows, const float* gains, const float* offsets,
                                       float* pooled) {
             for (int r = 0; r < n_rows; ++r) {
                 for (int l = 0; l < kPanel; ++l) {  // not rectified
                     pooled[l] += static_cast<float>(dots[r * kPanel + l]) * gains[r] - offsets[l];
                 }
             }
         };
     }},
    {"bounds.quantize",
     [](Kernels& all) {
         all.bounds.quantize = [](const float* dots, const float* norms, const float* moved, float square, float scale,
                                  std::uint16_t* bounds) {
             k.bounds.quantize(dots, norms, moved, square, scale, bounds);
             bounds[kPanel - 1] = static_cast<std::uint16_t>(bounds[kPanel - 1] + 1);
         };
     }},
    {"bounds.smallest",
     [](Kernels& all) {
         all.bounds.smallest = [](const std::uint16_t* bounds, const std::uint16_t* moved, std::size_t n) {
             std::uint16_t smallest = 65535;
             for (std::size_t c = 0; c < n; ++c) {
                 const auto bound = static_cast<std::uint16_t>(bounds[c] - moved[c]);  // wraps round below 0
                 if (bound < smallest) smallest = bound;
             }
             return smallest;
         };
     }},
    {"bounds.at_most",
     [](Kernels& all) {
         all.bounds.at_most = [](const std::uint16_t* bounds, const std::uint16_t* moved, std::uint16_t limit,
                                 std::size_t n, std::uint16_t* indices) {
             return limit == 0 ? 0 : k.bounds.at_most(bounds, moved, limit, n, indices);
         };
     }},
    {"bounds.undecided_rows",
     [](Kernels& all) {
         all.bounds.undecided_rows = [](const float* upper, const float* lower, const std::int32_t* labels,
                                        const float* own_moved, const float* others_moved, float widen, float narrow,
                                        std::size_t n, std::uint32_t* rows) {
             std::size_t count = 0;
             for (std::size_t i = 0; i < n; ++i) {  // decides what is not a number
                 rows[count] = static_cast<std::uint32_t>(i);
                 count += (upper[i] + own_moved[labels[i]]) * widen >= (lower[i] - others_moved[labels[i]]) * narrow;
             }
             return count;
         };
     }},
    {"sums.add_u8",
     [](Kernels& all) {
         all.sums.add_u8 = [](const std::uint8_t* row, std::int32_t, std::size_t n, std::int32_t* sum) {
             k.sums.add_u8(row, 1, n, sum);  // never takes off
         };
     }},
    {"sums.add_fixed_point",
     [](Kernels& all) {
         all.sums.add_fixed_point = [](const float* row, const double* scales, std::int32_t sign, std::size_t n,
                                       std::int64_t* sum) {
             k.sums.add_fixed_point(row, scales, sign, n, sum);
             sum[n - 1] += 1;
         };
     }},
    {"sums.squared_norm_u8",
     [](Kernels& all) {
         all.sums.squared_norm_u8 = [](const std::uint8_t* row, std::size_t n) {
             std::int32_t sum = 0;  // leaves int32 in a long row
             for (std::size_t j = 0; j < n; ++j)
                 sum = static_cast<std::int32_t>(static_cast<std::uint32_t>(sum) + row[j] * row[j]);
             return static_cast<double>(sum);
         };
     }},
    {"u8.add", [](Kernels& all) { plant_add(all.u8); }},
    {"f32.add", [](Kernels& all) { plant_add(all.f32); }},
    {"f64.add", [](Kernels& all) { plant_add(all.f64); }},
    {"u8.squared_distance", [](Kernels& all) { plant_distance(all.u8); }},
    {"f32.squared_distance", [](Kernels& all) { plant_distance(all.f32); }},
    {"f64.squared_distance", [](Kernels& all) { plant_distance(all.f64); }},
    {"u8.to_float32", [](Kernels& all) { plant_to_float32(all.u8); }},
    {"f32.to_float32", [](Kernels& all) { plant_to_float32(all.f32); }},
    {"f64.to_float32", [](Kernels& all) { plant_to_float32(all.f64); }},
};

// Every entry of a table is a function pointer, but for the name.
static_assert(sizeof(Kernels) == sizeof(const char*) + 27 * sizeof(void (*)()),
              "a kernel is added: plant its fault too");

void check_choice() {
    Kernels good = k;
    good.name = "good";
    Kernels bad = k;
    bad.name = "bad";
    kFaults[2].plant(bad);
    IsaChoice choice({&k, &good, &bad});
    require(choice.n_left_out() == 0 && choice.available().size() == 3, "something is left out before it is used");
    require(std::strcmp(choice.in_use().name, "good") == 0, "the next plainer instruction set is not used instead");
    require(
        choice.left_out().size() == 1 && choice.left_out()[0].isa == "bad" && choice.left_out()[0].kernel == "dot.i16",
        "what is left out is not told");
    choice.select("bad");
    require(std::strcmp(choice.in_use().name, "good") == 0 && choice.n_left_out() == 1, "what is left out is used");
    choice.select("scalar");
    require(&choice.in_use() == &k, "the selected kernels are not in use");
    choice.leave_out("good", "a kernel");
    choice.select("");
    require(&choice.in_use() == &k && choice.n_left_out() == 2,
            "the scalar kernels are not used when all else is left out");
    choice.leave_out("scalar", "a kernel");
    require(&choice.in_use() == &k, "the scalar kernels are left out");
    try {
        choice.select("none");
        require(false, "an unknown name is taken");
    } catch (const std::invalid_argument&) {
    }
    require(&choice.in_use() == &k, "an unknown name has changed the choice");
}

}  // namespace

int main() {
    require(kFaults.size() == 27, "a kernel has no planted fault");
    for (const Fault& fault : kFaults) {
        Kernels broken = k;
        fault.plant(broken);
        const char* found = find_disagreement(broken);
        require(found != nullptr && std::strcmp(found, fault.kernel) == 0,
                std::string("The fault of ") + fault.kernel + " is taken for " + (found != nullptr ? found : "none"));
    }
    check_choice();
    for (const std::string& name : isa_choice().available()) {
        isa_choice().select(name);
        const auto start = std::chrono::steady_clock::now();
        const char* found = find_disagreement(kernels());
        const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
        require(found == nullptr && name == kernels().name,
                name + " disagrees in " + (found != nullptr ? found : "its name"));
        std::printf("%s agrees, checked in %.2f ms\n", name.c_str(), took.count());
    }
    return 0;
}
