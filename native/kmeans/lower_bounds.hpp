// Lower bounds on the distances of rows to centers, in 16 bits.
//
// A row has one bound for each center (Elkan 2003), or, where these would take much memory, one for each group of
// centers, whole panels (Ding et al. 2015, "Yinyang k-means"). A bound of 1 stands for the distance `scale`; 2^16 of
// them span four times the largest norm of a row. What is stored is the bound plus how far the center, or the fastest
// of the group, had moved in all by then; how far it has moved up to now is taken off on reading. Bounds are rounded
// down, moves up.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "inkmeans/kernels.hpp"
#include "rows/rounding.hpp"

namespace inkmeans {

class LowerBounds {
   public:
    static constexpr std::uint16_t kLargest = 65534;  // a bound as high as they go
    static constexpr std::uint16_t kNoBound = 65535;  // in place of one on the own center
    static constexpr float kOut = 1.0F + 0x1p-22F;    // more than one rounding of float32
    static constexpr float kIn = 1.0F - 0x1p-22F;

    // n_bytes: of the rows, of which the bounds may take a quarter. largest_norm: of a row.
    LowerBounds(std::size_t n_samples, std::size_t n_clusters, std::size_t n_bytes, float largest_norm)
        : n_panels_((n_clusters + kPanel - 1) / kPanel),
          scale_(largest_norm > 1e-30F ? 4.0F * largest_norm / 65536.0F : 1.0F) {
        const std::size_t room = std::max(kMinBytes, n_bytes / 4) / sizeof(std::uint16_t) / n_samples / kPanel * kPanel;
        const std::size_t n_bounds = std::clamp<std::size_t>(room, kPanel, kMostBounds);
        stride_ = n_panels_ * kPanel;
        if (stride_ > n_bounds) {
            panels_in_group_ = (n_panels_ + n_bounds - 1) / n_bounds;
            n_groups_ = (n_panels_ + panels_in_group_ - 1) / panels_in_group_;
            stride_ = (n_groups_ + kPanel - 1) / kPanel * kPanel;
        }
        stored_.reset(new std::uint16_t[n_samples * stride_]);
    }

    // Whether centers share bounds.
    bool is_grouped() const { return panels_in_group_ > 0; }
    std::size_t panels_in_group() const { return panels_in_group_; }
    std::size_t n_panels() const { return n_panels_; }

    // Bounds of a row, filled up to a multiple of kPanel.
    std::size_t stride() const { return stride_; }

    // Where the bound on a center is.
    std::size_t place_of(std::size_t center) const {
        return is_grouped() ? center / kPanel / panels_in_group_ : center;
    }

    // The stored bounds of row i.
    std::uint16_t* of(std::size_t i) { return stored_.get() + i * stride_; }

    // Adds to how far each center, or the fastest of its group, moved in all; from 0 on where moves are empty.
    void add_moves(const std::vector<double>& moves) {
        if (moves.empty()) {
            moved_.assign(stride_, 0.0F);
            quantized_moved_.assign(stride_, 0);
            return;
        }
        std::vector<double> fastest(stride_, 0.0);
        for (std::size_t c = 0; c < moves.size(); ++c) {
            fastest[place_of(c)] = std::max(fastest[place_of(c)], moves[c]);
        }
        for (std::size_t g = 0; g < stride_; ++g) {
            moved_[g] = round_up(static_cast<double>(moved_[g]) + fastest[g]);
            quantized_moved_[g] = quantized_above(moved_[g]);
        }
    }

    // Places without a group hold no bound; the rest is written with the groups, or centers, that are scored.
    void clear_padding(std::size_t i) {
        if (is_grouped()) std::fill(of(i) + n_groups_, of(i) + stride_, kLargest);
    }

    // The smallest distance that the bounds of row i allow.
    float smallest(std::size_t i) {
        return static_cast<float>(kernel_.bounds.smallest(of(i), quantized_moved_.data(), stride_)) * scale_ * kIn;
    }

    // A bound that is certainly larger than one on the distance.
    std::uint16_t quantized_above(float distance) const {
        const float bound = distance / scale_ * kOut + 1.0F;
        return bound < 65535.0F ? static_cast<std::uint16_t>(bound) : kNoBound;
    }

    // places (out, stride + kPanel): those, in order, whose bound allows a distance; returns how many there are.
    std::size_t places_within(std::size_t i, float distance, std::uint16_t* places) {
        return kernel_.bounds.at_most(of(i), quantized_moved_.data(), quantized_above(distance), stride_, places);
    }

    // Whether the bound at one place, less its center's moves, is at most `limit`.
    bool is_at_most(std::size_t i, std::size_t place, std::uint16_t limit) {
        const std::uint16_t stored = of(i)[place];
        return stored - std::min(stored, quantized_moved_[place]) <= limit;
    }

    // Stores the bounds of row i on a panel's centers. square_below: the squared norm of the row less the margin that
    // BoundKernels::quantize asks for and less the error of a score.
    void store_panel(std::size_t i, std::size_t p, float square_below, const float* dots, const float* norms) {
        kernel_.bounds.quantize(dots, norms + p * kPanel, moved_.data() + p * kPanel, square_below, 1.0F / scale_,
                                of(i) + p * kPanel);
    }

    // The scores of some centers or groups of one row, on their way to bounds.
    struct Batch {
        std::size_t places[kPanel];
        float products[kPanel] = {};  // minus half of the scores
        float moved[kPanel] = {};
        std::size_t n = 0;
    };

    void add(std::size_t i, std::size_t place, float square_below, float score, Batch& batch) {
        batch.places[batch.n] = place;
        batch.products[batch.n] = -0.5F * score;
        batch.moved[batch.n] = moved_[place];
        if (++batch.n == kPanel) store(i, square_below, batch);
    }

    void store(std::size_t i, float square_below, Batch& batch) {
        static constexpr float kZeros[kPanel] = {};
        if (batch.n == 0) return;
        std::uint16_t bounds[kPanel];
        kernel_.bounds.quantize(batch.products, kZeros, batch.moved, square_below, 1.0F / scale_, bounds);
        for (std::size_t l = 0; l < batch.n; ++l) of(i)[batch.places[l]] = bounds[l];
        batch.n = 0;
    }

   private:
    static constexpr std::size_t kMinBytes = 16U << 20;   // bounds may take as much whatever the rows take
    static constexpr std::size_t kMostBounds = 1U << 16;  // of a row: places have 16 bits

    std::size_t n_panels_;
    std::size_t panels_in_group_ = 0;  // that share a bound; 0 where each center has its own
    std::size_t n_groups_ = 0;
    std::size_t stride_;
    float scale_;
    const Kernels& kernel_ = kernels();
    // n_samples x stride. Written first by the threads that read it.
    std::unique_ptr<std::uint16_t[]> stored_;
    std::vector<float> moved_;                    // by what each bound stands for, in all
    std::vector<std::uint16_t> quantized_moved_;  // the same as bounds are
};

}  // namespace inkmeans
