// How near rows would be to their nearest center if a candidate were one more. A float32 or integer score with a proven
// error tells for most rows that a candidate is no nearer; the others are measured in float64. So the result is the one
// that float64 arithmetic gives, whatever the instruction set.
#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "inkmeans/kernels.hpp"
#include "inkmeans/kmeans.hpp"
#include "inkmeans/parallel.hpp"
#include "scores.hpp"

namespace inkmeans {
namespace {

constexpr std::size_t kBlock = 256;  // rows; the totals are sums of the sums of these, in order

}  // namespace

template <typename Value>
Seeder<Value>::Seeder(const Value* X, std::size_t n_samples, std::size_t n_features, const double* shift, int n_threads)
    : X_(X), n_samples_(n_samples), n_features_(n_features), shift_(shift, shift + n_features), n_threads_(n_threads) {
    RowNorms norms(X, {n_samples, n_features, 0}, shift, n_threads);
    norms_ = std::move(norms.of);
    largest_norm_ = norms.largest;
}

template <typename Value>
void Seeder<Value>::closer(const double* candidates, std::size_t n_candidates, const double* closest,
                           const double* weights, double* closer, double* totals) const {
    const Kernels& kernel = kernels();
    const Shape shape{n_samples_, n_features_, n_candidates};
    const auto scores =
        make_scores<Value>(candidates, shape, shift_.data(), static_cast<double>(largest_norm_), kernel, n_threads_);
    const bool hold = scores.centers().hold();
    const ScoreError error = scores.error();
    const std::size_t n_blocks = (n_samples_ + kBlock - 1) / kBlock;
    std::vector<double> sums(n_blocks * n_candidates, 0.0);

    parallel_for(n_blocks, n_threads_, [&](std::size_t b) {
        const std::size_t first = b * kBlock;
        const std::size_t n_rows = std::min(kBlock, n_samples_ - first);
        thread_local typename ScoresOf<Value>::Type::Block rows;
        const auto squared_distance = row_kernels(kernel, X_).squared_distance;
        if (hold) {
            scores.reserve(rows, n_rows);
            for (std::size_t r = 0; r < n_rows; ++r) {
                scores.take(X_ + (first + r) * n_features_, r, rows);
                scores.unpack(X_ + (first + r) * n_features_, r, rows);
            }
        }
        for (std::size_t start = 0; start < n_rows; start += kTogether) {
            const std::size_t n_together = std::min(kTogether, n_rows - start);
            std::uint32_t slots[kTogether];
            for (std::size_t r = 0; r < n_together; ++r) slots[r] = static_cast<std::uint32_t>(start + r);
            for (std::size_t p = 0; p < scores.centers().n_panels; ++p) {
                alignas(64) float dots[kTogether * kPanel];
                if (hold) scores.products(p, slots, n_together, rows, dots);
                for (std::size_t c = p * kPanel; c < std::min((p + 1) * kPanel, n_candidates); ++c) {
                    double* sum = sums.data() + b * n_candidates + c;
                    for (std::size_t r = 0; r < n_together; ++r) {
                        const std::size_t i = first + start + r;
                        const float score = scores.centers().norms[c] - 2.0F * dots[r * kPanel + c % kPanel];
                        const bool no_nearer =
                            hold && norms_[i] < 1e18F &&
                            square_below(score, norms_[i], error(static_cast<double>(norms_[i]))) >= closest[i];
                        double distance = closest[i];
                        if (!no_nearer) {
                            const double* candidate = candidates + c * n_features_;
                            distance =
                                std::min(distance, squared_distance(X_ + i * n_features_, candidate, n_features_));
                        }
                        closer[c * n_samples_ + i] = distance;
                        *sum += weights != nullptr ? weights[i] * distance : distance;
                    }
                }
            }
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
