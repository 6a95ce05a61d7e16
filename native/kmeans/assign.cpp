// The nearest center of each row, exactly. A row whose two nearest centers lie closer than the rounding of the scores
// could have moved them is decided again in float64.
//
// Between assignments rows keep bounds on their distances. By the triangle inequality a center that moved by m has come
// nearer by no more than m, so a row whose upper bound on the distance to its own center lies below all its lower
// bounds on others keeps its label. Bounds are stored with the sum of all moves up to then added or taken off, and the
// sum up to now is put to them when they are read, so that a row that keeps its label is not written to. Every bound is
// rounded outwards, and holds for the distances that float64 arithmetic finds: what is left out could not have won, nor
// tied.
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
constexpr std::size_t kCalm = 5;                // bounds help where no more than 1 in 5 rows changed the last time
constexpr std::size_t kSettling = 2;  // and are worth storing, for the next time, where no more than 1 in 2 did
constexpr std::size_t kFewOpen = 20;  // rounded products help where no more than 1 in 20 rows is left open

// The lowest score of one row, and the second lowest.
struct Standing {
    float best = kInfinity;
    float second = kInfinity;
    std::int32_t label = 0;

    void add(const TwoSmallest& lowest, std::size_t panel) {
        if (lowest.smallest < best) {
            second = std::min(best, lowest.second);
            best = lowest.smallest;
            label = static_cast<std::int32_t>(panel * kPanel) + lowest.argmin;
        } else {
            second = std::min(second, lowest.smallest);
        }
    }

    // Written so that what is not a number is not certain.
    bool is_certain(double error) const { return static_cast<double>(second) - best > 2.0 * error; }
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
        rounds_ = true;
    } else {
        elkan_ = std::make_unique<ElkanBounds<Value>>(X, shape, norms_.data(), largest_norm_, n_threads);
    }
}

template <typename Value>
Assigner<Value>::~Assigner() = default;

