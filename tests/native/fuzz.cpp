// Any shapes and values through the whole core, from every instruction set and number of threads, beside plain loops in
// float64. `make sanitize` runs it with addresses, undefined behavior and threads watched; without, it is a test too.
//
//     fuzz SECONDS [SEED]
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <random>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "inkmeans/encode.hpp"
#include "inkmeans/isa.hpp"
#include "inkmeans/kernels.hpp"
#include "inkmeans/kmeans.hpp"
#include "inkmeans/neighbors.hpp"
#include "inkmeans/normalize.hpp"

using namespace inkmeans;

namespace {

std::mt19937_64 random_bits;

std::size_t whole(std::size_t least, std::size_t most) {
    return std::uniform_int_distribution<std::size_t>(least, most)(random_bits);
}

double normal() { return std::normal_distribution<double>()(random_bits); }

bool one_in(std::size_t n) { return whole(1, n) == 1; }

void require(bool holds, const char* what) {
    if (!holds) throw std::runtime_error(what);
}

template <typename Value>
std::vector<Value> some_rows(std::size_t n, std::size_t d) {
    const double scale = std::is_same_v<Value, std::uint8_t> ? 60.0 : std::pow(10.0, static_cast<double>(whole(0, 28)) - 22);
    const double offset = one_in(3) ? scale * static_cast<double>(whole(0, 1000)) : 2.0 * scale;
    const std::size_t n_middles = whole(1, 9);
    std::vector<double> middles(n_middles * d);
    for (double& value : middles) value = normal() * 2;
    const double spread = one_in(2) ? 0.1 : 1.0;
    std::vector<Value> X(n * d);
    for (std::size_t i = 0; i < n; ++i) {
        if (i > 0 && one_in(6)) {  // rows that are equal
            std::copy_n(X.data() + whole(0, i - 1) * d, d, X.data() + i * d);
            continue;
        }
        const double* middle = middles.data() + whole(0, n_middles - 1) * d;
        for (std::size_t j = 0; j < d; ++j) {
            double value = (middle[j] + spread * normal()) * scale + offset;
            if constexpr (std::is_same_v<Value, std::uint8_t>) value = std::clamp(std::nearbyint(value), 0.0, 255.0);
            X[i * d + j] = static_cast<Value>(one_in(4) ? 0.0 : value);
        }
    }
    return X;
}

template <typename Value>
double distance(const Value* row, const double* center, std::size_t d) {
    return row_kernels(kScalarKernels, row).squared_distance(row, center, d);
}

template <typename Value>
std::int32_t nearest(const Value* row, const std::vector<double>& centers, Shape shape) {
    double best = std::numeric_limits<double>::infinity();
    std::int32_t label = 0;
    for (std::size_t c = 0; c < shape.n_clusters; ++c) {
        const double one = distance(row, centers.data() + c * shape.n_features, shape.n_features);
        if (one < best) {
            best = one;
            label = static_cast<std::int32_t>(c);
        }
    }
    return label;
}

void check_sums(const std::vector<double>& sums, const std::vector<std::int32_t>& labels, const std::uint8_t* X,
                Shape shape) {
    std::vector<double> exact(sums.size(), 0.0);
    for (std::size_t i = 0; i < shape.n_samples; ++i) {
        for (std::size_t j = 0; j < shape.n_features; ++j) {
            exact[static_cast<std::size_t>(labels[i]) * shape.n_features + j] += X[i * shape.n_features + j];
        }
    }
    require(exact == sums, "the sums of bytes are not exact");
}

template <typename Value>
void check_sums(const std::vector<double>& sums, const std::vector<std::int32_t>& labels, const Value* X, Shape shape) {
    std::vector<long double> exact(sums.size(), 0.0L);
    std::vector<long double> sizes(shape.n_features, 0.0L);
    for (std::size_t i = 0; i < shape.n_samples; ++i) {
        for (std::size_t j = 0; j < shape.n_features; ++j) {
            const long double value = X[i * shape.n_features + j];
            exact[static_cast<std::size_t>(labels[i]) * shape.n_features + j] += value;
            sizes[j] += std::abs(value);
        }
    }
    for (std::size_t i = 0; i < sums.size(); ++i) {
        const long double off = std::abs(exact[i] - static_cast<long double>(sums[i]));
        require(off <= 1e-12L * sizes[i % shape.n_features], "a sum is far off");
    }
}

// k-means whose centers move a little, jump, meet each other, and go far away.
template <typename Value>
void check_kmeans() {
    const Shape shape{whole(1, 500), one_in(3) ? whole(100, 500) : whole(1, 70), one_in(3) ? whole(17, 120) : whole(1, 16)};
    const std::size_t d = shape.n_features;
    const auto X = some_rows<Value>(shape.n_samples, d);
    std::vector<double> shift(d, 0.0);
    if (!std::is_same_v<Value, std::uint8_t> && one_in(2)) {
        for (std::size_t j = 0; j < d; ++j) shift[j] = static_cast<double>(X[j]);
    }
    const int n_threads = static_cast<int>(whole(1, 4));
    Assigner<Value> assigner(X.data(), shape, shift.data(), !one_in(5), n_threads);
    ClusterSums<Value> cluster_sums(X.data(), shape, nullptr, shift.data(), n_threads);
    std::vector<double> centers(shape.n_clusters * d);
    for (std::size_t c = 0; c < shape.n_clusters; ++c) {
        const std::size_t row = whole(0, shape.n_samples - 1);
        for (std::size_t j = 0; j < d; ++j) centers[c * d + j] = static_cast<double>(X[row * d + j]);
    }
    const double size = 1.0 + std::abs(static_cast<double>(X[whole(0, X.size() - 1)]));
    std::vector<std::int32_t> labels(shape.n_samples, -1);
    std::vector<double> sums(shape.n_clusters * d);
    std::vector<double> mass(shape.n_clusters);
    const std::size_t n_moves = whole(1, 12);
    for (std::size_t move = 0; move < n_moves; ++move) {
        const auto before = labels;
        const std::size_t n_changed = assigner.assign(centers.data(), labels.data());
        std::size_t expected = 0;
        for (std::size_t i = 0; i < shape.n_samples; ++i) {
            require(labels[i] == nearest(X.data() + i * d, centers, shape), "a label is not the nearest center");
            expected += labels[i] != before[i];
        }
        require(n_changed == expected, "the labels that changed are miscounted");
        cluster_sums.update(labels.data(), sums.data(), mass.data());
        auto whole_sums = sums;
        for (std::size_t c = 0; c < shape.n_clusters; ++c) {
            for (std::size_t j = 0; j < d; ++j) whole_sums[c * d + j] += mass[c] * shift[j];
        }
        check_sums(whole_sums, labels, X.data(), shape);
        if (one_in(3)) {
            move_centers(sums.data(), mass.data(), shift.data(), shape, std::is_same_v<Value, float>, centers.data());
        } else {
            const double step = size * std::pow(10.0, -static_cast<double>(whole(1, 7)));
            for (double& value : centers) value += normal() * step;
        }
        const std::size_t c = whole(0, shape.n_clusters - 1);
        if (one_in(4)) std::copy_n(centers.data() + whole(0, shape.n_clusters - 1) * d, d, centers.data() + c * d);
        if (one_in(8)) centers[c * d] += size * std::pow(10.0, static_cast<double>(whole(0, 30)));
    }
}

template <typename Value>
void check_seeder() {
    const std::size_t n = whole(1, 600);
    const std::size_t d = whole(1, 200);
    const auto X = some_rows<Value>(n, d);
    std::vector<double> shift(d, 0.0);
    if (!std::is_same_v<Value, std::uint8_t>) {
        for (std::size_t j = 0; j < d; ++j) shift[j] = static_cast<double>(X[j]);
    }
    std::vector<double> directions(whole(0, 40) * d);
    for (double& value : directions) value = normal();
    Seeder<Value> seeder(X.data(), n, d, shift.data(), directions.data(), directions.size() / d,
                         static_cast<int>(whole(1, 4)));
    std::vector<double> closest(n, std::numeric_limits<double>::infinity());
    for (int turn = 0; turn < 5; ++turn) {
        std::vector<std::int64_t> candidates(whole(1, 20));
        for (auto& candidate : candidates) candidate = static_cast<std::int64_t>(whole(0, n - 1));
        std::vector<double> gains(candidates.size());
        seeder.try_out(candidates.data(), candidates.size(), nullptr, gains.data());
        const std::size_t taken = whole(0, candidates.size() - 1);
        seeder.take(taken);
        const Value* row = X.data() + static_cast<std::size_t>(candidates[taken]) * d;
        const std::vector<double> center(row, row + d);
        for (std::size_t i = 0; i < n; ++i) {
            closest[i] = std::min(closest[i], distance(X.data() + i * d, center.data(), d));
        }
        require(seeder.closest() == closest, "the distance to the nearest center is not that of float64");
    }
}

void check_neighbors() {
    const std::size_t n = whole(2, 700);
    const std::size_t d = whole(1, 80);
    const std::size_t k = whole(1, std::min<std::size_t>(n - 1, 30));
    const auto X = some_rows<float>(n, d);
    std::vector<std::int32_t> indices(n * k);
    std::vector<double> distances(n * k);
    nearest_neighbors(X.data(), n, d, k, indices.data(), distances.data(), static_cast<int>(whole(1, 4)));
    for (std::size_t i = 0; i < n; i += 7) {
        const std::vector<double> row(X.data() + i * d, X.data() + (i + 1) * d);
        std::vector<std::pair<double, std::int32_t>> all;
        for (std::size_t j = 0; j < n; ++j) {
            if (j != i) all.emplace_back(distance(X.data() + j * d, row.data(), d), static_cast<std::int32_t>(j));
        }
        std::sort(all.begin(), all.end());
        for (std::size_t m = 0; m < k; ++m) {
            require(distances[i * k + m] == all[m].first, "a neighbor's distance is not that of float64");
            require(indices[i * k + m] == all[m].second, "a neighbor is not the nearest");
        }
    }
}

void choose_any() {
    const auto names = isa_choice().available();
    isa_choice().select(names[whole(0, names.size() - 1)]);
}

void check_images() {
    const std::size_t size = whole(1, 16);
    const std::size_t cells = whole(1, 4);
    const std::size_t height = size + cells - 1 + whole(0, 20);
    const std::size_t width = size + cells - 1 + whole(0, 20);
    const std::size_t n_filters = whole(1, 40);
    const auto images = some_rows<std::uint8_t>(3, height * width);
    const auto filters = some_rows<float>(n_filters, size * size);
    const auto offsets = some_rows<float>(1, n_filters);
    std::vector<float> first;
    for (const auto& name : isa_choice().available()) {
        isa_choice().select(name);
        const Encoder encoder(filters.data(), offsets.data(), n_filters, size, cells, 10.0);
        std::vector<float> features(3 * cells * cells * n_filters);
        encoder.encode(images.data(), 3, height, width, features.data(), static_cast<int>(whole(1, 4)));
        if (first.empty()) first = features;
        require(first == features, "instruction sets give different patch features");
    }
    std::vector<std::uint8_t> glyph(kGlyphPixels);
    const NormalizeSettings settings{20.0F, 0.25F, 0.7F, 0.1F};
    normalize_glyph(images.data(), static_cast<int>(height), static_cast<int>(width), Ink::automatic, 255.0F, settings,
                    glyph.data());
}

// The loops of one instruction set beside the plain ones, for lengths that fill no register.
void check_kernels(const Kernels& kernel) {
    const Kernels& plain = kScalarKernels;
    const std::size_t n = whole(1, 90);
    const std::size_t n_pairs = (n + 1) / 2;
    std::vector<float> values(n);
    for (float& value : values) value = static_cast<float>(normal()) * 5000.0F;
    std::vector<std::int16_t> rounded(2 * n_pairs, -1);
    auto other_rounded = rounded;
    kernel.pack.quantize_f32(values.data(), 1.5F, n, rounded.data());
    plain.pack.quantize_f32(values.data(), 1.5F, n, other_rounded.data());
    require(rounded == other_rounded, "rounded rows differ");

    std::vector<std::int16_t> panel(n_pairs * 2 * kPanel);
    for (auto& value : panel) value = static_cast<std::int16_t>(normal() * 300.0);
    const int n_rows = static_cast<int>(whole(1, kRowGroup));
    const std::vector<const std::int16_t*> rows(static_cast<std::size_t>(n_rows), rounded.data());
    std::vector<float> steps(static_cast<std::size_t>(n_rows));
    for (float& step : steps) step = static_cast<float>(normal());
    std::vector<float> dots(steps.size() * kPanel);
    auto other_dots = dots;
    kernel.dot.i16_scaled(rows.data(), n_rows, panel.data(), n_pairs, steps.data(), dots.data());
    plain.dot.i16_scaled(rows.data(), n_rows, panel.data(), n_pairs, steps.data(), other_dots.data());
    require(dots == other_dots, "products of rounded rows differ");

    const std::size_t n_bounds = kPanel * whole(1, 9);
    std::vector<std::uint16_t> bounds(n_bounds);
    std::vector<std::uint16_t> moved(n_bounds);
    for (auto& bound : bounds) bound = static_cast<std::uint16_t>(one_in(6) ? 65535 : whole(0, 65535));
    for (auto& steps_moved : moved) steps_moved = static_cast<std::uint16_t>(one_in(9) ? 65535 : whole(0, 3000));
    require(kernel.bounds.smallest(bounds.data(), moved.data(), n_bounds) ==
                plain.bounds.smallest(bounds.data(), moved.data(), n_bounds),
            "the lowest bounds differ");
    const auto limit = static_cast<std::uint16_t>(one_in(5) ? 65535 : whole(0, 65535));
    std::vector<std::uint16_t> near(n_bounds + kPanel);
    auto other_near = near;
    const std::size_t n_near = kernel.bounds.at_most(bounds.data(), moved.data(), limit, n_bounds, near.data());
    require(n_near == plain.bounds.at_most(bounds.data(), moved.data(), limit, n_bounds, other_near.data()) &&
                std::equal(near.begin(), near.begin() + static_cast<std::ptrdiff_t>(n_near), other_near.begin()),
            "the near bounds differ");

    float norms[kPanel];
    float moves[kPanel];
    for (int l = 0; l < kPanel; ++l) {
        norms[l] = one_in(7) ? std::numeric_limits<float>::infinity() : static_cast<float>(whole(0, 1000));
        moves[l] = static_cast<float>(whole(0, 50));
    }
    dots.assign(kPanel, 0.0F);
    for (float& dot : dots) dot = static_cast<float>(normal()) * 100.0F;
    std::vector<std::uint16_t> of_lanes(kPanel);
    auto other_of_lanes = of_lanes;
    kernel.bounds.quantize(dots.data(), norms, moves, 500.0F, 20.0F, of_lanes.data());
    plain.bounds.quantize(dots.data(), norms, moves, 500.0F, 20.0F, other_of_lanes.data());
    for (std::size_t l = 0; l < kPanel; ++l) {  // one fuses a multiplication with an addition, one does not
        require(std::abs(of_lanes[l] - other_of_lanes[l]) <= 1, "bounds of 16 bits differ");
        const double square = std::max(500.0 + norms[l] - 2.0 * dots[l], 0.0);
        require(of_lanes[l] <= (std::sqrt(square) + moves[l]) * 20.0, "a bound of 16 bits is too high");
    }

    std::vector<float> upper(n);
    std::vector<float> lower(n);
    std::vector<std::int32_t> labels(n);
    for (std::size_t i = 0; i < n; ++i) {
        upper[i] = static_cast<float>(whole(0, 100));
        lower[i] = one_in(20) ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(whole(0, 100));
        labels[i] = static_cast<std::int32_t>(whole(0, kPanel - 1));
    }
    std::vector<std::uint32_t> open(n + kPanel);
    auto other_open = open;
    const std::size_t n_open =
        kernel.bounds.undecided_rows(upper.data(), lower.data(), labels.data(), moves, norms, 1.0F, 1.0F, n, open.data());
    require(n_open == plain.bounds.undecided_rows(upper.data(), lower.data(), labels.data(), moves, norms, 1.0F, 1.0F, n,
                                      other_open.data()) &&
                std::equal(open.begin(), open.begin() + static_cast<std::ptrdiff_t>(n_open), other_open.begin()),
            "the rows left open differ");
}

}  // namespace

int main(int n_arguments, char** arguments) {
    const double seconds = n_arguments > 1 ? std::atof(arguments[1]) : 10.0;
    const std::uint64_t first_seed = n_arguments > 2 ? std::strtoull(arguments[2], nullptr, 10) : 0;
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
    std::uint64_t seed = first_seed;
    for (; std::chrono::steady_clock::now() < end; ++seed) {
        random_bits.seed(seed);
        choose_any();
        try {
            switch (seed % 8) {
                case 0: check_kmeans<std::uint8_t>(); break;
                case 1: check_kmeans<float>(); break;
                case 2: check_kmeans<double>(); break;
                case 3: check_seeder<std::uint8_t>(); break;
                case 4: check_seeder<float>(); break;
                case 5: check_seeder<double>(); break;
                case 6: check_neighbors(); break;
                default:
                    check_images();
                    choose_any();
                    check_kernels(kernels());
            }
        } catch (const std::exception& error) {
            std::printf("Seed %llu: %s.\n", static_cast<unsigned long long>(seed), error.what());
            return 1;
        }
    }
    std::printf("%llu cases, no fault.\n", static_cast<unsigned long long>(seed - first_seed));
    return 0;
}
