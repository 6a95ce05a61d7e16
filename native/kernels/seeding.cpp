// How near rows would be to their nearest center if a candidate were one more. The distance between projections, then a
// float32 or integer score, each with a proven error, tell for most rows that a candidate is no nearer; the others are
// measured in float64. So the result is the one that float64 arithmetic gives, whatever the instruction set.
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "inkmeans/kernels.hpp"
#include "inkmeans/kmeans.hpp"
#include "inkmeans/parallel.hpp"
#include "projections.hpp"
#include "scores.hpp"

namespace inkmeans {
namespace {

constexpr std::size_t kBlock = 240;  // rows, a multiple of kRowGroup; totals are sums of the sums of these, in order

// The candidates' projections, packed in panels.
struct ProjectedCandidates {
    ProjectedCandidates(const Projections& projections, const std::int64_t* candidates, std::size_t n_candidates)
        : n_panels((n_candidates + kPanel - 1) / kPanel),
          panels(n_panels * projections.width() * kPanel, 0.0F),
          squares(n_panels * kPanel, std::numeric_limits<float>::infinity()) {
        const std::size_t width = projections.width();
        for (std::size_t c = 0; c < n_candidates; ++c) {
            const auto row = static_cast<std::size_t>(candidates[c]);
            const float* projection = projections.of(row);
            for (std::size_t d = 0; d < width; ++d) {
                panels[(c / kPanel * width + d) * kPanel + c % kPanel] = projection[d];
            }
            squares[c] = static_cast<float>(projections.square(row));
            largest = std::max(largest, std::sqrt(projections.square(row)));
            slack = std::max(slack, static_cast<double>(projections.slack(row)));
        }
    }

    // What squares[c] - 2 * dot must reach, at least, for a candidate c not to be nearer to a row than `closest`, a
    // squared distance. The float32 sum of the products is off by gamma(width) |x| |c|, the rest by 8 roundings.
    float limit(double square, double row_slack, double closest, double width) const {
        const double reach = std::sqrt(closest) * (1.0 + 1e-15) + row_slack + slack;
        const double error = 2.0 * (width + 8.0) * (kRounding * 2.0 * (square + largest * largest) + kTiny);
        return up(reach * reach - square + error);
    }

    std::size_t n_panels;
    std::vector<float> panels;
    std::vector<float> squares;
    double largest = 0.0;
    double slack = 0.0;
};

// The distances of rows to candidates, looked at no closer than the question needs.
template <typename Value>
class Distances {
   public:
    using Scores = typename ScoresOf<Value>::Type;
    struct Taken {
        typename Scores::Block block;
        double error;   // of floats' scores
        double square;  // of a row of bytes
    };

    Distances(const double* rows, Shape shape, const double* shift, const std::vector<float>& norms, float largest_norm,
              const Kernels& kernel, int n_threads)
        : rows_(rows),
          n_(shape.n_features),
          norms_(norms),
          kernel_(kernel),
          scores_(make_scores<Value>(rows, shape, shift, static_cast<double>(largest_norm), kernel, n_threads)),
          error_(scores_.error()),
          holds_(scores_.centers().hold() && largest_norm < 1e18F) {
        if constexpr (kIsByte) {
            for (std::size_t c = 0; c < shape.n_clusters; ++c) {
                double square = 0.0;
                for (std::size_t j = 0; j < n_; ++j) square += rows[c * n_ + j] * rows[c * n_ + j];
                squares_.push_back(square);
            }
        }
    }

    void take(std::size_t i, const Value* row, Taken& taken) const {
        if (!holds_) return;
        if constexpr (kIsByte) {
            taken.square = kernel_.square_u8(row, n_);
        } else {
            scores_.reserve(taken.block, 1);
            scores_.take(row, 0, taken.block);
            taken.error = error_(static_cast<double>(norms_[i]));
        }
    }

    // The squared distance of a row to candidate c if it is below `closest`, otherwise `closest`.
    double lower(std::size_t i, const Value* row, std::size_t c, const Taken& taken, double closest) const {
        if constexpr (kIsByte) {
            if (holds_ && scores_.is_exact()) {
                return std::min(closest, taken.square + squares_[c] - 2.0 * scores_.product(row, c));
            }
        } else if (holds_) {
            const float score = scores_.own(row, 0, c, taken.block);
            if (square_below(score, norms_[i], taken.error) >= closest) return closest;
        }
        return std::min(closest, row_kernels(kernel_, row).squared_distance(row, rows_ + c * n_, n_));
    }

   private:
    static constexpr bool kIsByte = std::is_same_v<Value, std::uint8_t>;
    const double* rows_;
    std::size_t n_;
    const std::vector<float>& norms_;
    const Kernels& kernel_;
    Scores scores_;
    ScoreError error_;
    bool holds_;
    std::vector<double> squares_;
};

// Sums in 4 lanes that are added pairwise at the end.
template <typename At>
double sum_of(std::size_t n, const At& at) {
    double lanes[4] = {};
    std::size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        for (std::size_t l = 0; l < 4; ++l) lanes[l] += at(i + l);
    }
    for (; i < n; ++i) lanes[i % 4] += at(i);
    return (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]);
}

}  // namespace

