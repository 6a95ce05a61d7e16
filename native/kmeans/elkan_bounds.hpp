// Assignment to more than kPanel centers, pruned by Elkan's bounds: Elkan (2003), "Using the triangle inequality to
// accelerate k-means"; with bounds for groups of centers, Ding et al. (2015), "Yinyang k-means", where a bound for each
// would take much memory (LowerBounds decides).
//
// A row keeps an upper bound on the distance to its own center and lower bounds on the distances to all others. Only
// the centers, or groups, that these leave undecided are scored: centers one by one where they are few, else with all
// of their panel.
#pragma once

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <vector>

#include "inkmeans/kernels.hpp"
#include "inkmeans/kmeans.hpp"
#include "inkmeans/parallel.hpp"
#include "kmeans/lower_bounds.hpp"
#include "kmeans/nearest.hpp"
#include "kmeans/scores.hpp"
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
          upper_(shape.n_samples),
          lower_(shape.n_samples, shape.n_clusters, shape.n_samples * shape.n_features * sizeof(Value), largest_norm),
          n_panels_(lower_.n_panels()) {}

    // As HamerlyBounds::assign, but for n_undecided.
    std::size_t assign(const Scores& scores, const double* centers, const std::vector<double>& moves,
                       std::int32_t* labels) {
        add_moves(moves);
        const Work work{scores, centers, scores.error(), labels};
        std::atomic<std::size_t> n_changed{0};
        parallel_for((shape_.n_samples + kBlock - 1) / kBlock, n_threads_, [&](std::size_t b) {
            const std::size_t first = b * kBlock;
            thread_local Scratch scratch;
            scratch.begin(n_panels_, lower_.stride());
            if (lower_.is_grouped()) scratch.smallest_of.assign(kBlock * n_panels_, kNone);
            scores.reserve(scratch.block, kBlock);
            scores.reserve(scratch.packed, kBlock);
            std::size_t changes = 0;
            for (std::size_t i = first; i < std::min(first + kBlock, shape_.n_samples); ++i) {
                if (moves.empty()) {
                    score_all(i, work, scratch);
                } else {
                    changes += prune(i, work, scratch);
                }
            }
            score_panels(work, scratch);
            for (std::size_t s = 0; s < scratch.n_rows; ++s) {
                if (lower_.is_grouped()) store_groups(scratch.rows[s], scratch.smallest_of.data() + s * n_panels_);
                changes += decide(scratch.rows[s], work);
            }
            n_changed += changes;
        });
        return n_changed;
    }

   private:
    static constexpr std::size_t kBlock = 5 * kTogether;
    static constexpr std::size_t kFewCenters = 4;  // as many products with one center take as long as one with a panel
    static constexpr float kInfinity = std::numeric_limits<float>::infinity();
    static constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

    struct Work {
        const Scores& scores;
        const double* centers;
        ScoreError error;
        std::int32_t* labels;
    };

    // The scores of an undecided row so far.
    struct Row {
        std::size_t row;
        double error;
        float square_below;  // see LowerBounds::store_panel
        float own_score;     // of the own center; infinite if it is not known
        float smallest;
        float second;
        std::int32_t label;     // of the smallest
        std::size_t panel;      // where the smallest was found with its panel, and
        float others_of_panel;  // the smallest score of the others there

        // Adds the smallest score of a panel, that of `center`, and the second smallest.
        void add(float score, float next, std::int32_t center, std::size_t in_panel) {
            if (score < smallest) {
                second = std::min(smallest, next);
                smallest = score;
                label = center;
                panel = in_panel;
                others_of_panel = next;
            } else {
                second = std::min(second, score);
            }
        }

        // Written so that what is not a number is not certain.
        bool is_certain() const { return static_cast<double>(second) - static_cast<double>(smallest) > 2.0 * error; }
    };

    struct Scratch {
        typename Scores::Block block;
        typename Scores::Packed packed;
        std::vector<Row> rows = std::vector<Row>(kBlock);
        std::size_t n_rows;
        std::vector<std::uint16_t> near;   // places of the bounds that leave something undecided
        std::vector<std::uint32_t> slots;  // panel x rows that need it
        std::vector<std::size_t> n_slots;
        std::vector<float> smallest_of;  // row x panel: the smallest score; not a number where none was taken

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

    // Adds to how far each center moved in all.
    void add_moves(const std::vector<double>& moves) {
        lower_.add_moves(moves);
        if (moves.empty()) own_moved_.assign(n_panels_ * kPanel, 0.0F);
        for (std::size_t c = 0; c < moves.size(); ++c) {
            own_moved_[c] = round_up(static_cast<double>(own_moved_[c]) + moves[c]);
        }
    }

    // At least the distance that goes with a score.
    float distance_above(float score, std::size_t i, double error) const {
        const float norm = norms_[i] * norms_[i];
        const float square = norm + score + (norm + std::abs(score)) * 0x1p-21F + round_up(error);
        return std::sqrt(std::max(square, 0.0F)) * LowerBounds::kOut + std::numeric_limits<float>::min();
    }

    // The squared norm of row i less the margins that LowerBounds::store_panel asks for.
    float square_below(std::size_t i, double error) const {
        return norms_[i] * norms_[i] * (1.0F - 0x1p-19F) - round_up(error);
    }

    void set_upper(std::size_t i, float distance, std::size_t own) {
        upper_[i] = round_up(static_cast<double>(distance) - static_cast<double>(own_moved_[own]));
    }

    // A row without bounds is scored with all panels.
    void score_all(std::size_t i, const Work& work, Scratch& scratch) {
        const double error = work.error(static_cast<double>(norms_[i]));
        scratch.rows[scratch.n_rows] = {i,         error,    square_below(i, error), kInfinity, kInfinity, kInfinity, 0,
                                        n_panels_, kInfinity};
        const Value* row = X_ + i * shape_.n_features;
        work.scores.load(row, scratch.n_rows, scratch.block);
        work.scores.pack(row, norms_[i], scratch.n_rows, scratch.block, scratch.packed);
        for (std::size_t p = 0; p < n_panels_; ++p) scratch.add_to(p);
        ++scratch.n_rows;
        lower_.clear_padding(i);
    }

    // Decides a row from its bounds, or from a few scores; else notes the panels that it needs. Returns how many labels
    // changed.
    std::size_t prune(std::size_t i, const Work& work, Scratch& scratch) {
        const auto own = static_cast<std::size_t>(work.labels[i]);
        const float smallest = lower_.smallest(i);
        if ((upper_[i] + own_moved_[own]) * LowerBounds::kOut < smallest) return 0;
        const Value* values = X_ + i * shape_.n_features;
        const std::size_t slot = scratch.n_rows;
        work.scores.load(values, slot, scratch.block);
        const double error = work.error(static_cast<double>(norms_[i]));
        const float score = work.scores.score(values, slot, own, scratch.block);
        const float nearer = distance_above(score, i, error);
        if (nearer < smallest) {
            set_upper(i, nearer, own);
            return 0;
        }

        Row row = {i, error, square_below(i, error), score, score, kInfinity, work.labels[i], n_panels_, kInfinity};
        const std::size_t n_near = lower_.places_within(i, nearer, scratch.near.data());
        const bool needs_panels =
            lower_.is_grouped() ? add_groups(n_near, scratch) : score_few(n_near, row, work, scratch);
        if (!needs_panels) return decide(row, work);
        scratch.rows[slot] = row;
        work.scores.pack(values, norms_[i], slot, scratch.block, scratch.packed);
        ++scratch.n_rows;
        return 0;
    }

    // Notes the panels of the groups near; returns whether there are any.
    bool add_groups(std::size_t n_near, Scratch& scratch) const {
        bool any = false;
        for (std::size_t s = 0; s < n_near; ++s) {
            const std::size_t first = scratch.near[s] * lower_.panels_in_group();
            for (std::size_t p = first; p < std::min(first + lower_.panels_in_group(), n_panels_); ++p) {
                scratch.add_to(p);
                any = true;
            }
        }
        return any;
    }

    // Scores the centers near, where they are few in their panel; notes the other panels, and returns whether there are
    // any.
    bool score_few(std::size_t n_near, Row& row, const Work& work, Scratch& scratch) {
        const Value* values = X_ + row.row * shape_.n_features;
        const auto own = static_cast<std::size_t>(row.label);
        bool needs_panels = false;
        LowerBounds::Batch batch;
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
                    const float score = work.scores.score(values, scratch.n_rows, c, scratch.block);
                    row.add(score, kInfinity, static_cast<std::int32_t>(c), n_panels_);
                    lower_.add(row.row, c, row.square_below, score, batch);
                }
            }
            first = last;
        }
        lower_.store(row.row, row.square_below, batch);
        return needs_panels;
    }

    void score_panels(const Work& work, Scratch& scratch) {
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
                    // The own center's score is known.
                    if (row.own_score < kInfinity && own / kPanel == p) dots[r * kPanel + own % kPanel] = -kInfinity;
                    if (!lower_.is_grouped()) {
                        lower_.store_panel(row.row, p, row.square_below, dots + r * kPanel, norms);
                    }
                }
                kernel_.panel.two_smallest(dots, static_cast<int>(n_together), norms + p * kPanel, found);
                for (std::size_t r = 0; r < n_together; ++r) {
                    if (lower_.is_grouped()) scratch.smallest_of[slots[r] * n_panels_ + p] = found[r].smallest;
                    scratch.rows[slots[r]].add(found[r].smallest, found[r].second,
                                               static_cast<std::int32_t>(p * kPanel) + found[r].argmin, p);
                }
            }
        }
    }

    // The bounds of the groups that were scored, from the smallest score of each panel but for the nearest center's.
    void store_groups(const Row& row, float* smallest) {
        if (row.is_certain() && row.panel < n_panels_) smallest[row.panel] = row.others_of_panel;
        LowerBounds::Batch batch;
        for (std::size_t first = 0; first < n_panels_; first += lower_.panels_in_group()) {
            if (std::isnan(smallest[first])) continue;
            const std::size_t last = std::min(first + lower_.panels_in_group(), n_panels_);
            lower_.add(row.row, first / lower_.panels_in_group(), row.square_below,
                       *std::min_element(smallest + first, smallest + last), batch);
        }
        lower_.store(row.row, row.square_below, batch);
    }

    // Gives an undecided row its label and the bounds that go with it; returns whether the label changed.
    std::size_t decide(const Row& row, const Work& work) {
        const std::size_t i = row.row;
        std::uint16_t* lower = lower_.of(i);
        std::int32_t& own = work.labels[i];
        const bool knows_own = row.own_score < kInfinity;
        std::int32_t label = row.label;
        if (!row.is_certain()) {
            const std::uint16_t limit = lower_.quantized_above(distance_above(row.smallest, i, 3.0 * row.error));
            const auto may_be_nearest = [&](std::size_t c) {
                if (knows_own && c == static_cast<std::size_t>(own)) return true;
                return lower_.is_at_most(i, lower_.place_of(c), limit);
            };
            label = nearest_of(X_ + i * shape_.n_features, work.centers, shape_, kernel_, may_be_nearest);
        }
        if (knows_own && label != own) {
            const std::size_t place = lower_.place_of(static_cast<std::size_t>(own));
            const std::uint16_t others = lower_.is_grouped() ? lower[place] : LowerBounds::kNoBound;
            LowerBounds::Batch batch;
            lower_.add(i, place, row.square_below, row.own_score, batch);
            lower_.store(i, row.square_below, batch);
            lower[place] = std::min(lower[place], others);
        }
        if (!lower_.is_grouped()) lower[label] = LowerBounds::kNoBound;
        // The label's score may exceed the smallest by twice the error; its float64 distance does not.
        set_upper(i, distance_above(row.smallest, i, row.error), static_cast<std::size_t>(label));
        return set_label(own, label);
    }

    const Value* X_;
    Shape shape_;
    const float* norms_;
    int n_threads_;
    const Kernels& kernel_ = kernels();
    std::vector<float> upper_;  // less how far the own center had moved in all when it was stored
    LowerBounds lower_;
    std::size_t n_panels_;
    std::vector<float> own_moved_;  // by each center, in all
};

}  // namespace inkmeans
