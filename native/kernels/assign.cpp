// The nearest center of each row, exactly. A row whose two nearest centers lie closer than the rounding of the scores
// could have moved them is decided again in float64.
//
// Between assignments a row keeps an upper bound on the distance to its own center, and for each group of centers a
// lower bound on the distance to all others in it. By the triangle inequality a center that moved by m has come nearer
// by no more than m, so a row whose upper bound lies below all lower bounds keeps its label, and a group whose lower
// bound lies above the upper bound need not be looked at: Ding et al. (2015), "Yinyang k-means", with Hamerly's (2010)
// single bound where there is one group. Bounds are stored with the sum of all moves up to then added, and the sum up
// to now is taken off when they are read, so that a row that keeps its label is not written to. Every bound is rounded
// outwards, and holds for the distances that float64 arithmetic finds: what is left out could not have won, nor tied.
#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "inkmeans/kernels.hpp"
#include "inkmeans/kmeans.hpp"
#include "inkmeans/parallel.hpp"
#include "nearest.hpp"
#include "one_panel.hpp"
#include "scores.hpp"

namespace inkmeans {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kOut = 1.0F + 0x1p-22F;  // more than one rounding of a float32 difference
constexpr float kIn = 1.0F - 0x1p-22F;
constexpr std::size_t kBlockBytes = 192 << 10;  // a block's rows stay in the L2 cache
constexpr std::size_t kMaxBlock = 240;          // rows, a multiple of kTogether
constexpr std::size_t kBoundBytes = 16U << 20;  // lower bounds may take as much, or a quarter of X
constexpr std::size_t kFewRows = 24;            // packing the centers costs as much as so many rows do in float64
constexpr std::size_t kLeastWork = 256;         // features x panels: below, all scores take no longer than the bounds
constexpr std::size_t kStrideOf = 8;            // lower bounds of a row fill whole registers
constexpr std::size_t kCalm = 5;                // bounds help where no more than 1 in 5 rows changed the last time
constexpr std::size_t kFewOpen = 20;            // rounded products help where no more than 1 in 20 rows is left open

float upper_bound(float score, float norm, double error) { return up(std::sqrt(square_above(score, norm, error))); }

double lower_bound(float score, float norm, double error) { return std::sqrt(square_below(score, norm, error)); }

std::size_t n_panels_of(Shape shape) { return (shape.n_clusters + kPanel - 1) / kPanel; }

// What is known of the scores of one row: the best so far is in `panel`, with the second of that panel; `second` is the
// lowest of all others.
struct Standing {
    float best = kInfinity;
    float second = kInfinity;
    float panel_second = kInfinity;
    std::int32_t label = 0;
    std::size_t panel = 0;

    void add(const Lowest& lowest, std::size_t p) {
        if (lowest.score < best) {
            second = std::min(best, lowest.second);
            best = lowest.score;
            panel_second = lowest.second;
            panel = p;
            label = static_cast<std::int32_t>(p * kPanel) + lowest.lane;
        } else {
            second = std::min(second, lowest.score);
        }
    }

    // Written so that what is not a number is not certain.
    bool is_certain(double error) const { return static_cast<double>(second) - best > 2.0 * error; }
};

}  // namespace

