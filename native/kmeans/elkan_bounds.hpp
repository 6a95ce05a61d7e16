// The nearest of more than kPanel centers, again and again.
//
// A row keeps an upper bound on the distance to its own center and lower bounds on the distances to all others: one for
// each center, Elkan (2003), "Using the triangle inequality to accelerate k-means", or, where these would take much
// memory, one for each group of centers, whole panels: Ding et al. (2015), "Yinyang k-means". Only what a bound leaves
// open is looked at: centers one by one where they are few, else with all of their panel. Lower bounds are whole
// numbers of 16 bits, of steps of which 2^16 span four times the largest norm of a row, and are rounded down; so are
// sums of moves, up.
#pragma once

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "inkmeans/kernels.hpp"
#include "inkmeans/kmeans.hpp"
#include "inkmeans/parallel.hpp"
#include "kmeans/nearest.hpp"
#include "kmeans/scores.hpp"
#include "rows/norms.hpp"
#include "rows/panels.hpp"
#include "rows/rounding.hpp"

namespace inkmeans {

template <typename Value>
class ElkanBounds {
   public:
    using Scores = typename ScoresOf<Value>::Type;

    // norms: of the rows after the shift, as RowNorms has them, none above largest_norm < kHuge; they must outlive it.
    ElkanBounds(const Value* X, Shape shape, const float* norms, float largest_norm, int n_threads)
        : X_(X),
          shape_(shape),
          norms_(norms),
          n_threads_(n_threads),
          n_panels_((shape.n_clusters + kPanel - 1) / kPanel),
          step_(largest_norm > 1e-30F ? 4.0F * largest_norm / kSteps : 1.0F),
          upper_(shape.n_samples) {
        const std::size_t bytes = std::max(kBoundBytes, shape.n_samples * shape.n_features * sizeof(Value) / 4);
        const std::size_t room = bytes / sizeof(std::uint16_t) / shape.n_samples / kPanel * kPanel;
        const std::size_t n_bounds = std::clamp<std::size_t>(room, kPanel, kMostBounds);
        stride_ = n_panels_ * kPanel;
        if (stride_ > n_bounds) {
            panels_in_group_ = (n_panels_ + n_bounds - 1) / n_bounds;
            n_groups_ = (n_panels_ + panels_in_group_ - 1) / panels_in_group_;
            stride_ = (n_groups_ + kPanel - 1) / kPanel * kPanel;
        }
        lower_.reset(new std::uint16_t[shape.n_samples * stride_]);
    }

    // As HamerlyBounds::assign, but for n_open.
    std::size_t assign(const Scores& scores, const double* centers, const std::vector<double>& moves,
                       std::int32_t* labels) {
        follow(moves);
        const Work work{scores, centers, scores.error(), labels};
        std::atomic<std::size_t> n_changed{0};
        parallel_for((shape_.n_samples + kBlock - 1) / kBlock, n_threads_, [&](std::size_t b) {
            const std::size_t first = b * kBlock;
            thread_local Scratch scratch;
            scratch.begin(n_panels_, stride_);
            if (panels_in_group_ > 0) scratch.lowest_of.assign(kBlock * n_panels_, kNone);
            scores.reserve(scratch.block, kBlock);
            scores.reserve(scratch.packed, kBlock);
            std::size_t changes = 0;
            for (std::size_t i = first; i < std::min(first + kBlock, shape_.n_samples); ++i) {
                if (moves.empty()) {
                    take_all(i, work, scratch);
                } else {
                    changes += look_at(i, work, scratch);
                }
            }
            look_at_panels(work, scratch);
            for (std::size_t s = 0; s < scratch.n_rows; ++s) {
                if (panels_in_group_ > 0) bound_groups(scratch.rows[s], scratch.lowest_of.data() + s * n_panels_);
                changes += settle(scratch.rows[s], work);
            }
            n_changed += changes;
        });
        return n_changed;
    }

   private:
    static constexpr std::size_t kBlock = 5 * kTogether;
    static constexpr std::size_t kBoundBytes = 16U << 20;  // lower bounds may take as much, or a quarter of X
    static constexpr std::size_t kMostBounds = 1U << 16;   // of a row: their numbers have 16 bits
    static constexpr std::size_t kFewCenters = 4;  // as many products with one center take as long as one with a panel
    static constexpr float kSteps = 65536.0F;
    static constexpr std::uint16_t kFarthest = 65534;  // a bound as high as they go
    static constexpr std::uint16_t kNoBound = 65535;   // in place of one on the own center
    static constexpr float kOut = 1.0F + 0x1p-22F;
    static constexpr float kIn = 1.0F - 0x1p-22F;
    static constexpr float kInfinity = std::numeric_limits<float>::infinity();
    static constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

