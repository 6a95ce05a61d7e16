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
#include "scores.hpp"

namespace inkmeans {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kOut = 1.0F + 0x1p-22F;  // more than one rounding of a float32 difference
constexpr float kIn = 1.0F - 0x1p-22F;
constexpr std::size_t kBlockBytes = 192 << 10;  // a block's rows stay in the L2 cache
constexpr std::size_t kMaxBlock = 240;          // rows, a multiple of kTogether
constexpr float kHuge = 1e18F;                  // rows of larger norm are decided in float64
constexpr std::size_t kBoundBytes = 16U << 20;  // lower bounds may take as much, or a quarter of X
constexpr std::size_t kFewRows = 24;            // packing the centers costs as much as so many rows do in float64
constexpr std::size_t kLeastWork = 256;         // features x panels: below, all scores take no longer than the bounds
constexpr std::size_t kCalm = 5;                // bounds help where no more than 1 in 5 rows changed the last time
constexpr int kFewCenters = 4;                  // so many products with one center take as long as one with a panel

float upper_bound(float score, float norm, double error) { return up(std::sqrt(square_above(score, norm, error))); }

double lower_bound(float score, float norm, double error) { return std::sqrt(square_below(score, norm, error)); }

std::size_t n_panels_of(Shape shape) { return (shape.n_clusters + kPanel - 1) / kPanel; }

bool set(std::int32_t& label, std::int32_t to) {
    const bool changed = label != to;
    label = to;
    return changed;
}

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

// The nearest, in float64, of the centers that `may_be_nearest` names; the lowest index on a tie.
template <typename Value, typename MayBeNearest>
std::int32_t nearest_of(const Value* row, const double* centers, Shape shape, const Kernels& kernel,
                        const MayBeNearest& may_be_nearest) {
    const auto squared_distance = row_kernels(kernel, row).squared_distance;
    double best = std::numeric_limits<double>::infinity();
    std::int32_t nearest = 0;
    for (std::size_t c = 0; c < shape.n_clusters; ++c) {
        if (!may_be_nearest(c)) continue;
        const double distance = squared_distance(row, centers + c * shape.n_features, shape.n_features);
        if (distance < best) {
            best = distance;
            nearest = static_cast<std::int32_t>(c);
        }
    }
    return nearest;
}

}  // namespace

template <typename Value>
Assigner<Value>::Assigner(const Value* X, Shape shape, const double* shift, bool keeps_bounds, int n_threads)
    : X_(X),
      shape_(shape),
      shift_(shift, shift + shape.n_features),
      n_threads_(n_threads),
      keeps_bounds_(keeps_bounds && shape.n_features * n_panels_of(shape) >= kLeastWork) {
    RowNorms norms(X, shape, shift, n_threads);
    norms_ = std::move(norms.of);
    largest_norm_ = norms.largest;
    if (!keeps_bounds_) return;
    upper_.resize(shape.n_samples);
    const std::size_t n_panels = n_panels_of(shape);
    if (n_panels == 1) {
        lower_.resize(shape.n_samples * kPanel);
        return;
    }
    const std::size_t bytes = std::max(kBoundBytes, shape.n_samples * shape.n_features * sizeof(Value) / 4);
    const std::size_t room =
        std::max<std::size_t>(1, bytes / sizeof(float) / std::max<std::size_t>(shape.n_samples, 1));
    panels_in_group_ = (n_panels + room - 1) / room;
    n_groups_ = (n_panels + panels_in_group_ - 1) / panels_in_group_;
    lower_.resize(shape.n_samples * n_groups_);
}

template <typename Value>
void Assigner<Value>::move(const double* centers) {
    const std::size_t n = shape_.n_features;
    if (!known_ || !is_calm_) {
        centers_.assign(centers, centers + shape_.n_clusters * n);
        moved_.assign(n_panels_of(shape_) * kPanel, 0.0F);
        group_moved_.assign(n_groups_, 0.0F);
        return;
    }
    const std::size_t in_group = panels_in_group_ * kPanel;
    const auto squared_distance = row_kernels(kernels(), centers).squared_distance;
    for (std::size_t g = 0; g < n_groups_; ++g) {
        double farthest = 0.0;
        for (std::size_t c = g * in_group; c < std::min((g + 1) * in_group, shape_.n_clusters); ++c) {
            const double square = squared_distance(centers + c * n, centers_.data() + c * n, n);
            const double distance = std::sqrt(square) * (1.0 + 1e-9 + static_cast<double>(n) * 0x1p-52);
            moved_[c] = up(static_cast<double>(moved_[c]) + distance);
            farthest = std::max(farthest, distance);
        }
        group_moved_[g] = up(static_cast<double>(group_moved_[g]) + farthest);
    }
    std::copy_n(centers, shape_.n_clusters * n, centers_.data());
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
};

