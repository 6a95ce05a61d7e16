// Assignment to at most kPanel centers, pruned by Hamerly's bounds: Hamerly (2010), "Making k-means even faster".
//
// A row keeps an upper bound on the distance to its own center and one lower bound on the distance to all others. A row
// that these leave undecided costs one product with the panel, whichever center is in doubt, so a bound for each center
// would save nothing. Rows are packed once, and kept: that is less to read than the rows themselves, floats being
// quantized to int16 and the zeros of bytes left out.
#pragma once

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>
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
class HamerlyBounds {
   public:
    using Scores = typename ScoresOf<Value>::Type;

    // norms: of the rows after the shift, as RowNorms has them, none above kHuge. Both must outlive it.
    HamerlyBounds(const Value* X, Shape shape, const float* norms, int n_threads)
        : X_(X),
          shape_(shape),
          norms_(norms),
          n_threads_(n_threads),
          keeps_rows_(shape.n_samples * shape.n_features <= kMostValues),
          upper_(shape.n_samples),
          lower_(shape.n_samples) {}

    // labels: those of the last call in, those of this one out. moves: how far each center has moved since then, at
    // most; empty where bounds and labels do not belong together. n_undecided is raised by the rows that were decided
    // in float64. Returns how many labels changed.
    std::size_t assign(const Scores& scores, const double* centers, const std::vector<double>& moves,
                       std::int32_t* labels, std::atomic<std::size_t>& n_undecided) {
        add_moves(moves);
        const std::size_t n_blocks = (shape_.n_samples + kBlock - 1) / kBlock;
        if (!scores.can_keep()) {
            kept_.clear();
            keeps_rows_ = false;
        }
        const bool keep = keeps_rows_ && kept_.empty();
        std::vector<Packed> fresh(keep ? n_blocks : 0);
        const ScoreError error_of = scores.error();
        std::atomic<std::size_t> n_changed{0};
        parallel_for(n_blocks, n_threads_, [&](std::size_t b) {
            const std::size_t first = b * kBlock;
            const std::size_t n_rows = std::min(kBlock, shape_.n_samples - first);
            thread_local Scratch scratch;
            if (keep) {
                scratch.select_all(n_rows);
                pack(scores, first, scratch, n_rows);
                fresh[b] = scores.trimmed(scratch.packed, n_rows);
            }
            const std::size_t n_left =
                moves.empty() ? scratch.select_all(n_rows) : find_undecided(first, n_rows, labels, scratch);
            if (n_left == 0) return;
            const std::uint32_t* slots = scratch.rows.data();
            if (!keeps_rows_) {
                pack(scores, first, scratch, n_left);
                slots = scratch.in_turn.data();
            }
            const Packed& packed = keep ? fresh[b] : keeps_rows_ ? kept_[b] : scratch.packed;
            std::size_t n_of_block = 0;
            for (std::size_t i = 0; i < n_left; i += kTogether) {
                const std::size_t n_together = std::min(kTogether, n_left - i);
                alignas(64) float dots[kTogether * kPanel];
                scores.products(0, slots + i, n_together, packed, dots);
                n_changed += decide(scores, error_of, centers, first, scratch.rows.data() + i, n_together, dots, labels,
                                    n_of_block);
            }
            n_undecided += n_of_block;
        });
        if (keep) keep_if_small(std::move(fresh));
        return n_changed;
    }

   private:
    using Packed = typename Scores::Packed;
    static constexpr std::size_t kBlock = 5 * kTogether;
    static constexpr std::size_t kMostValues = 1U << 27;  // of rows that are kept: 256 MB
    static constexpr float kOut = 1.0F + 0x1p-22F;        // more than one rounding of a float32 difference
    static constexpr float kIn = 1.0F - 0x1p-22F;

    struct Scratch {
        typename Scores::Block block;
        Packed packed;
        std::vector<std::uint32_t> rows = std::vector<std::uint32_t>(kBlock + kPanel);  // undecided, in the block
        std::vector<std::uint32_t> in_turn = std::vector<std::uint32_t>(kBlock);        // 0, 1, 2, ...

        Scratch() { std::iota(in_turn.begin(), in_turn.end(), 0U); }

        std::size_t select_all(std::size_t n_rows) {
            std::copy_n(in_turn.begin(), n_rows, rows.begin());
            return n_rows;
        }
    };