    struct Work {
        const Scores& scores;
        const double* centers;
        ScoreError error;
        std::int32_t* labels;
    };

    // What is known of a row that is looked at.
    struct Row {
        std::size_t row;
        double error;
        float own;  // the score of the own center; infinite if it is not known
        float best;
        float second;
        std::int32_t label;     // of the best
        std::size_t panel;      // where the best was found with its panel, and
        float others_of_panel;  // the lowest score of the others there

        // In `center` the lowest score of a panel, with the second lowest.
        void add(float score, float next, std::int32_t center, std::size_t in_panel) {
            if (score < best) {
                second = std::min(best, next);
                best = score;
                label = center;
                panel = in_panel;
                others_of_panel = next;
            } else {
                second = std::min(second, score);
            }
        }

        // Written so that what is not a number is not certain.
        bool is_certain() const { return static_cast<double>(second) - static_cast<double>(best) > 2.0 * error; }
    };

    struct Scratch {
        typename Scores::Block block;
        typename Scores::Packed packed;
        std::vector<Row> rows = std::vector<Row>(kBlock);
        std::size_t n_rows;
        std::vector<std::uint16_t> near;   // the bounds that leave something open
        std::vector<std::uint32_t> slots;  // panel x rows that need it
        std::vector<std::size_t> n_slots;
        std::vector<float> lowest_of;  // row x panel: the lowest score; not a number where none was looked at

        void begin(std::size_t n_panels, std::size_t n_bounds) {
            grow(near, n_bounds + kPanel);
            grow(slots, n_panels * kBlock);
            n_slots.assign(n_panels, 0);
            n_rows = 0;
        }

        void add_to(std::size_t panel) {
            slots[panel * kBlock + n_slots[panel]++] = static_cast<std::uint32_t>(n_rows);
        }
    };

    // The scores of some centers or groups of one row, on their way to bounds.
    struct Few {
        std::size_t places[kPanel];
        float products[kPanel] = {};  // minus half of the scores
        float moved[kPanel] = {};
        std::size_t n = 0;
    };

    void add(std::size_t place, float score, const Row& row, Few& few) {
        few.places[few.n] = place;
        few.products[few.n] = -0.5F * score;
        few.moved[few.n] = moved_[place];
        if (++few.n == kPanel) store(row, few);
    }

    void store(const Row& row, Few& few) {
        static constexpr float kZeros[kPanel] = {};
        if (few.n == 0) return;
        std::uint16_t bounds[kPanel];
        kernel_.bounds.quantize(few.products, kZeros, few.moved, square_below_of(row), 1.0F / step_, bounds);
        std::uint16_t* lower = lower_of(row.row);
        for (std::size_t l = 0; l < few.n; ++l) lower[few.places[l]] = bounds[l];
        few.n = 0;
    }

    // Adds the moves to what each center, and the fastest of each group, moved in all.
    void follow(const std::vector<double>& moves) {
        if (moves.empty()) {
            own_moved_.assign(n_panels_ * kPanel, 0.0F);
            moved_.assign(stride_, 0.0F);
            moved_steps_.assign(stride_, 0);
            return;
        }
        std::vector<double> fastest(stride_, 0.0);
        for (std::size_t c = 0; c < moves.size(); ++c) {
            own_moved_[c] = up(static_cast<double>(own_moved_[c]) + moves[c]);
            fastest[place_of(c)] = std::max(fastest[place_of(c)], moves[c]);
        }
        for (std::size_t g = 0; g < stride_; ++g) {
            moved_[g] = up(static_cast<double>(moved_[g]) + fastest[g]);
            moved_steps_[g] = steps_above(moved_[g]);
        }
    }

    // Where the bound on a center is.
    std::size_t place_of(std::size_t center) const {
        return panels_in_group_ == 0 ? center : center / kPanel / panels_in_group_;
    }

    std::uint16_t* lower_of(std::size_t i) { return lower_.get() + i * stride_; }

    std::uint16_t steps_above(float distance) const {
        const float steps = distance / step_ * kOut + 1.0F;
        return steps < 65535.0F ? static_cast<std::uint16_t>(steps) : kNoBound;
    }

    // At least the distance that goes with a score.
    float distance_above(float score, std::size_t i, double error) const {
        const float norm = norms_[i] * norms_[i];
        const float square = norm + score + (norm + std::abs(score)) * 0x1p-21F + up(error);
        return std::sqrt(std::max(square, 0.0F)) * kOut + std::numeric_limits<float>::min();
    }