template <typename Value>
std::size_t Assigner<Value>::assign(const double* centers, std::int32_t* labels) {
    const Kernels& kernel = kernels();
    if (keeps_bounds_) move(centers);
    Step step{
        kernel,
        centers,
        make_scores<Value>(centers, shape_, shift_.data(), static_cast<double>(largest_norm_), kernel, n_threads_),
        {},
        0};
    step.error = step.scores.error();
    step.n_panels = step.scores.centers().n_panels;
    const bool hold = step.scores.centers().hold();
    // The bounds belong to the labels of the last call: others that are no index would be read beyond the centers.
    const bool fit = std::all_of(labels, labels + shape_.n_samples, [&](std::int32_t label) {
        return label >= 0 && static_cast<std::size_t>(label) < shape_.n_clusters;
    });
    const bool known = known_ && is_calm_ && hold && fit;
    known_ = keeps_bounds_ && hold;
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
        } else if (step.n_panels == 1) {
            n_changed += assign_few(first, last, step, labels);
        } else {
            n_changed += assign_many(first, last, step, labels);
        }
    });
    is_calm_ = n_changed * kCalm < shape_.n_samples;
    return n_changed;
}

template <typename Value>
bool Assigner<Value>::label_exactly(std::size_t i, const Step& step, std::int32_t* labels) const {
    const auto any = [](std::size_t) { return true; };
    return set(labels[i], nearest_of(X_ + i * shape_.n_features, step.centers, shape_, step.kernel, any));
}

// Rows of which nothing is known, or nothing that helps: all scores.
template <typename Value>
std::size_t Assigner<Value>::assign_anew(std::size_t first, std::size_t last, const Step& step, std::int32_t* labels,
                                         const std::vector<std::uint32_t>* chosen) {
    const std::size_t n = shape_.n_features;
    const std::size_t n_panels = step.n_panels;
    const std::size_t n_rows = chosen != nullptr ? chosen->size() : last - first;
    const float* norms = step.scores.centers().norms.data();
    thread_local typename Step::Scores::Block rows;
    thread_local std::vector<Lowest> found;  // panel x row
    thread_local std::vector<Standing> standings;
    thread_local std::vector<std::uint32_t> slots;
    step.scores.reserve(rows, n_rows);
    found.resize(n_panels * n_rows);
    standings.assign(n_rows, Standing{});
    slots.resize(n_rows);
    const auto row_of = [&](std::size_t r) { return chosen != nullptr ? (*chosen)[r] : first + r; };
    for (std::size_t r = 0; r < n_rows; ++r) {
        step.scores.take(X_ + row_of(r) * n, r, rows);
        step.scores.unpack(X_ + row_of(r) * n, r, rows);
        slots[r] = static_cast<std::uint32_t>(r);
    }
    for (std::size_t p = 0; p < n_panels; ++p) {
        for (std::size_t start = 0; start < n_rows; start += kTogether) {
            alignas(64) float dots[kTogether * kPanel];
            const std::size_t n_together = std::min(kTogether, n_rows - start);
            Lowest* of_rows = found.data() + p * n_rows + start;
            step.scores.products(p, slots.data() + start, n_together, rows, dots);
            step.kernel.lowest(dots, static_cast<int>(n_together), norms + p * kPanel, of_rows);
            for (std::size_t r = 0; r < n_together; ++r) standings[start + r].add(of_rows[r], p);
            if (!keeps_bounds_ || n_panels > 1) continue;
            for (std::size_t r = 0; r < n_together; ++r) {
                const std::size_t i = row_of(start + r);
                bound_each(i, dots + r * kPanel, norms, step.error(static_cast<double>(norms_[i])));
            }
        }
    }

    std::size_t changes = 0;
    for (std::size_t r = 0; r < n_rows; ++r) {
        const std::size_t i = row_of(r);
        if (!(norms_[i] < kHuge)) {
            changes += label_exactly(i, step, labels);
            continue;
        }
        const Standing& standing = standings[r];
        const double error = step.error(static_cast<double>(norms_[i]));
        const bool certain = standing.is_certain(error);
        std::int32_t label = standing.label;
        if (!certain) {
            const double limit = standing.best + 2.0 * error;
            const auto in_low_panel = [&](std::size_t c) {
                return !(static_cast<double>(found[c / kPanel * n_rows + r].score) > limit);
            };
            label = nearest_of(X_ + i * n, step.centers, shape_, step.kernel, in_low_panel);
        }
        changes += set(labels[i], label);
        if (!keeps_bounds_) continue;

        const auto own = static_cast<std::size_t>(label);
        upper_[i] = up(static_cast<double>(upper_bound(standing.best, norms_[i], error)) - moved_[own]);
        if (n_panels == 1) {
            lower_[i * kPanel + own] = kInfinity;
            continue;
        }
        for (std::size_t g = 0; g < n_groups_; ++g) {
            float score = kInfinity;
            for (std::size_t p = g * panels_in_group_; p < std::min((g + 1) * panels_in_group_, n_panels); ++p) {
                const bool is_own = certain && p == standing.panel;
                score = std::min(score, is_own ? standing.panel_second : found[p * n_rows + r].score);
            }
            lower_[i * n_groups_ + g] = down(lower_bound(score, norms_[i], error) + group_moved_[g]);
        }
    }
    return changes;
}

