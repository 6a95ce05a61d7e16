// The nearest center of each row, exactly: scores in float32 or integers with an error bound; rows that these leave
// undecided again in float64, ties to the lowest index.
//
// Between assignments rows keep bounds on their distances. By the triangle inequality a center that moved by m has come
// nearer by no more than m, so a row whose upper bound on the distance to its own center lies below all its lower
// bounds on others keeps its label. Bounds are stored with the sum of all moves up to then added (lower) or taken off
// (upper), and the sum up to now is applied when they are read, so that a row that keeps its label is not written
// to. Every bound is rounded outwards, and holds for the distances that float64 arithmetic finds: what is pruned could
// not have won, nor tied.
#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "inkmeans/kernels.hpp"
#include "inkmeans/kmeans.hpp"
#include "inkmeans/parallel.hpp"
#include "kmeans/elkan_bounds.hpp"
#include "kmeans/hamerly_bounds.hpp"
#include "kmeans/nearest.hpp"
#include "kmeans/scores.hpp"
#include "rows/norms.hpp"
#include "rows/panels.hpp"
#include "rows/rounding.hpp"

namespace inkmeans {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr std::size_t kBlockBytes = 192 << 10;  // a block's rows stay in the L2 cache
constexpr std::size_t kMaxBlock = 240;          // rows, a multiple of kTogether
constexpr std::size_t kFewRows = 24;            // packing the centers costs as much as so many rows do in float64
constexpr std::size_t kChangedToPrune = 5;      // bounds prune where no more than 1 in 5 labels changed the last time
constexpr std::size_t kChangedToStore = 2;  // and are worth storing, for the next time, where no more than 1 in 2 did
constexpr std::size_t kUndecidedToQuantize = 20;  // quantized products pay where no more than 1 in 20 rows is undecided

// The two smallest scores of one row so far.
struct BestScores {
    float smallest = kInfinity;
    float second = kInfinity;
    std::int32_t label = 0;

    void add(const TwoSmallest& found, std::size_t panel) {
        if (found.smallest < smallest) {
            second = std::min(smallest, found.second);
            smallest = found.smallest;
            label = static_cast<std::int32_t>(panel * kPanel) + found.argmin;
        } else {
            second = std::min(second, found.smallest);
        }
    }

    // Written so that what is not a number is not certain.
    bool is_certain(double error) const { return static_cast<double>(second) - smallest > 2.0 * error; }
};

}  // namespace

template <typename Value>
Assigner<Value>::Assigner(const Value* X, Shape shape, const double* shift, bool keeps_bounds, int n_threads)
    : X_(X), shape_(shape), shift_(shift, shift + shape.n_features), n_threads_(n_threads) {
    RowNorms norms(X, shape.n_samples, shape.n_features, shift, n_threads);
    norms_ = std::move(norms.of);
    largest_norm_ = norms.largest;
    if (!keeps_bounds || !(largest_norm_ < kHuge) || shape.n_samples == 0) return;
    if (shape.n_clusters <= kPanel) {
        hamerly_ = std::make_unique<HamerlyBounds<Value>>(X, shape, norms_.data(), n_threads);
        quantizes_ = true;
    } else {
        elkan_ = std::make_unique<ElkanBounds<Value>>(X, shape, norms_.data(), largest_norm_, n_threads);
    }
}

template <typename Value>
Assigner<Value>::~Assigner() = default;

// How far each center has moved since the last assignment, at most; empty where bounds are not to be used.
template <typename Value>
std::vector<double> Assigner<Value>::center_moves(const double* centers) const {
    std::vector<double> moves;
    if (!has_bounds_ || !prunes_) return moves;
    const std::size_t n = shape_.n_features;
    const auto squared_distance = row_kernels(kernels(), centers).squared_distance;
    for (std::size_t c = 0; c < shape_.n_clusters; ++c) {
        const double square = squared_distance(centers + c * n, centers_.data() + c * n, n);
        moves.push_back(std::sqrt(square) * (1.0 + 1e-9 + static_cast<double>(n) * 0x1p-52));
    }
    return moves;
}

// What one assignment works with, whatever the block of rows.
template <typename Value>
struct Assigner<Value>::Assignment {
    using Scores = typename ScoresOf<Value>::Type;

    const Kernels& kernel;
    const double* centers;
    Scores scores;
    ScoreError error;
};

template <typename Value>
std::size_t Assigner<Value>::assign(const double* centers, std::int32_t* labels) {
    const Kernels& kernel = kernels();
    std::atomic<std::size_t> n_undecided{0};
    Assignment work{kernel,
                    centers,
                    make_scores<Value>(centers, shape_, shift_.data(), static_cast<double>(largest_norm_), quantizes_,
                                       kernel, n_threads_),
                    {}};
    work.error = work.scores.error();
    const bool is_valid = work.scores.centers().is_valid();
    const bool keeps_bounds = is_valid && (hamerly_ || (elkan_ && stores_bounds_));
    std::size_t n_changed = 0;
    if (keeps_bounds) {
        // The bounds belong to the labels of the last call; a label that is no index would read beyond the centers.
        const bool fit = std::all_of(labels, labels + shape_.n_samples, [&](std::int32_t label) {
            return label >= 0 && static_cast<std::size_t>(label) < shape_.n_clusters;
        });
        std::vector<double> moves;
        if (fit) moves = center_moves(centers);
        centers_.assign(centers, centers + shape_.n_clusters * shape_.n_features);
        n_changed = hamerly_ ? hamerly_->assign(work.scores, centers, moves, labels, n_undecided)
                             : elkan_->assign(work.scores, centers, moves, labels);
    } else {
        n_changed = assign_all(work, labels);
    }
    has_bounds_ = keeps_bounds;
    stores_bounds_ = n_changed * kChangedToStore < shape_.n_samples;
    prunes_ = n_changed * kChangedToPrune < shape_.n_samples;
    if (n_undecided * kUndecidedToQuantize > shape_.n_samples) quantizes_ = false;
    return n_changed;
}

