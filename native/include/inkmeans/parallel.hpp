// Work shared out in fixed pieces: which thread does a piece never changes what the piece computes.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <system_error>
#include <thread>
#include <vector>

namespace inkmeans {

// Calls work(piece) once for each piece in [0, n_pieces), on up to n_threads threads. An exception from one piece ends
// the work and is thrown here.
template <typename Work>
void parallel_for(std::size_t n_pieces, int n_threads, const Work& work) {
    if (n_threads <= 1 || n_pieces <= 1) {
        for (std::size_t piece = 0; piece < n_pieces; ++piece) work(piece);
        return;
    }
    std::atomic<std::size_t> next{0};
    std::atomic<bool> failed{false};
    std::exception_ptr failure;
    auto take = [&] {
        for (std::size_t piece; !failed.load(std::memory_order_relaxed) && (piece = next.fetch_add(1)) < n_pieces;) {
            try {
                work(piece);
            } catch (...) {
                if (!failed.exchange(true)) failure = std::current_exception();
            }
        }
    };
    const std::size_t n_helpers = std::min<std::size_t>(static_cast<std::size_t>(n_threads), n_pieces) - 1;
    std::vector<std::thread> helpers;
    helpers.reserve(n_helpers);
    for (std::size_t i = 0; i < n_helpers; ++i) {
        try {
            helpers.emplace_back(take);
        } catch (const std::system_error&) {
            break;  // the system gives no more threads: those at hand do the work
        }
    }
    take();
    for (auto& helper : helpers) helper.join();
    if (failure) std::rethrow_exception(failure);
}

}  // namespace inkmeans