    // The square of a row's norm, and less by what bounds_u16 asks for and by the error of a score.
    float square_below_of(const Row& row) const {
        return norms_[row.row] * norms_[row.row] * (1.0F - 0x1p-19F) - up(row.error);
    }

    void set_upper(std::size_t i, float distance, std::size_t own) {
        upper_[i] = up(static_cast<double>(distance) - static_cast<double>(own_moved_[own]));
    }

    // A row of which nothing is known needs all panels.
    void take_all(std::size_t i, const Work& work, Scratch& scratch) {
        const double error = work.error(static_cast<double>(norms_[i]));
        scratch.rows[scratch.n_rows] = {i, error, kInfinity, kInfinity, kInfinity, 0, n_panels_, kInfinity};
        const Value* row = X_ + i * shape_.n_features;
        work.scores.take(row, scratch.n_rows, scratch.block);
        work.scores.pack(row, norms_[i], scratch.n_rows, scratch.block, scratch.packed);
        for (std::size_t p = 0; p < n_panels_; ++p) scratch.add_to(p);
        ++scratch.n_rows;
        // The rest is written with the groups, or centers, that are looked at.
        if (panels_in_group_ > 0) std::fill(lower_of(i) + n_groups_, lower_of(i) + stride_, kFarthest);
    }

    // Decides a row from its bounds, or from a few products; else notes the panels that it needs.
    std::size_t look_at(std::size_t i, const Work& work, Scratch& scratch) {
        const auto own = static_cast<std::size_t>(work.labels[i]);
        const std::uint16_t* lower = lower_of(i);
        const float lowest =
            static_cast<float>(kernel_.bounds.smallest(lower, moved_steps_.data(), stride_)) * step_ * kIn;
        if ((upper_[i] + own_moved_[own]) * kOut < lowest) return 0;
        const Value* values = X_ + i * shape_.n_features;
        const std::size_t slot = scratch.n_rows;
        work.scores.take(values, slot, scratch.block);
        const double error = work.error(static_cast<double>(norms_[i]));
        const float score = work.scores.own(values, slot, own, scratch.block);
        const float nearer = distance_above(score, i, error);
        if (nearer < lowest) {
            set_upper(i, nearer, own);
            return 0;
        }

        Row row = {i, error, score, score, kInfinity, work.labels[i], n_panels_, kInfinity};
        const std::size_t n_near =
            kernel_.bounds.at_most(lower, moved_steps_.data(), steps_above(nearer), stride_, scratch.near.data());
        const bool needs_panels =
            panels_in_group_ > 0 ? note_groups(n_near, scratch) : look_at_few(n_near, row, work, scratch);
        if (!needs_panels) return settle(row, work);
        scratch.rows[slot] = row;
        work.scores.pack(values, norms_[i], slot, scratch.block, scratch.packed);
        ++scratch.n_rows;
        return 0;
    }

    bool note_groups(std::size_t n_near, Scratch& scratch) const {
        bool any = false;
        for (std::size_t s = 0; s < n_near; ++s) {
            const std::size_t first = scratch.near[s] * panels_in_group_;
            for (std::size_t p = first; p < std::min(first + panels_in_group_, n_panels_); ++p) {
                scratch.add_to(p);
                any = true;
            }
        }
        return any;
    }

    bool look_at_few(std::size_t n_near, Row& row, const Work& work, Scratch& scratch) {
        const Value* values = X_ + row.row * shape_.n_features;
        const auto own = static_cast<std::size_t>(row.label);
        bool needs_panels = false;
        Few few;
        for (std::size_t first = 0; first < n_near;) {
            const std::size_t panel = scratch.near[first] / kPanel;
            std::size_t last = first + 1;
            while (last < n_near && scratch.near[last] / kPanel == panel) ++last;
            if (last - first > kFewCenters) {
                scratch.add_to(panel);
                needs_panels = true;
            } else {
                for (std::size_t s = first; s < last; ++s) {
                    const std::size_t c = scratch.near[s];
                    if (c == own || c >= shape_.n_clusters) continue;
                    const float score = work.scores.own(values, scratch.n_rows, c, scratch.block);
                    row.add(score, kInfinity, static_cast<std::int32_t>(c), n_panels_);
                    add(c, score, row, few);
                }
            }
            first = last;
        }
        store(row, few);
        return needs_panels;
    }

