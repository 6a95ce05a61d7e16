// k-means: assignment, seeding, update, distances; each for uint8, float32 and float64 rows.
#include "inkmeans/kmeans.hpp"

#include <nanobind/stl/optional.h>

#include <algorithm>
#include <new>
#include <optional>

#include "bind/bind.hpp"

namespace inkmeans {
namespace {

Shape shape_of(const nb::ndarray<>& X, std::size_t n_clusters) { return {X.shape(0), X.shape(1), n_clusters}; }

template <typename Value>
void assign_rows(Array<const Value, 2> X, Array<const double, 2> centers, Array<const double, 1> shift,
                 Array<std::int32_t, 1> labels, int n_threads) {
    const Shape shape = shape_of(nb::ndarray<>(X), centers.shape(0));
    require(centers.shape(1) == shape.n_features && shift.shape(0) == shape.n_features && centers.shape(0) > 0,
            "centers and shift must have as many features as X");
    require(labels.shape(0) == shape.n_samples, "labels must have one entry for each row of X");
    const Unlocked unlocked;
    assign(X.data(), centers.data(), shape, shift.data(), labels.data(), n_threads);
}

void check_labels(const std::int32_t* labels, Shape shape) {
    bool is_valid = true;
    for (std::size_t i = 0; i < shape.n_samples; ++i) {
        is_valid &= static_cast<std::uint32_t>(labels[i]) < shape.n_clusters;  // a negative one is large
    }
    require(is_valid, "labels must lie between 0 and the number of clusters");
}

template <typename Value>
double moments(Array<const Value, 2> X, Array<double, 1> mean, int n_threads) {
    require(X.shape(0) > 0 && mean.shape(0) == X.shape(1), "mean must have as many features as X");
    const Unlocked unlocked;
    return mean_and_variance(X.data(), X.shape(0), X.shape(1), n_threads, mean.data());
}

template <typename Value>
void distances(Array<const Value, 2> X, Array<const double, 2> centers, Array<double, 2> out, int n_threads) {
    const Shape shape = shape_of(nb::ndarray<>(X), centers.shape(0));
    require(centers.shape(1) == shape.n_features && out.shape(0) == shape.n_samples && out.shape(1) == shape.n_clusters,
            "centers and distances must fit X");
    const Unlocked unlocked;
    squared_distances(X.data(), centers.data(), shape, out.data(), n_threads);
}

template <typename Value>
void own_distances(Array<const Value, 2> X, Array<const double, 2> centers, Array<const std::int32_t, 1> labels,
                   Array<double, 1> out, int n_threads) {
    const Shape shape = shape_of(nb::ndarray<>(X), centers.shape(0));
    require(
        centers.shape(1) == shape.n_features && labels.shape(0) == shape.n_samples && out.shape(0) == shape.n_samples,
        "centers, labels and distances must fit X");
    const Unlocked unlocked;
    check_labels(labels.data(), shape);
    distances_to_own(X.data(), centers.data(), labels.data(), shape, out.data(), n_threads);
}

template <typename Value>
void add_kmeans(nb::module_& m, const char* assigner, const char* cluster_sums, const char* seeder) {
    using Rows = Array<const Value, 2>;
    using Assigns = Assigner<Value>;
    using Sums = ClusterSums<Value>;
    using Seeds = Seeder<Value>;

    nb::class_<Assigns>(m, assigner)
        .def(
            "__init__",
            [](Assigns* self, Rows X, std::size_t n_clusters, Array<const double, 1> shift, bool keeps_bounds,
               int n_threads) {
                const Shape shape = shape_of(nb::ndarray<>(X), n_clusters);
                require(n_clusters > 0 && shift.shape(0) == shape.n_features, "shift must have as many features as X");
                const Unlocked unlocked;
                new (self) Assigns(X.data(), shape, shift.data(), keeps_bounds, n_threads);
            },
            nb::arg("X").noconvert(), nb::arg("n_clusters"), nb::arg("shift").noconvert(), nb::arg("keeps_bounds"),
            nb::arg("n_threads"), nb::keep_alive<1, 2>())
        .def(
            "assign",
            [](Assigns& self, Array<const double, 2> centers, Array<std::int32_t, 1> labels) {
                const Shape& shape = self.shape();
                require(centers.shape(0) == shape.n_clusters && centers.shape(1) == shape.n_features,
                        "centers must be n_clusters x n_features");
                require(labels.shape(0) == shape.n_samples, "labels must have one entry for each row of X");
                const Unlocked unlocked;
                return self.assign(centers.data(), labels.data());
            },
            nb::arg("centers").noconvert(), nb::arg("labels").noconvert());

    nb::class_<Seeds>(m, seeder)
        .def(
            "__init__",
            [](Seeds* self, Rows X, Array<const double, 1> shift, Array<const double, 2> directions, int n_threads) {
                require(shift.shape(0) == X.shape(1) && directions.shape(1) == X.shape(1),
                        "shift and directions must have as many features as X");
                const Unlocked unlocked;
                new (self) Seeds(X.data(), X.shape(0), X.shape(1), shift.data(), directions.data(), directions.shape(0),
                                 n_threads);
            },
            nb::arg("X").noconvert(), nb::arg("shift").noconvert(), nb::arg("directions").noconvert(),
            nb::arg("n_threads"), nb::keep_alive<1, 2>())
        .def(
            "try_out",
            [](Seeds& self, Array<const std::int64_t, 1> candidates, std::optional<Array<const double, 1>> weights,
               Array<double, 1> gains) {
                const std::size_t n_samples = self.closest().size();
                require(candidates.shape(0) > 0 && gains.shape(0) == candidates.shape(0) &&
                            (!weights || weights->shape(0) == n_samples),
                        "gains must fit candidates, and weights X");
                for (std::size_t c = 0; c < candidates.shape(0); ++c) {
                    const std::int64_t row = candidates.data()[c];
                    require(row >= 0 && static_cast<std::size_t>(row) < n_samples, "candidates must be rows of X");
                }
                const Unlocked unlocked;
                self.try_out(candidates.data(), candidates.shape(0), weights ? weights->data() : nullptr, gains.data());
            },
            nb::arg("candidates").noconvert(), nb::arg("weights").noconvert().none(), nb::arg("gains").noconvert())
        .def(
            "take",
            [](Seeds& self, std::size_t candidate, Array<double, 1> closest) {
                require(closest.shape(0) == self.closest().size(), "closest must have one entry for each row of X");
                const Unlocked unlocked;
                self.take(candidate);
                std::copy(self.closest().begin(), self.closest().end(), closest.data());
            },
            nb::arg("candidate"), nb::arg("closest").noconvert());

    nb::class_<Sums>(m, cluster_sums)
        .def(
            "__init__",
            [](Sums* self, Rows X, std::size_t n_clusters, std::optional<Array<const double, 1>> weights,
               Array<const double, 1> shift, int n_threads) {
                const Shape shape = shape_of(nb::ndarray<>(X), n_clusters);
                require(n_clusters > 0 && shape.n_features > 0 && shift.shape(0) == shape.n_features,
                        "shift must have as many features as X");
                require(!weights || weights->shape(0) == shape.n_samples,
                        "weights must have one entry for each row of X");
                const Unlocked unlocked;
                new (self) Sums(X.data(), shape, weights ? weights->data() : nullptr, shift.data(), n_threads);
            },
            nb::arg("X").noconvert(), nb::arg("n_clusters"), nb::arg("weights").noconvert().none(),
            nb::arg("shift").noconvert(), nb::arg("n_threads"), nb::keep_alive<1, 2>(), nb::keep_alive<1, 4>())
        .def(
            "update",
            [](Sums& self, Array<const std::int32_t, 1> labels, Array<double, 2> sums, Array<double, 1> weight_sums) {
                const Shape& shape = self.shape();
                require(sums.shape(0) == shape.n_clusters && sums.shape(1) == shape.n_features &&
                            weight_sums.shape(0) == shape.n_clusters && labels.shape(0) == shape.n_samples,
                        "labels, sums and weight_sums must fit X");
                const Unlocked unlocked;
                check_labels(labels.data(), shape);
                self.update(labels.data(), sums.data(), weight_sums.data());
            },
            nb::arg("labels").noconvert(), nb::arg("sums").noconvert(), nb::arg("weight_sums").noconvert());

    m.def("mean_and_variance", moments<Value>, nb::arg("X").noconvert(), nb::arg("mean").noconvert(),
          nb::arg("n_threads"));
    m.def("assign", assign_rows<Value>, nb::arg("X").noconvert(), nb::arg("centers").noconvert(),
          nb::arg("shift").noconvert(), nb::arg("labels").noconvert(), nb::arg("n_threads"));
    m.def("squared_distances", distances<Value>, nb::arg("X").noconvert(), nb::arg("centers").noconvert(),
          nb::arg("distances").noconvert(), nb::arg("n_threads"));
    m.def("distances_to_own", own_distances<Value>, nb::arg("X").noconvert(), nb::arg("centers").noconvert(),
          nb::arg("labels").noconvert(), nb::arg("distances").noconvert(), nb::arg("n_threads"));
}

}  // namespace

void bind_kmeans(nb::module_& m) {
    add_kmeans<std::uint8_t>(m, "AssignerU8", "ClusterSumsU8", "SeederU8");
    add_kmeans<float>(m, "AssignerF32", "ClusterSumsF32", "SeederF32");
    add_kmeans<double>(m, "AssignerF64", "ClusterSumsF64", "SeederF64");
    m.def(
        "move_centers",
        [](Array<const double, 2> sums, Array<const double, 1> weight_sums, Array<const double, 1> shift,
           bool to_float32, Array<double, 2> centers) {
            const Shape shape{0, sums.shape(1), sums.shape(0)};
            require(weight_sums.shape(0) == shape.n_clusters && shift.shape(0) == shape.n_features &&
                        centers.shape(0) == shape.n_clusters && centers.shape(1) == shape.n_features,
                    "sums, weight_sums, shift and centers must fit");
            return move_centers(sums.data(), weight_sums.data(), shift.data(), shape, to_float32, centers.data());
        },
        nb::arg("sums").noconvert(), nb::arg("weight_sums").noconvert(), nb::arg("shift").noconvert(),
        nb::arg("to_float32"), nb::arg("centers").noconvert());
}

}  // namespace inkmeans
