// Which instruction set is in use, and how one proves itself before it is.
#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

#include "inkmeans/kernels.hpp"

namespace inkmeans {

// Compares each kernel with the scalar one on made data, at lengths around the width of a register: the same bytes, or
// within the error that the kernel's contract allows. Returns the name of the first that disagrees, such as "dot.i16",
// or nullptr. Takes some milliseconds.
const char* find_disagreement(const Kernels& kernels);

// An instruction set that is not used, and the kernel of it that disagrees with the scalar one.
struct LeftOut {
    std::string isa;
    std::string kernel;
};

// The choice between tables of kernels. One is checked once, before it is first used; where it disagrees with the
// scalar kernels it is left out, and the next plainer one is used. All functions may be called from any thread.
class IsaChoice {
   public:
    // tables: the plainest first; that one is trusted. They must outlive it.
    explicit IsaChoice(std::vector<const Kernels*> tables);

    // The table to use from now on, by name; "" for the best. Throws std::invalid_argument, and changes nothing, if
    // there is none of that name.
    void select(const std::string& name);

    // The same for the value of INKMEANS_ISA, whatever it is: an unknown name makes `in_use` throw
    // std::invalid_argument.
    void select_from_environment(const std::string& value);

    // The kernels in use, chosen and checked at the first call.
    const Kernels& in_use() {
        const Kernels* chosen = in_use_.load(std::memory_order_acquire);
        return chosen != nullptr ? *chosen : choose();
    }

    // Leaves a table out from now on, as the check does. The plainest stays.
    void leave_out(const std::string& isa, const std::string& kernel);

    // Those that were left out, in that order; counting them is cheap.
    std::vector<LeftOut> left_out() const;
    std::size_t n_left_out() const { return n_left_out_.load(std::memory_order_acquire); }

    // The names of the tables that are not left out, the plainest first.
    std::vector<std::string> available() const;

   private:
    struct Candidate {
        const Kernels* table;
        bool is_checked;
        bool is_left_out;
    };

    const Kernels& choose();
    bool has(const std::string& name) const;
    std::string names() const;
    void leave_out(Candidate& candidate, const std::string& kernel);

    mutable std::mutex mutex_;
    std::vector<Candidate> candidates_;
    std::vector<LeftOut> left_out_;
    std::string wanted_;
    std::atomic<const Kernels*> in_use_{nullptr};
    std::atomic<std::size_t> n_left_out_{0};
};

// The choice of this process, among the instruction sets that its processor and system run.
IsaChoice& isa_choice();

}  // namespace inkmeans