template <typename Value>
bool Assigner<Value>::label_in_float64(std::size_t i, const Assignment& work, std::int32_t* labels) const {
    const auto any = [](std::size_t) { return true; };
    return set_label(labels[i], nearest_of(X_ + i * shape_.n_features, work.centers, shape_, work.kernel, any));
}

// Without bounds: all scores of all rows.
template <typename Value>
std::size_t Assigner<Value>::assign_all(const Assignment& work, std::int32_t* labels) const {
    const std::size_t room = kBlockBytes / (shape_.n_features * sizeof(float) + 1) / kTogether * kTogether;
    const std::size_t block = std::clamp<std::size_t>(room, kTogether, kMaxBlock);
    std::atomic<std::size_t> n_changed{0};
    parallel_for((shape_.n_samples + block - 1) / block, n_threads_, [&](std::size_t b) {
        n_changed += assign_block(b * block, std::min((b + 1) * block, shape_.n_samples), work, labels);
    });
    return n_changed;
}

template <typename Value>
std::size_t Assigner<Value>::assign_block(std::size_t first, std::size_t last, const Assignment& work,
                                          std::int32_t* labels) const {
    struct Scratch {
        typename Assignment::Scores::Block block;
        typename Assignment::Scores::Packed packed;
        std::vector<float> smallest_of;  // row x panel: the smallest score
        std::vector<BestScores> best_of;
        std::vector<std::uint32_t> slots;
    };
    const CenterNorms& norms = work.scores.centers();
    const std::size_t n_rows = last - first;
    std::size_t changes = 0;
    if (!norms.is_valid()) {
        for (std::size_t i = first; i < last; ++i) changes += label_in_float64(i, work, labels);
        return changes;
    }
    thread_local Scratch scratch;
    auto& [block, packed, smallest_of, best_of, slots] = scratch;
    work.scores.reserve(block, n_rows);
    work.scores.reserve(packed, n_rows);
    grow(smallest_of, n_rows * norms.n_panels);
    best_of.assign(n_rows, BestScores{});
    slots.resize(n_rows);
    for (std::size_t r = 0; r < n_rows; ++r) {
        const Value* row = X_ + (first + r) * shape_.n_features;
        work.scores.load(row, r, block);
        work.scores.pack(row, norms_[first + r], r, block, packed);
        slots[r] = static_cast<std::uint32_t>(r);
    }
    for (std::size_t p = 0; p < norms.n_panels; ++p) {
        for (std::size_t start = 0; start < n_rows; start += kTogether) {
            alignas(64) float dots[kTogether * kPanel];
            TwoSmallest found[kTogether];
            const std::size_t n_together = std::min(kTogether, n_rows - start);
            work.scores.products(p, slots.data() + start, n_together, packed, dots);
            work.kernel.panel.two_smallest(dots, static_cast<int>(n_together), norms.norms.data() + p * kPanel, found);
            for (std::size_t r = 0; r < n_together; ++r) {
                smallest_of[(start + r) * norms.n_panels + p] = found[r].smallest;
                best_of[start + r].add(found[r], p);
            }
        }
    }
    for (std::size_t r = 0; r < n_rows; ++r) {
        const std::size_t i = first + r;
        const BestScores& best = best_of[r];
        const double error = work.error(static_cast<double>(norms_[i]));
        if (!(norms_[i] < kHuge)) {
            changes += label_in_float64(i, work, labels);
        } else if (best.is_certain(error)) {
            changes += set_label(labels[i], best.label);
        } else {
            const float* smallest = smallest_of.data() + r * norms.n_panels;
            const double limit = best.smallest + 2.0 * error;
            const auto may_be_nearest = [&](std::size_t c) {
                return !(static_cast<double>(smallest[c / kPanel]) > limit);
            };
            const Value* row = X_ + i * shape_.n_features;
            changes += set_label(labels[i], nearest_of(row, work.centers, shape_, work.kernel, may_be_nearest));
        }
    }
    return changes;
}

template <typename Value>
void assign(const Value* X, const double* centers, Shape shape, const double* shift, std::int32_t* labels,
            int n_threads) {
    if (shape.n_samples <= kFewRows) {
        const Kernels& kernel = kernels();
        for (std::size_t i = 0; i < shape.n_samples; ++i) {
            labels[i] = nearest_of(X + i * shape.n_features, centers, shape, kernel, [](std::size_t) { return true; });
        }
        return;
    }
    Assigner<Value>(X, shape, shift, false, n_threads).assign(centers, labels);
}

#define INKMEANS_INSTANTIATE(Value) \
    template class Assigner<Value>; \
    template void assign(const Value*, const double*, Shape, const double*, std::int32_t*, int);
INKMEANS_INSTANTIATE(std::uint8_t)
INKMEANS_INSTANTIATE(float)
INKMEANS_INSTANTIATE(double)
#undef INKMEANS_INSTANTIATE

}  // namespace inkmeans
