// One probe of the processor, and the choice between the instruction sets that it runs.
#include <algorithm>
#include <stdexcept>

#include "inkmeans/isa.hpp"
#include "inkmeans/kernels.hpp"

namespace inkmeans {
namespace {

std::vector<const Kernels*> tables_of_this_machine() {
    std::vector<const Kernels*> tables = {&kScalarKernels};
#ifdef INKMEANS_X86
    // The builtin asks the operating system too, whether it saves the wide registers.
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("popcnt")) {
        tables.push_back(&kAvx2Kernels);
    }
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512dq")) {
        tables.push_back(&kAvx512Kernels);
    }
#endif
    return tables;
}

}  // namespace

IsaChoice::IsaChoice(std::vector<const Kernels*> tables) {
    for (const Kernels* table : tables) candidates_.push_back({table, candidates_.empty(), false});
}

bool IsaChoice::has(const std::string& name) const {
    return std::any_of(candidates_.begin(), candidates_.end(),
                       [&](const Candidate& candidate) { return candidate.table->name == name; });
}

// All names, as a sentence lists them.
std::string IsaChoice::names() const {
    std::string names;
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
        names += std::string(i == 0                        ? ""
                             : i + 1 == candidates_.size() ? " or "
                                                           : ", ") +
                 "'" + candidates_[i].table->name + "'";
    }
    return names;
}

void IsaChoice::select(const std::string& name) {
    if (!name.empty() && !has(name)) {
        throw std::invalid_argument("there is no instruction set '" + name + "' here; choose " + names() + ".");
    }
    select_from_environment(name);
}

void IsaChoice::select_from_environment(const std::string& value) {
    const std::lock_guard<std::mutex> lock(mutex_);
    wanted_ = value;
    in_use_.store(nullptr, std::memory_order_release);
}

const Kernels& IsaChoice::choose() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!wanted_.empty() && !has(wanted_)) {
        throw std::invalid_argument("INKMEANS_ISA is '" + wanted_ + "', but this machine runs " + names() +
                                    "; choose one of them or unset it.");
    }
    std::size_t place = candidates_.size() - 1;
    while (!wanted_.empty() && candidates_[place].table->name != wanted_) --place;
    for (; place > 0; --place) {
        Candidate& candidate = candidates_[place];
        if (!candidate.is_checked) {
            candidate.is_checked = true;
            const char* kernel = find_disagreement(*candidate.table);
            if (kernel != nullptr) leave_out(candidate, kernel);
        }
        if (!candidate.is_left_out) break;
    }
    in_use_.store(candidates_[place].table, std::memory_order_release);
    return *candidates_[place].table;
}

void IsaChoice::leave_out(Candidate& candidate, const std::string& kernel) {
    candidate.is_checked = candidate.is_left_out = true;
    left_out_.push_back({candidate.table->name, kernel});
    n_left_out_.store(left_out_.size(), std::memory_order_release);
    in_use_.store(nullptr, std::memory_order_release);
}

void IsaChoice::leave_out(const std::string& isa, const std::string& kernel) {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (std::size_t i = 1; i < candidates_.size(); ++i) {
        if (isa == candidates_[i].table->name && !candidates_[i].is_left_out) leave_out(candidates_[i], kernel);
    }
}

std::vector<LeftOut> IsaChoice::left_out() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return left_out_;
}

std::vector<std::string> IsaChoice::available() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::vector<std::string> names;
    for (const Candidate& candidate : candidates_) {
        if (!candidate.is_left_out) names.emplace_back(candidate.table->name);
    }
    return names;
}

IsaChoice& isa_choice() {
    static IsaChoice of_this_process(tables_of_this_machine());
    return of_this_process;
}

const Kernels& kernels() { return isa_choice().in_use(); }

}  // namespace inkmeans