template <typename Value>
Assigner<Value>::Assigner(const Value* X, Shape shape, const double* shift, bool keeps_bounds, int n_threads)
    : X_(X),
      shape_(shape),
      shift_(shift, shift + shape.n_features),
      n_threads_(n_threads),
      keeps_bounds_(keeps_bounds) {
    RowNorms norms(X, shape, shift, n_threads);
    norms_ = std::move(norms.of);
    largest_norm_ = norms.largest;
    if (!keeps_bounds_) return;
    const std::size_t n_panels = n_panels_of(shape);
    if (n_panels == 1) {
        if (largest_norm_ < kHuge) one_panel_ = std::make_unique<OnePanel<Value>>(X, shape, norms_.data(), n_threads);
        keeps_bounds_ = rounds_ = one_panel_ != nullptr;
        return;
    }
    upper_.resize(shape.n_samples);
    const std::size_t bytes = std::max(kBoundBytes, shape.n_samples * shape.n_features * sizeof(Value) / 4);
    const std::size_t room =
        std::max<std::size_t>(1, bytes / sizeof(float) / std::max<std::size_t>(shape.n_samples, 1));
    panels_in_group_ = (n_panels + room - 1) / room;
    n_groups_ = (n_panels + panels_in_group_ - 1) / panels_in_group_;
    group_stride_ = (n_groups_ + kStrideOf - 1) / kStrideOf * kStrideOf;
    lower_.assign(shape.n_samples * group_stride_, kInfinity);
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

template <typename Value>
void Assigner<Value>::move(const std::vector<double>& moves) {
    if (moves.empty()) {
        moved_.assign(n_panels_of(shape_) * kPanel, 0.0F);
        group_moved_.assign(group_stride_, 0.0F);
        return;
    }
    const std::size_t in_group = panels_in_group_ * kPanel;
    for (std::size_t g = 0; g < n_groups_; ++g) {
        double farthest = 0.0;
        for (std::size_t c = g * in_group; c < std::min((g + 1) * in_group, shape_.n_clusters); ++c) {
            moved_[c] = up(static_cast<double>(moved_[c]) + moves[c]);
            farthest = std::max(farthest, moves[c]);
        }
        group_moved_[g] = up(static_cast<double>(group_moved_[g]) + farthest);
    }
}

// What one assignment works with, whatever the block of rows.
template <typename Value>
struct Assigner<Value>::Step {
    using Scores = typename ScoresOf<Value>::Type;

    const Kernels& kernel;
    const double* centers;
    Scores scores;
    ScoreError error;
    std::size_t n_panels;
    std::atomic<std::size_t>& n_open;  // rows that scores could not decide
};

template <typename Value>
std::size_t Assigner<Value>::assign(const double* centers, std::int32_t* labels) {
    const Kernels& kernel = kernels();
    std::atomic<std::size_t> n_open{0};
    Step step{
        kernel,
        centers,
        make_scores<Value>(centers, shape_, shift_.data(), static_cast<double>(largest_norm_), rounds_, kernel, n_threads_),
        {},
        0,
        n_open};
    step.error = step.scores.error();
    step.n_panels = step.scores.centers().n_panels;
    const bool hold = step.scores.centers().hold();
    // The bounds belong to the labels of the last call: others that are no index would be read beyond the centers.
    const bool fit = std::all_of(labels, labels + shape_.n_samples, [&](std::int32_t label) {
        return label >= 0 && static_cast<std::size_t>(label) < shape_.n_clusters;
    });
    std::vector<double> moves;
    if (fit && hold) moves = moves_of(centers);
    const bool known = !moves.empty();
    known_ = keeps_bounds_ && hold;
    if (keeps_bounds_) centers_.assign(centers, centers + shape_.n_clusters * shape_.n_features);
    if (one_panel_ && hold) {
        const std::size_t n_changed = one_panel_->assign(step.scores, centers, moves, labels, n_open);
        settle(n_changed, n_open);
        return n_changed;
    }
    if (keeps_bounds_) move(moves);
    const std::size_t room = kBlockBytes / (shape_.n_features * sizeof(float) + 1) / kTogether * kTogether;
    const std::size_t block = std::clamp<std::size_t>(room, kTogether, kMaxBlock);
    std::atomic<std::size_t> n_changed{0};
    parallel_for((shape_.n_samples + block - 1) / block, n_threads_, [&](std::size_t b) {
        const std::size_t first = b * block;
        const std::size_t last = std::min(first + block, shape_.n_samples);
        if (!hold) {
            std::size_t changes = 0;
            for (std::size_t i = first; i < last; ++i) changes += label_exactly(i, step, labels);
            n_changed += changes;
        } else if (!known) {
            n_changed += assign_anew(first, last, step, labels);
        } else {
            n_changed += assign_many(first, last, step, labels);
        }
    });
    settle(n_changed, n_open);
    return n_changed;
}

// What the next assignment should make of this one.
template <typename Value>
void Assigner<Value>::settle(std::size_t n_changed, std::size_t n_open) {
    is_calm_ = n_changed * kCalm < shape_.n_samples;
    if (n_open * kFewOpen > shape_.n_samples) rounds_ = false;
}

template <typename Value>
bool Assigner<Value>::label_exactly(std::size_t i, const Step& step, std::int32_t* labels) const {
    const auto any = [](std::size_t) { return true; };
    return set(labels[i], nearest_of(X_ + i * shape_.n_features, step.centers, shape_, step.kernel, any));
}

// Rows of which nothing is known, or nothing that helps: all scores.
template <typename Value>
std::size_t Assigner<Value>::assign_anew(std::size_t first, std::size_t last, const Step& step, std::int32_t* labels) {
    const std::size_t n = shape_.n_features;
    const std::size_t n_panels = step.n_panels;
    const std::size_t n_rows = last - first;
    const float* norms = step.scores.centers().norms.data();
    struct Scratch {
        typename Step::Scores::Block block;
        typename Step::Scores::Packed packed;
        std::vector<float> lowest_of;  // row x panel: the lowest score
        std::vector<float> group_scores;
        std::vector<Standing> standings;
        std::vector<std::uint32_t> slots;
    };
    thread_local Scratch scratch;
    auto& [block, packed, lowest_of, group_scores, standings, slots] = scratch;
    step.scores.reserve(block, n_rows);
    step.scores.reserve(packed, n_rows);
    grow(lowest_of, n_rows * n_panels);
    group_scores.assign(group_stride_, kInfinity);
    standings.assign(n_rows, Standing{});
    slots.resize(n_rows);
    for (std::size_t r = 0; r < n_rows; ++r) {
        const Value* row = X_ + (first + r) * n;
        step.scores.take(row, r, block);
        step.scores.pack(row, norms_[first + r], r, block, packed);
        slots[r] = static_cast<std::uint32_t>(r);
    }
    for (std::size_t p = 0; p < n_panels; ++p) {
        for (std::size_t start = 0; start < n_rows; start += kTogether) {
            alignas(64) float dots[kTogether * kPanel];
            const std::size_t n_together = std::min(kTogether, n_rows - start);
            Lowest found[kTogether];
            step.scores.products(p, slots.data() + start, n_together, packed, dots);
            step.kernel.lowest(dots, static_cast<int>(n_together), norms + p * kPanel, found);
            for (std::size_t r = 0; r < n_together; ++r) {
                lowest_of[(start + r) * n_panels + p] = found[r].score;
                standings[start + r].add(found[r], p);
            }
        }
    }

    std::size_t changes = 0;
    for (std::size_t r = 0; r < n_rows; ++r) {
        const std::size_t i = first + r;
        if (!(norms_[i] < kHuge)) {
            changes += label_exactly(i, step, labels);
            continue;
        }
        const Standing& standing = standings[r];
        float* lowest = lowest_of.data() + r * n_panels;
        const double error = step.error(static_cast<double>(norms_[i]));
        const bool certain = standing.is_certain(error);
        std::int32_t label = standing.label;
        if (!certain) {
            ++step.n_open;
            const double limit = standing.best + 2.0 * error;
            const auto in_low_panel = [&](std::size_t c) {
                return !(static_cast<double>(lowest[c / kPanel]) > limit);
            };
            label = nearest_of(X_ + i * n, step.centers, shape_, step.kernel, in_low_panel);
        }
        changes += set(labels[i], label);
        if (!keeps_bounds_) continue;

        const auto own = static_cast<std::size_t>(label);
        upper_[i] = up(static_cast<double>(upper_bound(standing.best, norms_[i], error)) - moved_[own]);
        if (certain) lowest[standing.panel] = standing.panel_second;
        bound_groups(i, lowest, error, step.kernel, group_scores.data());
    }
    return changes;
}

// Rows that have a bound for each group of centers: the groups that may hold a nearer one.
template <typename Value>
std::size_t Assigner<Value>::assign_many(std::size_t first, std::size_t last, const Step& step, std::int32_t* labels) {
    // What is known of a row that is looked at.
    struct State {
        std::size_t row;
        double error;
        float own;       // the score of the own center
        bool own_alone;  // whether the own center's group is not needed
        Standing standing;
    };
    struct Scratch {
        typename Step::Scores::Block block;
        typename Step::Scores::Packed packed;
        std::vector<State> states;
        std::vector<float> lowest_of;      // state x panel: the lowest score; not a number where none was looked at
        std::vector<float> group_scores;   // of one state
        std::vector<std::uint32_t> slots;  // group x the states that need it
        std::vector<std::size_t> n_slots;
    };
    constexpr float kNone = std::numeric_limits<float>::quiet_NaN();
    const std::size_t n = shape_.n_features;
    const std::size_t n_rows = last - first;
    const std::size_t n_panels = step.n_panels;
    const float* norms = step.scores.centers().norms.data();
    thread_local Scratch scratch;
    auto& [block, packed, states, lowest_of, group_scores, slots, n_slots] = scratch;
    step.scores.reserve(block, n_rows);
    step.scores.reserve(packed, n_rows);
    states.resize(n_rows);
    grow(slots, n_groups_ * n_rows);
    n_slots.assign(n_groups_, 0);
    group_scores.assign(group_stride_, kNone);
    const auto group_of = [&](std::size_t c) { return c / kPanel / panels_in_group_; };

    std::size_t changes = 0;
    std::size_t n_states = 0;
    for (std::size_t i = first; i < last; ++i) {
        if (!(norms_[i] < kHuge)) {
            changes += label_exactly(i, step, labels);
            continue;
        }
        const Value* row = X_ + i * n;
        const auto own = static_cast<std::size_t>(labels[i]);
        const float* lower = lower_.data() + i * group_stride_;
        const float lowest = step.kernel.lowest_bound(lower, group_moved_.data(), group_stride_) * kIn;
        if ((upper_[i] + moved_[own]) * kOut < lowest) continue;
        step.scores.take(row, n_states, block);
        const double error = step.error(static_cast<double>(norms_[i]));
        const float score = step.scores.own(row, n_states, own, block);
        const float nearer = upper_bound(score, norms_[i], error);
        if (nearer < lowest) {
            upper_[i] = up(static_cast<double>(nearer) - moved_[own]);
            continue;
        }
        State& state = states[n_states];
        const std::size_t own_group = group_of(own);
        state = {i, error, score, (lower[own_group] - group_moved_[own_group]) * kIn > nearer, {}};
        for (std::size_t g = 0; g < n_groups_; ++g) {
            slots[g * n_rows + n_slots[g]] = static_cast<std::uint32_t>(n_states);
            n_slots[g] += (lower[g] - group_moved_[g]) * kIn <= nearer;  // no branch to guess
        }
        if (state.own_alone) {
            state.standing.best = score;
            state.standing.label = labels[i];
            state.standing.panel = n_panels;  // none
        }
        step.scores.pack(row, norms_[i], n_states, block, packed);
        ++n_states;
    }

    lowest_of.assign(n_states * n_panels, kNone);
    for (std::size_t p = 0; p < n_panels; ++p) {
        const std::size_t group = p / panels_in_group_;
        for (std::size_t start = 0; start < n_slots[group]; start += kTogether) {
            alignas(64) float dots[kTogether * kPanel];
            Lowest found[kTogether];
            const std::uint32_t* together = slots.data() + group * n_rows + start;
            const std::size_t n_together = std::min(kTogether, n_slots[group] - start);
            step.scores.products(p, together, n_together, packed, dots);
            step.kernel.lowest(dots, static_cast<int>(n_together), norms + p * kPanel, found);
            for (std::size_t r = 0; r < n_together; ++r) {
                const std::size_t s = together[r];
                lowest_of[s * n_panels + p] = found[r].score;
                states[s].standing.add(found[r], p);
            }
        }
    }

    for (std::size_t s = 0; s < n_states; ++s) {
        const auto& [i, error, own_score, own_alone, standing] = states[s];
        float* lowest = lowest_of.data() + s * n_panels;
        const auto own = static_cast<std::size_t>(labels[i]);
        const bool certain = standing.is_certain(error);
        std::int32_t label = standing.label;
        if (!certain) {
            ++step.n_open;
            const double limit = standing.best + 2.0 * error;
            const auto in_low_panel = [&, is_alone = own_alone](std::size_t c) {
                if (is_alone && c == own) return true;
                return static_cast<double>(lowest[c / kPanel]) <= limit;
            };
            label = nearest_of(X_ + i * n, step.centers, shape_, step.kernel, in_low_panel);
        } else if (standing.panel < n_panels) {
            lowest[standing.panel] = standing.panel_second;
        }
        const bool changed = set(labels[i], label);
        changes += changed;
        upper_[i] = up(static_cast<double>(upper_bound(standing.best, norms_[i], error)) -
                       moved_[static_cast<std::size_t>(label)]);
        float* lower = lower_.data() + i * group_stride_;
        bound_groups(i, lowest, error, step.kernel, group_scores.data());
        if (own_alone && changed) {
            float& bound = lower[group_of(own)];
            bound = std::min(bound, down(lower_bound(own_score, norms_[i], error) + group_moved_[group_of(own)]));
        }
    }
    return changes;
}

// The lower bounds of one row from the lowest score of each panel but for the own center's; those of groups without a
// score stay. scratch: group_stride_ values.
template <typename Value>
void Assigner<Value>::bound_groups(std::size_t i, const float* lowest, double error, const Kernels& kernel,
                                    float* scratch) {
    for (std::size_t g = 0; g < n_groups_; ++g) {
        scratch[g] = lowest[g * panels_in_group_];
        for (std::size_t p = g * panels_in_group_ + 1; p < std::min((g + 1) * panels_in_group_, n_panels_of(shape_));
             ++p) {
            scratch[g] = std::min(scratch[g], lowest[p]);
        }
    }
    const float square = norms_[i] * norms_[i] * (1.0F - 0x1p-19F);
    kernel.bounds_below(scratch, group_moved_.data(), square - up(error), group_stride_,
                           lower_.data() + i * group_stride_);
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