    void look_at_panels(const Work& work, Scratch& scratch) {
        const float* norms = work.scores.centers().norms.data();
        for (std::size_t p = 0; p < n_panels_; ++p) {
            for (std::size_t start = 0; start < scratch.n_slots[p]; start += kTogether) {
                alignas(64) float dots[kTogether * kPanel];
                TwoSmallest found[kTogether];
                const std::uint32_t* slots = scratch.slots.data() + p * kBlock + start;
                const std::size_t n_together = std::min(kTogether, scratch.n_slots[p] - start);
                work.scores.products(p, slots, n_together, scratch.packed, dots);
                for (std::size_t r = 0; r < n_together; ++r) {
                    const Row& row = scratch.rows[slots[r]];
                    const auto own = static_cast<std::size_t>(work.labels[row.row]);
                    // The own center was looked at.
                    if (row.own < kInfinity && own / kPanel == p) dots[r * kPanel + own % kPanel] = -kInfinity;
                    if (panels_in_group_ > 0) continue;
                    kernel_.bounds.quantize(dots + r * kPanel, norms + p * kPanel, moved_.data() + p * kPanel,
                                            square_below_of(row), 1.0F / step_, lower_of(row.row) + p * kPanel);
                }
                kernel_.panel.two_smallest(dots, static_cast<int>(n_together), norms + p * kPanel, found);
                for (std::size_t r = 0; r < n_together; ++r) {
                    if (panels_in_group_ > 0) scratch.lowest_of[slots[r] * n_panels_ + p] = found[r].smallest;
                    scratch.rows[slots[r]].add(found[r].smallest, found[r].second,
                                               static_cast<std::int32_t>(p * kPanel) + found[r].argmin, p);
                }
            }
        }
    }

    // The bounds of the groups that were looked at, from the lowest score of each panel but for the best center's.
    void bound_groups(const Row& row, float* lowest) {
        if (row.is_certain() && row.panel < n_panels_) lowest[row.panel] = row.others_of_panel;
        Few few;
        for (std::size_t first = 0; first < n_panels_; first += panels_in_group_) {
            if (std::isnan(lowest[first])) continue;
            const std::size_t last = std::min(first + panels_in_group_, n_panels_);
            add(first / panels_in_group_, *std::min_element(lowest + first, lowest + last), row, few);
        }
        store(row, few);
    }

    // Gives a row that was looked at its label and the bounds that go with it.
    std::size_t settle(const Row& row, const Work& work) {
        const std::size_t i = row.row;
        std::uint16_t* lower = lower_of(i);
        std::int32_t& own = work.labels[i];
        const bool knows_own = row.own < kInfinity;
        std::int32_t label = row.label;
        if (!row.is_certain()) {
            const std::uint16_t limit = steps_above(distance_above(row.best, i, 3.0 * row.error));
            const auto may_be_nearest = [&](std::size_t c) {
                if (knows_own && c == static_cast<std::size_t>(own)) return true;
                const std::size_t place = place_of(c);
                return lower[place] - std::min(lower[place], moved_steps_[place]) <= limit;
            };
            label = nearest_of(X_ + i * shape_.n_features, work.centers, shape_, kernel_, may_be_nearest);
        }
        if (knows_own && label != own) {
            const std::size_t place = place_of(static_cast<std::size_t>(own));
            const std::uint16_t others = panels_in_group_ > 0 ? lower[place] : kNoBound;
            Few few;
            add(place, row.own, row, few);
            store(row, few);
            lower[place] = std::min(lower[place], others);
        }
        if (panels_in_group_ == 0) lower[label] = kNoBound;
        // The label's score may lie above the best one by twice the error; its distance, in float64, does not.
        set_upper(i, distance_above(row.best, i, row.error), static_cast<std::size_t>(label));
        return set(own, label);
    }

    const Value* X_;
    Shape shape_;
    const float* norms_;
    int n_threads_;
    std::size_t n_panels_;
    std::size_t panels_in_group_ = 0;  // that share a bound; 0 where each center has its own
    std::size_t n_groups_ = 0;
    std::size_t stride_;  // bounds of a row, filled up to a multiple of kPanel
    float step_;
    const Kernels& kernel_ = kernels();
    std::vector<float> upper_;  // less what the row's center had moved in all, when it was stored
    // n_samples x stride, in steps; plus what the center, or the fastest of the group, had moved in all. Written first
    // by the threads that read it.
    std::unique_ptr<std::uint16_t[]> lower_;
    std::vector<float> own_moved_;            // by each center, in all
    std::vector<float> moved_;                // by what each bound stands for, in all
    std::vector<std::uint16_t> moved_steps_;  // the same in steps
};

}  // namespace inkmeans
