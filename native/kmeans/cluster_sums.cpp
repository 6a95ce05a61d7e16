// For the update step: the sum of each cluster's rows, the same bytes for any number of threads. An empty cluster keeps
// its center here; Lloyd's loop (kmeans/_lloyd.py) relocates it before.
//
// Bytes are summed in int32, float32 in fixed point, int64: each column is scaled by a power of two, so that its
// largest value times the number of rows stays below 2^61, and rounded. A mean is then off by at most 2^-41 of the
// column's largest value for a million rows, and by 2^-50 for a thousand. A column whose largest value is over 2^16
// times its root mean square is refused, for there the rounding might show. Such data, float64 and weighted rows are
// summed in float64 at every call, each thread taking a range of columns and the rows in order.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <type_traits>

#include "inkmeans/kernels.hpp"
#include "inkmeans/kmeans.hpp"
#include "inkmeans/parallel.hpp"

namespace inkmeans {

namespace {

// Calls work(first, n) for ranges of columns, whole cache lines of a row each, one for each thread: a row is then read
// in one piece by each.
template <typename Value, typename Work>
void in_columns(std::size_t n_features, int n_threads, const Work& work) {
    constexpr std::size_t kLine = 64 / sizeof(Value);
    const auto threads = static_cast<std::size_t>(std::max(n_threads, 1));
    const std::size_t range = ((n_features + threads - 1) / threads + kLine - 1) / kLine * kLine;
    parallel_for((n_features + range - 1) / range, n_threads,
                 [&](std::size_t piece) { work(piece * range, std::min(range, n_features - piece * range)); });
}

}  // namespace

template <typename Value>
ClusterSums<Value>::ClusterSums(const Value* X, Shape shape, const double* weights, const double* shift, int n_threads)
    : X_(X), shape_(shape), weights_(weights), shift_(shift, shift + shape.n_features), n_threads_(n_threads) {
    if (weights == nullptr && choose_scales()) {
        exact_sums_.assign(shape.n_clusters * shape.n_features, 0);
        labels_.assign(shape.n_samples, -1);
        counts_.assign(shape.n_clusters, 0);
    }
}

template <typename Value>
bool ClusterSums<Value>::choose_scales() {
    const std::size_t n = shape_.n_features;
    if constexpr (std::is_same_v<Value, double>) return false;
    if (shape_.n_samples > std::numeric_limits<std::uint32_t>::max()) return false;
    scales_.assign(n, 1.0);
    if constexpr (std::is_same_v<Value, std::uint8_t>) return shape_.n_samples < (1U << 31) / 255;
    std::vector<double> largest(n, 0.0);
    std::vector<double> squares(n, 0.0);
    in_columns<Value>(n, n_threads_, [&](std::size_t first, std::size_t columns) {
        for (std::size_t i = 0; i < shape_.n_samples; ++i) {
            const Value* row = X_ + i * n;
            for (std::size_t j = first; j < first + columns; ++j) {
                const auto value = static_cast<double>(row[j]);
                largest[j] = std::max(largest[j], std::abs(value));
                squares[j] += value * value;
            }
        }
    });
    const int bits = std::min(50, 61 - static_cast<int>(std::ceil(std::log2(static_cast<double>(shape_.n_samples)))));
    for (std::size_t j = 0; j < n; ++j) {
        if (largest[j] == 0.0) continue;
        const double root_mean_square = std::sqrt(squares[j] / static_cast<double>(shape_.n_samples));
        if (!(largest[j] <= 65536.0 * root_mean_square)) return false;
        int exponent;
        std::frexp(largest[j], &exponent);  // largest < 2^exponent
        if (std::abs(exponent) > 200) return false;
        scales_[j] = std::ldexp(1.0, bits - exponent);
    }
    return true;
}

template <typename Value>
void ClusterSums<Value>::update(const std::int32_t* labels, double* sums, double* weight_sums) {
    if (exact_sums_.empty()) {
        std::fill_n(weight_sums, shape_.n_clusters, 0.0);
        for (std::size_t i = 0; i < shape_.n_samples; ++i)
            weight_sums[labels[i]] += weights_ != nullptr ? weights_[i] : 1.0;
        return add_all(labels, sums);
    }
    find_changed(labels);
    move_changed(labels);
    for (std::size_t c = 0; c < shape_.n_clusters; ++c) {
        weight_sums[c] = static_cast<double>(counts_[c]);
        for (std::size_t j = 0; j < shape_.n_features; ++j) {
            const std::size_t i = c * shape_.n_features + j;
            sums[i] = static_cast<double>(exact_sums_[i]) / scales_[j] - weight_sums[c] * shift_[j];
        }
    }
}

template <typename Value>
void ClusterSums<Value>::add_all(const std::int32_t* labels, double* sums) {
    const auto add = row_kernels(kernels(), X_).add;
    std::fill_n(sums, shape_.n_clusters * shape_.n_features, 0.0);
    in_columns<Value>(shape_.n_features, n_threads_, [&](std::size_t first, std::size_t n) {
        for (std::size_t i = 0; i < shape_.n_samples; ++i) {
            add(X_ + i * shape_.n_features + first, shift_.data() + first, weights_ != nullptr ? weights_[i] : 1.0, n,
                sums + static_cast<std::size_t>(labels[i]) * shape_.n_features + first);
        }
    });
}

template <typename Value>
void ClusterSums<Value>::find_changed(const std::int32_t* labels) {
    constexpr std::size_t kStride = 64;
    changed_.clear();
    for (std::size_t first = 0; first < shape_.n_samples; first += kStride) {
        const std::size_t last = std::min(first + kStride, shape_.n_samples);
        if (std::equal(labels + first, labels + last, labels_.data() + first)) continue;
        for (std::size_t i = first; i < last; ++i) {
            if (labels[i] != labels_[i]) changed_.push_back(static_cast<std::uint32_t>(i));
        }
    }
    // Where most labels changed, summing all rows again is less work.
    const bool is_first = std::all_of(counts_.begin(), counts_.end(), [](std::size_t count) { return count == 0; });
    if (is_first || 2 * changed_.size() <= shape_.n_samples) return;
    std::fill(exact_sums_.begin(), exact_sums_.end(), 0);
    std::fill(labels_.begin(), labels_.end(), -1);
    std::fill(counts_.begin(), counts_.end(), 0);
    changed_.resize(shape_.n_samples);
    std::iota(changed_.begin(), changed_.end(), 0U);
}

template <typename Value>
void ClusterSums<Value>::move_changed(const std::int32_t* labels) {
    const std::size_t n = shape_.n_features;
    const auto add = [&, &kernel = kernels()](std::size_t i, std::int32_t sign, std::int32_t label, Integer* sums) {
        Integer* sum = sums + static_cast<std::size_t>(label) * n;
        if constexpr (std::is_same_v<Value, std::uint8_t>) {
            kernel.sums.add_u8(X_ + i * n, sign, n, sum);
        } else if constexpr (std::is_same_v<Value, float>) {
            kernel.sums.add_fixed_point(X_ + i * n, scales_.data(), sign, n, sum);
        }
    };
    const auto fetch = [&](std::size_t i) {
        const auto* row = reinterpret_cast<const char*>(X_ + i * n);
        for (std::size_t byte = 0; byte < n * sizeof(Value); byte += 64) __builtin_prefetch(row + byte);
    };
    for (const std::uint32_t i : changed_) {
        if (labels_[i] >= 0) --counts_[static_cast<std::size_t>(labels_[i])];
        ++counts_[static_cast<std::size_t>(labels[i])];
    }
    // Each thread has sums of its own, which are added up: only where that costs little beside the rows.
    const std::size_t n_changed = changed_.size();
    const bool is_worth = n_changed > 4 * shape_.n_clusters && n_changed * n > (1U << 20);
    const std::size_t n_pieces = is_worth ? static_cast<std::size_t>(std::clamp(n_threads_, 1, 16)) : 1;
    std::vector<std::vector<Integer>> sums(n_pieces - 1);
    parallel_for(n_pieces, n_threads_, [&](std::size_t piece) {
        if (piece > 0) sums[piece - 1].assign(exact_sums_.size(), 0);
        Integer* own = piece > 0 ? sums[piece - 1].data() : exact_sums_.data();
        for (std::size_t r = piece * n_changed / n_pieces; r < (piece + 1) * n_changed / n_pieces; ++r) {
            if (r + 2 < n_changed) fetch(changed_[r + 2]);
            const std::size_t i = changed_[r];
            if (labels_[i] >= 0) add(i, -1, labels_[i], own);
            add(i, 1, labels[i], own);
            labels_[i] = labels[i];
        }
    });
    for (const auto& part : sums) {
        for (std::size_t i = 0; i < exact_sums_.size(); ++i) exact_sums_[i] += part[i];
    }
}

double move_centers(const double* sums, const double* weight_sums, const double* shift, Shape shape, bool to_float32,
                    double* centers) {
    double moved = 0.0;
    for (std::size_t c = 0; c < shape.n_clusters; ++c) {
        if (!(weight_sums[c] > 0.0)) continue;
        double square = 0.0;
        for (std::size_t j = 0; j < shape.n_features; ++j) {
            const std::size_t i = c * shape.n_features + j;
            // The shift is added back before the division: integers then give the mean that unshifted bytes give.
            double mean = (weight_sums[c] * shift[j] + sums[i]) / weight_sums[c];
            if (to_float32) mean = static_cast<double>(static_cast<float>(mean));
            square += (mean - centers[i]) * (mean - centers[i]);
            centers[i] = mean;
        }
        moved += square;
    }
    return moved;
}

template class ClusterSums<std::uint8_t>;
template class ClusterSums<float>;
template class ClusterSums<double>;

}  // namespace inkmeans