// Rows that have a bound for each of at most kPanel centers: the few centers that may be nearer, one by one.
template <typename Value>
std::size_t Assigner<Value>::assign_few(std::size_t first, std::size_t last, const Step& step, std::int32_t* labels) {
    thread_local typename Step::Scores::Block rows;
    thread_local std::vector<std::uint32_t> unclear;
    step.scores.reserve(rows, 1);
    unclear.clear();
    std::size_t changes = 0;
    for (std::size_t i = first; i < last; ++i) {
        if (!(norms_[i] < kHuge)) {
            changes += label_exactly(i, step, labels);
            continue;
        }
        const Value* row = X_ + i * shape_.n_features;
        const auto own = static_cast<std::size_t>(labels[i]);
        float* lower = lower_.data() + i * kPanel;  // infinite for the own center
        const float lowest = step.kernel.lowest_bound(lower, moved_.data(), kPanel) * kIn;
        if ((upper_[i] + moved_[own]) * kOut < lowest) continue;
        step.scores.take(row, 0, rows);
        const double error = step.error(static_cast<double>(norms_[i]));
        float best = step.scores.own(row, 0, own, rows);
        float nearer = upper_bound(best, norms_[i], error);
        if (nearer < lowest) {
            upper_[i] = up(static_cast<double>(nearer) - moved_[own]);
            continue;
        }
        int n_nearer = 0;
        for (std::size_t c = 0; c < kPanel; ++c) n_nearer += (lower[c] - moved_[c]) * kIn <= nearer;
        if (n_nearer > kFewCenters) {
            unclear.push_back(static_cast<std::uint32_t>(i));
            continue;
        }

        std::int32_t label = labels[i];
        float second = kInfinity;
        float seen[kPanel];  // the scores, infinite for centers that were not looked at
        std::fill_n(seen, kPanel, kInfinity);
        seen[own] = best;
        for (std::size_t c = 0; c < shape_.n_clusters; ++c) {
            if (c == own || (lower[c] - moved_[c]) * kIn > nearer) continue;
            const float score = seen[c] = step.scores.own(row, 0, c, rows);
            second = std::min(second, std::max(score, best));
            if (score < best) {
                best = score;
                label = static_cast<std::int32_t>(c);
                nearer = std::min(nearer, upper_bound(best, norms_[i], error));
            }
        }
        if (!(static_cast<double>(second) - best > 2.0 * error)) {
            const auto is_low = [&](std::size_t c) { return static_cast<double>(seen[c]) <= best + 2.0 * error; };
            label = nearest_of(row, step.centers, shape_, step.kernel, is_low);
        }
        for (std::size_t c = 0; c < shape_.n_clusters; ++c) {
            if (seen[c] < kInfinity) lower[c] = down(lower_bound(seen[c], norms_[i], error) + moved_[c]);
        }
        lower[label] = kInfinity;
        // The label's score may lie above the best one by twice the error; its distance, in float64, does not.
        upper_[i] = up(static_cast<double>(nearer) - moved_[static_cast<std::size_t>(label)]);
        changes += set(labels[i], label);
    }
    return unclear.empty() ? changes : changes + assign_anew(first, last, step, labels, &unclear);
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
    const std::size_t n = shape_.n_features;
    const std::size_t n_rows = last - first;
    const std::size_t n_panels = step.n_panels;
    const float* norms = step.scores.centers().norms.data();
    thread_local typename Step::Scores::Block rows;
    thread_local std::vector<State> states;
    thread_local std::vector<std::uint8_t> needed;  // slot x group
    thread_local std::vector<float> lowest_of;      // slot x panel: the lowest score
    thread_local std::vector<std::uint32_t> slots;
    step.scores.reserve(rows, n_rows);
    states.resize(n_rows);
    needed.resize(n_rows * n_groups_);
    lowest_of.resize(n_rows * n_panels);
    slots.resize(n_rows);
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
        const float* lower = lower_.data() + i * n_groups_;
        const float lowest = step.kernel.lowest_bound(lower, group_moved_.data(), n_groups_) * kIn;
        if ((upper_[i] + moved_[own]) * kOut < lowest) continue;
        step.scores.take(row, n_states, rows);
        const double error = step.error(static_cast<double>(norms_[i]));
        const float score = step.scores.own(row, n_states, own, rows);
        const float nearer = upper_bound(score, norms_[i], error);
        if (nearer < lowest) {
            upper_[i] = up(static_cast<double>(nearer) - moved_[own]);
            continue;
        }
        std::uint8_t* need = needed.data() + n_states * n_groups_;
        for (std::size_t g = 0; g < n_groups_; ++g) need[g] = (lower[g] - group_moved_[g]) * kIn <= nearer;
        State& state = states[n_states];
        state = {i, error, score, need[group_of(own)] == 0, {}};
        if (state.own_alone) {
            state.standing.best = score;
            state.standing.label = labels[i];
            state.standing.panel = n_panels;  // none
        }
        step.scores.unpack(row, n_states, rows);
        ++n_states;
    }

    for (std::size_t p = 0; p < n_panels; ++p) {
        std::size_t n_slots = 0;
        for (std::size_t s = 0; s < n_states; ++s) {
            slots[n_slots] = static_cast<std::uint32_t>(s);
            n_slots += needed[s * n_groups_ + p / panels_in_group_];
        }
        for (std::size_t start = 0; start < n_slots; start += kTogether) {
            alignas(64) float dots[kTogether * kPanel];
            Lowest found[kTogether];
            const std::size_t n_together = std::min(kTogether, n_slots - start);
            step.scores.products(p, slots.data() + start, n_together, rows, dots);
            step.kernel.lowest(dots, static_cast<int>(n_together), norms + p * kPanel, found);
            for (std::size_t r = 0; r < n_together; ++r) {
                const std::size_t s = slots[start + r];
                lowest_of[s * n_panels + p] = found[r].score;
                states[s].standing.add(found[r], p);
            }
        }
    }

    for (std::size_t s = 0; s < n_states; ++s) {
        const auto& [i, error, own_score, own_alone, standing] = states[s];
        const std::uint8_t* need = needed.data() + s * n_groups_;
        const float* lowest = lowest_of.data() + s * n_panels;
        const auto own = static_cast<std::size_t>(labels[i]);
        const bool certain = standing.is_certain(error);
        std::int32_t label = standing.label;
        if (!certain) {
            const double limit = standing.best + 2.0 * error;
            const auto in_low_panel = [&, is_alone = own_alone](std::size_t c) {
                if (is_alone && c == own) return true;
                return need[group_of(c)] != 0 && !(static_cast<double>(lowest[c / kPanel]) > limit);
            };
            label = nearest_of(X_ + i * n, step.centers, shape_, step.kernel, in_low_panel);
        }
        const bool changed = set(labels[i], label);
        changes += changed;
        upper_[i] = up(static_cast<double>(upper_bound(standing.best, norms_[i], error)) -
                       moved_[static_cast<std::size_t>(label)]);
        float* lower = lower_.data() + i * n_groups_;
        for (std::size_t g = 0; g < n_groups_; ++g) {
            if (need[g] == 0) continue;
            float score = kInfinity;
            for (std::size_t p = g * panels_in_group_; p < std::min((g + 1) * panels_in_group_, n_panels); ++p) {
                score = std::min(score, certain && p == standing.panel ? standing.panel_second : lowest[p]);
            }
            lower[g] = down(lower_bound(score, norms_[i], error) + group_moved_[g]);
        }
        if (own_alone && changed) {
            float& bound = lower[group_of(own)];
            bound = std::min(bound, down(lower_bound(own_score, norms_[i], error) + group_moved_[group_of(own)]));
        }
    }
    return changes;
}

// The bounds of one row from its products with the only panel. In float32, four at a time if the compiler can.
template <typename Value>
void Assigner<Value>::bound_each(std::size_t i, const float* dots, const float* norms, double error) {
    float* lower = lower_.data() + i * kPanel;
    const float square = norms_[i] * norms_[i] * (1.0F - 0x1p-19F);
    const float lost = up(error);
    for (std::size_t l = 0; l < kPanel; ++l) {
        const float score = norms[l] - 2.0F * dots[l];
        const float below = square + score - std::abs(score) * 0x1p-22F - lost;
        lower[l] = std::sqrt(below > 0.0F ? below : 0.0F) * kIn + moved_[l];
    }
    for (std::size_t l = 0; l < kPanel; ++l) lower[l] = norms[l] < kInfinity ? lower[l] * kIn : kInfinity;
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