    // Adds to how far each center, and the fastest of the others, moved in all.
    void add_moves(const std::vector<double>& moves) {
        if (moves.empty()) {
            own_moved_.assign(kPanel, 0.0F);
            others_moved_.assign(kPanel, 0.0F);
            return;
        }
        for (std::size_t c = 0; c < moves.size(); ++c) {
            double fastest = 0.0;
            for (std::size_t other = 0; other < moves.size(); ++other) {
                if (other != c) fastest = std::max(fastest, moves[other]);
            }
            own_moved_[c] = round_up(static_cast<double>(own_moved_[c]) + moves[c]);
            others_moved_[c] = round_up(static_cast<double>(others_moved_[c]) + fastest);
        }
    }

    std::size_t find_undecided(std::size_t first, std::size_t n_rows, const std::int32_t* labels,
                               Scratch& scratch) const {
        return kernel_.bounds.undecided_rows(upper_.data() + first, lower_.data() + first, labels + first,
                                             own_moved_.data(), others_moved_.data(), kOut, kIn, n_rows,
                                             scratch.rows.data());
    }

    // Packs the first n of the undecided rows.
    void pack(const Scores& scores, std::size_t first, Scratch& scratch, std::size_t n) const {
        scores.reserve(scratch.block, n);
        scores.reserve(scratch.packed, n);
        for (std::size_t i = 0; i < n; ++i) {
            const std::size_t row = first + scratch.rows[i];
            scores.load(X_ + row * shape_.n_features, i, scratch.block);
            scores.pack(X_ + row * shape_.n_features, norms_[row], i, scratch.block, scratch.packed);
        }
    }

    // Labels and bounds from the products of a few rows.
    std::size_t decide(const Scores& scores, const ScoreError& error_of, const double* centers, std::size_t first,
                       const std::uint32_t* rows, std::size_t n_rows, const float* dots, std::int32_t* labels,
                       std::size_t& n_undecided) {
        const float* norms = scores.centers().norms.data();
        TwoSmallest found[kTogether];
        kernel_.panel.two_smallest(dots, static_cast<int>(n_rows), norms, found);
        std::size_t changes = 0;
        for (std::size_t r = 0; r < n_rows; ++r) {
            const std::size_t i = first + rows[r];
            const double norm = static_cast<double>(norms_[i]);
            const double error = error_of(norm);
            const double score = static_cast<double>(found[r].smallest);
            double second = static_cast<double>(found[r].second);
            std::int32_t label = found[r].argmin;
            if (!(second - score > 2.0 * error)) {
                const float* products = dots + r * kPanel;
                const auto may_be_nearest = [&](std::size_t c) {
                    return !(static_cast<double>(norms[c] - 2.0F * products[c]) > score + 2.0 * error);
                };
                label = nearest_of(X_ + i * shape_.n_features, centers, shape_, kernel_, may_be_nearest);
                second = score;
                ++n_undecided;
            }
            changes += set_label(labels[i], label);
            // The label's score may exceed the smallest by twice the error; its float64 distance does not.
            upper_[i] =
                round_up(round_up(std::sqrt(square_above(found[r].smallest, norms_[i], error))) - own_moved_[label]);
            lower_[i] = round_down(std::sqrt(square_below(static_cast<float>(second), norms_[i], error)) +
                                   others_moved_[label]);
        }
        return changes;
    }

    // Packed bytes with few zeros are more to read than the bytes themselves.
    void keep_if_small(std::vector<Packed> fresh) {
        std::size_t n_bytes = 0;
        for (const Packed& packed : fresh) n_bytes += packed.n_bytes();
        keeps_rows_ = n_bytes <= shape_.n_samples * shape_.n_features * sizeof(Value);
        if (keeps_rows_) kept_ = std::move(fresh);
    }

    const Value* X_;
    Shape shape_;
    const float* norms_;
    int n_threads_;
    bool keeps_rows_;
    const Kernels& kernel_ = kernels();
    std::vector<float> upper_;         // less how far the own center had moved in all when it was stored
    std::vector<float> lower_;         // plus how far the fastest other center had moved in all
    std::vector<float> own_moved_;     // by each center, in all
    std::vector<float> others_moved_;  // by the fastest of the others, in all
    std::vector<Packed> kept_;         // of each block
};

}  // namespace inkmeans