// How far each center has moved since the last assignment, at most; empty where nothing of it helps.
template <typename Value>
std::vector<double> Assigner<Value>::moves_of(const double* centers) const {
    std::vector<double> moves;
    if (!known_ || !is_calm_) return moves;
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
struct Assigner<Value>::Step {
    using Scores = typename ScoresOf<Value>::Type;

    const Kernels& kernel;
    const double* centers;
    Scores scores;
    ScoreError error;
};

template <typename Value>
std::size_t Assigner<Value>::assign(const double* centers, std::int32_t* labels) {
    const Kernels& kernel = kernels();
    std::atomic<std::size_t> n_open{0};
    Step step{kernel,
              centers,
              make_scores<Value>(centers, shape_, shift_.data(), static_cast<double>(largest_norm_), rounds_, kernel,
                                 n_threads_),
              {}};
    step.error = step.scores.error();
    const bool hold = step.scores.centers().hold();
    const bool keeps_bounds = hold && (hamerly_ || (elkan_ && is_settling_));
    std::size_t n_changed = 0;
    if (keeps_bounds) {
        // The bounds belong to the labels of the last call: others that are no index would be read beyond the centers.
        const bool fit = std::all_of(labels, labels + shape_.n_samples, [&](std::int32_t label) {
            return label >= 0 && static_cast<std::size_t>(label) < shape_.n_clusters;
        });
        std::vector<double> moves;
        if (fit) moves = moves_of(centers);
        centers_.assign(centers, centers + shape_.n_clusters * shape_.n_features);
        n_changed = hamerly_ ? hamerly_->assign(step.scores, centers, moves, labels, n_open)
                             : elkan_->assign(step.scores, centers, moves, labels);
    } else {
        n_changed = assign_anew(step, labels);
    }
    known_ = keeps_bounds;
    is_settling_ = n_changed * kSettling < shape_.n_samples;
    is_calm_ = n_changed * kCalm < shape_.n_samples;
    if (n_open * kFewOpen > shape_.n_samples) rounds_ = false;
    return n_changed;
}

template <typename Value>
bool Assigner<Value>::label_exactly(std::size_t i, const Step& step, std::int32_t* labels) const {
    const auto any = [](std::size_t) { return true; };
    return set(labels[i], nearest_of(X_ + i * shape_.n_features, step.centers, shape_, step.kernel, any));
}

// All scores of all rows.
template <typename Value>
std::size_t Assigner<Value>::assign_anew(const Step& step, std::int32_t* labels) const {
    const std::size_t room = kBlockBytes / (shape_.n_features * sizeof(float) + 1) / kTogether * kTogether;
    const std::size_t block = std::clamp<std::size_t>(room, kTogether, kMaxBlock);
    std::atomic<std::size_t> n_changed{0};
    parallel_for((shape_.n_samples + block - 1) / block, n_threads_, [&](std::size_t b) {
        n_changed += assign_block(b * block, std::min((b + 1) * block, shape_.n_samples), step, labels);
    });
    return n_changed;
}

template <typename Value>
std::size_t Assigner<Value>::assign_block(std::size_t first, std::size_t last, const Step& step,
                                          std::int32_t* labels) const {
    struct Scratch {
        typename Step::Scores::Block block;
        typename Step::Scores::Packed packed;
        std::vector<float> lowest_of;  // row x panel: the lowest score
        std::vector<Standing> standings;
        std::vector<std::uint32_t> slots;
    };
    const CenterNorms& norms = step.scores.centers();
    const std::size_t n_rows = last - first;
    std::size_t changes = 0;
    if (!norms.hold()) {
        for (std::size_t i = first; i < last; ++i) changes += label_exactly(i, step, labels);
        return changes;
    }
    thread_local Scratch scratch;
    auto& [block, packed, lowest_of, standings, slots] = scratch;
    step.scores.reserve(block, n_rows);
    step.scores.reserve(packed, n_rows);
    grow(lowest_of, n_rows * norms.n_panels);
    standings.assign(n_rows, Standing{});
    slots.resize(n_rows);
    for (std::size_t r = 0; r < n_rows; ++r) {
        const Value* row = X_ + (first + r) * shape_.n_features;
        step.scores.take(row, r, block);
        step.scores.pack(row, norms_[first + r], r, block, packed);
        slots[r] = static_cast<std::uint32_t>(r);
    }
    for (std::size_t p = 0; p < norms.n_panels; ++p) {
        for (std::size_t start = 0; start < n_rows; start += kTogether) {
            alignas(64) float dots[kTogether * kPanel];
            TwoSmallest found[kTogether];
            const std::size_t n_together = std::min(kTogether, n_rows - start);
            step.scores.products(p, slots.data() + start, n_together, packed, dots);
            step.kernel.panel.two_smallest(dots, static_cast<int>(n_together), norms.norms.data() + p * kPanel, found);
            for (std::size_t r = 0; r < n_together; ++r) {
                lowest_of[(start + r) * norms.n_panels + p] = found[r].smallest;
                standings[start + r].add(found[r], p);
            }
        }
    }
    for (std::size_t r = 0; r < n_rows; ++r) {
        const std::size_t i = first + r;
        const Standing& standing = standings[r];
        const double error = step.error(static_cast<double>(norms_[i]));
        if (!(norms_[i] < kHuge)) {
            changes += label_exactly(i, step, labels);
        } else if (standing.is_certain(error)) {
            changes += set(labels[i], standing.label);
        } else {
            const float* lowest = lowest_of.data() + r * norms.n_panels;
            const double limit = standing.best + 2.0 * error;
            const auto in_low_panel = [&](std::size_t c) { return !(static_cast<double>(lowest[c / kPanel]) > limit); };
            const Value* row = X_ + i * shape_.n_features;
            changes += set(labels[i], nearest_of(row, step.centers, shape_, step.kernel, in_low_panel));
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