template <typename Value>
Seeder<Value>::Seeder(const Value* X, std::size_t n_samples, std::size_t n_features, const double* shift,
                      const double* directions, std::size_t n_directions, int n_threads)
    : X_(X), n_samples_(n_samples), n_features_(n_features), shift_(shift, shift + n_features), n_threads_(n_threads) {
    RowNorms norms(X, {n_samples, n_features, 0}, shift, n_threads);
    norms_ = std::move(norms.of);
    largest_norm_ = norms.largest;
    const bool holds = largest_norm_ < 1e15F && static_cast<double>(n_features) * kRounding < 0.01;
    if (n_directions == 0 || !holds) return;
    projections_ =
        std::make_unique<Projections>(X, n_samples, n_features, shift, norms_, directions, n_directions, n_threads);
}

template <typename Value>
Seeder<Value>::~Seeder() = default;

template <typename Value>
void Seeder<Value>::closer(const std::int64_t* candidates, std::size_t n_candidates, const double* closest,
                           const double* weights, double* closer, double* totals) const {
    const Kernels& kernel = kernels();
    const std::size_t n = n_features_;
    std::vector<double> rows(n_candidates * n);
    for (std::size_t c = 0; c < n_candidates; ++c) {
        std::copy_n(X_ + static_cast<std::size_t>(candidates[c]) * n, n, rows.data() + c * n);
    }
    const Distances<Value> distances(rows.data(), {n_samples_, n, n_candidates}, shift_.data(), norms_, largest_norm_,
                                     kernel, n_threads_);
    const std::size_t n_panels = (n_candidates + kPanel - 1) / kPanel;
    std::unique_ptr<const ProjectedCandidates> projected;
    if (projections_) projected = std::make_unique<ProjectedCandidates>(*projections_, candidates, n_candidates);
    const std::size_t width = projections_ ? projections_->width() : 0;
    const std::size_t n_blocks = (n_samples_ + kBlock - 1) / kBlock;
    std::vector<double> sums(n_blocks * n_candidates, 0.0);

    parallel_for(n_blocks, n_threads_, [&](std::size_t b) {
        const std::size_t first = b * kBlock;
        const std::size_t n_rows = std::min(kBlock, n_samples_ - first);
        thread_local typename Distances<Value>::Taken taken;
        thread_local std::vector<float> dots;
        thread_local std::vector<Lowest> found;
        thread_local std::vector<float> limits;
        if (projected) {
            limits.resize(n_rows);
            for (std::size_t r = 0; r < n_rows; ++r) {
                const std::size_t i = first + r;
                limits[r] = projected->limit(projections_->square(i), static_cast<double>(projections_->slack(i)),
                                             closest[i], static_cast<double>(width));
            }
        }
        for (std::size_t c = 0; c < n_candidates; ++c) {
            std::copy_n(closest + first, n_rows, closer + c * n_samples_ + first);
        }
        for (std::size_t p = 0; p < n_panels; ++p) {
            const std::size_t last_candidate = std::min((p + 1) * kPanel, n_candidates);
            if (projected) {
                dots.assign(n_rows * kPanel, 0.0F);
                found.resize(n_rows);
                const float* panel = projected->panels.data() + p * width * kPanel;
                for (std::size_t r = 0; r < n_rows; r += kRowGroup) {
                    const float* group[kRowGroup];
                    const std::size_t n_group = std::min<std::size_t>(kRowGroup, n_rows - r);
                    for (std::size_t g = 0; g < n_group; ++g) group[g] = projections_->of(first + r + g);
                    kernel.dot_f32(group, 0, static_cast<int>(n_group), panel, width, dots.data() + r * kPanel);
                }
                kernel.lowest(dots.data(), static_cast<int>(n_rows), projected->squares.data() + p * kPanel,
                              found.data());
            }
            for (std::size_t r = 0; r < n_rows; ++r) {
                if (projected && found[r].score >= limits[r]) continue;
                const std::size_t i = first + r;
                const Value* row = X_ + i * n;
                distances.take(i, row, taken);
                for (std::size_t c = p * kPanel; c < last_candidate; ++c) {
                    if (projected && projected->squares[c] - 2.0F * dots[r * kPanel + c % kPanel] >= limits[r])
                        continue;
                    double& nearest = closer[c * n_samples_ + i];
                    nearest = distances.lower(i, row, c, taken, nearest);
                }
            }
        }
        for (std::size_t c = 0; c < n_candidates; ++c) {
            const double* nearest = closer + c * n_samples_ + first;
            sums[b * n_candidates + c] =
                weights != nullptr ? sum_of(n_rows, [&](std::size_t r) { return weights[first + r] * nearest[r]; })
                                   : sum_of(n_rows, [&](std::size_t r) { return nearest[r]; });
        }
    });
    for (std::size_t c = 0; c < n_candidates; ++c) {
        totals[c] = 0.0;
        for (std::size_t b = 0; b < n_blocks; ++b) totals[c] += sums[b * n_candidates + c];
    }
}

template class Seeder<std::uint8_t>;
template class Seeder<float>;
template class Seeder<double>;

}  // namespace inkmeans
