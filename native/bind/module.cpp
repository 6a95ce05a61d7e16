// The native core as Python sees it. Each function checks shapes, releases the interpreter's lock and calls the core;
// dtypes and contiguity are checked by the argument types. Nothing is computed here.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "inkmeans/encode.hpp"
#include "inkmeans/kernels.hpp"
#include "inkmeans/kmeans.hpp"
#include "inkmeans/neighbors.hpp"
#include "inkmeans/normalize.hpp"
#include "inkmeans/parallel.hpp"
#include "inkmeans/products.hpp"

namespace nb = nanobind;
using namespace inkmeans;

namespace {

template <typename Value, int kDimensions>
using Array = nb::ndarray<Value, nb::numpy, nb::ndim<kDimensions>, nb::c_contig, nb::device::cpu>;

void require(bool holds, const char* message) {
    if (!holds) throw std::invalid_argument(message);
}

Shape shape_of(const nb::ndarray<>& X, std::size_t n_clusters) { return {X.shape(0), X.shape(1), n_clusters}; }

// --- images ------------------------------------------------------------------------------------------------------

template <typename Pixel>
void normalize(Array<const Pixel, 3> images, int ink, Array<const float, 1> ink_max, float box, float edge_level,
               float max_slant, float min_contrast, Array<std::uint8_t, 3> glyphs, Array<std::uint8_t, 1> verdicts,
               int n_threads) {
    const std::size_t n = images.shape(0);
    const std::size_t h = images.shape(1);
    const std::size_t w = images.shape(2);
    require(h > 0 && w > 0 && h < (1U << 30) && w < (1U << 30), "images must have at least one pixel each");
    require(glyphs.shape(0) == n && glyphs.shape(1) == kGlyphSize && glyphs.shape(2) == kGlyphSize &&
                verdicts.shape(0) == n && ink_max.shape(0) == n,
            "glyphs, verdicts and ink_max must have one entry for each image");
    const NormalizeSettings settings{box, edge_level, max_slant, min_contrast};
    nb::gil_scoped_release unlocked;
    parallel_for(n, n_threads, [&](std::size_t i) {
        verdicts.data()[i] = static_cast<std::uint8_t>(
            normalize_glyph(images.data() + i * h * w, static_cast<int>(h), static_cast<int>(w), static_cast<Ink>(ink),
                            ink_max.data()[i], settings, glyphs.data() + i * kGlyphPixels));
    });
}

// --- k-means -----------------------------------------------------------------------------------------------------

template <typename Value>
void assign_rows(Array<const Value, 2> X, Array<const double, 2> centers, Array<const double, 1> shift,
                 Array<std::int32_t, 1> labels, int n_threads) {
    const Shape shape = shape_of(nb::ndarray<>(X), centers.shape(0));
    require(centers.shape(1) == shape.n_features && shift.shape(0) == shape.n_features && centers.shape(0) > 0,
            "centers and shift must have as many features as X");
    require(labels.shape(0) == shape.n_samples, "labels must have one entry for each row of X");
    nb::gil_scoped_release unlocked;
    assign(X.data(), centers.data(), shape, shift.data(), labels.data(), n_threads);
}

void check_labels(const std::int32_t* labels, Shape shape) {
    bool hold = true;
    for (std::size_t i = 0; i < shape.n_samples; ++i) {
        hold &= static_cast<std::uint32_t>(labels[i]) < shape.n_clusters;  // a negative one is large
    }
    require(hold, "labels must lie between 0 and the number of clusters");
}

template <typename Value>
double moments(Array<const Value, 2> X, Array<double, 1> mean, int n_threads) {
    require(X.shape(0) > 0 && mean.shape(0) == X.shape(1), "mean must have as many features as X");
    nb::gil_scoped_release unlocked;
    return mean_and_spread(X.data(), X.shape(0), X.shape(1), n_threads, mean.data());
}

template <typename Value>
void distances(Array<const Value, 2> X, Array<const double, 2> centers, Array<double, 2> out, int n_threads) {
    const Shape shape = shape_of(nb::ndarray<>(X), centers.shape(0));
    require(centers.shape(1) == shape.n_features && out.shape(0) == shape.n_samples && out.shape(1) == shape.n_clusters,
            "centers and distances must fit X");
    nb::gil_scoped_release unlocked;
    squared_distances(X.data(), centers.data(), shape, out.data(), n_threads);
}

template <typename Value>
void own_distances(Array<const Value, 2> X, Array<const double, 2> centers, Array<const std::int32_t, 1> labels,
                   Array<double, 1> out, int n_threads) {
    const Shape shape = shape_of(nb::ndarray<>(X), centers.shape(0));
    require(
        centers.shape(1) == shape.n_features && labels.shape(0) == shape.n_samples && out.shape(0) == shape.n_samples,
        "centers, labels and distances must fit X");
    nb::gil_scoped_release unlocked;
    check_labels(labels.data(), shape);
    distances_to_own(X.data(), centers.data(), labels.data(), shape, out.data(), n_threads);
}

void row_products(Array<const float, 2> rows, Array<const float, 2> columns, Array<float, 2> out, int n_threads) {
    require(columns.shape(1) == rows.shape(1) && out.shape(0) == rows.shape(0) && out.shape(1) == columns.shape(0),
            "columns and out must fit rows");
    nb::gil_scoped_release unlocked;
    products(rows.data(), rows.shape(0), columns.data(), columns.shape(0), rows.shape(1), out.data(), n_threads);
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
                nb::gil_scoped_release unlocked;
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
                nb::gil_scoped_release unlocked;
                return self.assign(centers.data(), labels.data());
            },
            nb::arg("centers").noconvert(), nb::arg("labels").noconvert());

    nb::class_<Seeds>(m, seeder)
        .def(
            "__init__",
            [](Seeds* self, Rows X, Array<const double, 1> shift, Array<const double, 2> directions, int n_threads) {
                require(shift.shape(0) == X.shape(1) && directions.shape(1) == X.shape(1),
                        "shift and directions must have as many features as X");
                nb::gil_scoped_release unlocked;
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
                nb::gil_scoped_release unlocked;
                self.try_out(candidates.data(), candidates.shape(0), weights ? weights->data() : nullptr, gains.data());
            },
            nb::arg("candidates").noconvert(), nb::arg("weights").noconvert().none(), nb::arg("gains").noconvert())
        .def(
            "take",
            [](Seeds& self, std::size_t candidate, Array<double, 1> closest) {
                require(closest.shape(0) == self.closest().size(), "closest must have one entry for each row of X");
                nb::gil_scoped_release unlocked;
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
                nb::gil_scoped_release unlocked;
                new (self) Sums(X.data(), shape, weights ? weights->data() : nullptr, shift.data(), n_threads);
            },
            nb::arg("X").noconvert(), nb::arg("n_clusters"), nb::arg("weights").noconvert().none(),
            nb::arg("shift").noconvert(), nb::arg("n_threads"), nb::keep_alive<1, 2>(), nb::keep_alive<1, 4>())
        .def(
            "update",
            [](Sums& self, Array<const std::int32_t, 1> labels, Array<double, 2> sums, Array<double, 1> mass) {
                const Shape& shape = self.shape();
                require(sums.shape(0) == shape.n_clusters && sums.shape(1) == shape.n_features &&
                            mass.shape(0) == shape.n_clusters && labels.shape(0) == shape.n_samples,
                        "labels, sums and mass must fit X");
                nb::gil_scoped_release unlocked;
                check_labels(labels.data(), shape);
                self.update(labels.data(), sums.data(), mass.data());
            },
            nb::arg("labels").noconvert(), nb::arg("sums").noconvert(), nb::arg("mass").noconvert());

    m.def("mean_and_spread", moments<Value>, nb::arg("X").noconvert(), nb::arg("mean").noconvert(),
          nb::arg("n_threads"));
    m.def("assign", assign_rows<Value>, nb::arg("X").noconvert(), nb::arg("centers").noconvert(),
          nb::arg("shift").noconvert(), nb::arg("labels").noconvert(), nb::arg("n_threads"));
    m.def("squared_distances", distances<Value>, nb::arg("X").noconvert(), nb::arg("centers").noconvert(),
          nb::arg("distances").noconvert(), nb::arg("n_threads"));
    m.def("distances_to_own", own_distances<Value>, nb::arg("X").noconvert(), nb::arg("centers").noconvert(),
          nb::arg("labels").noconvert(), nb::arg("distances").noconvert(), nb::arg("n_threads"));
}

// --- neighbors ---------------------------------------------------------------------------------------------------

void neighbors_of_rows(Array<const float, 2> X, Array<std::int32_t, 2> indices, Array<double, 2> distances,
                       int n_threads) {
    const std::size_t n_neighbors = indices.shape(1);
    require(n_neighbors < X.shape(0) && X.shape(0) < (1U << 31), "there must be more rows than neighbors");
    require(indices.shape(0) == X.shape(0) && distances.shape(0) == X.shape(0) && distances.shape(1) == n_neighbors,
            "indices and distances must fit X");
    nb::gil_scoped_release unlocked;
    nearest_neighbors(X.data(), X.shape(0), X.shape(1), n_neighbors, indices.data(), distances.data(), n_threads);
}

// --- what is in use ------------------------------------------------------------------------------------------------

std::vector<std::string> isa_names() {
    std::vector<std::string> names;
    for (const char* const* name = available_kernels(); *name != nullptr; ++name) names.emplace_back(*name);
    return names;
}

}  // namespace

NB_MODULE(_core, m) {
    // A traceback that is alive at the end of the process keeps objects alive; that is no mistake to warn of.
    nb::set_leak_warnings(false);
    m.doc() = "The native core of inkmeans: images, k-means, what is in use.";

    m.def("normalize", normalize<std::uint8_t>, nb::arg("images").noconvert(), nb::arg("ink"),
          nb::arg("ink_max").noconvert(), nb::arg("box"), nb::arg("edge_level"), nb::arg("max_slant"),
          nb::arg("min_contrast"), nb::arg("glyphs").noconvert(), nb::arg("verdicts").noconvert(),
          nb::arg("n_threads"));
    m.def("normalize", normalize<float>, nb::arg("images").noconvert(), nb::arg("ink"), nb::arg("ink_max").noconvert(),
          nb::arg("box"), nb::arg("edge_level"), nb::arg("max_slant"), nb::arg("min_contrast"),
          nb::arg("glyphs").noconvert(), nb::arg("verdicts").noconvert(), nb::arg("n_threads"));

    add_kmeans<std::uint8_t>(m, "AssignerU8", "ClusterSumsU8", "SeederU8");
    add_kmeans<float>(m, "AssignerF32", "ClusterSumsF32", "SeederF32");
    add_kmeans<double>(m, "AssignerF64", "ClusterSumsF64", "SeederF64");
    m.def(
        "move_centers",
        [](Array<const double, 2> sums, Array<const double, 1> mass, Array<const double, 1> shift, bool to_float32,
           Array<double, 2> centers) {
            const Shape shape{0, sums.shape(1), sums.shape(0)};
            require(mass.shape(0) == shape.n_clusters && shift.shape(0) == shape.n_features &&
                        centers.shape(0) == shape.n_clusters && centers.shape(1) == shape.n_features,
                    "sums, mass, shift and centers must fit");
            return move_centers(sums.data(), mass.data(), shift.data(), shape, to_float32, centers.data());
        },
        nb::arg("sums").noconvert(), nb::arg("mass").noconvert(), nb::arg("shift").noconvert(), nb::arg("to_float32"),
        nb::arg("centers").noconvert());

    m.def("products", row_products, nb::arg("rows").noconvert(), nb::arg("columns").noconvert(),
          nb::arg("out").noconvert(), nb::arg("n_threads"));

    nb::class_<Encoder>(m, "Encoder")
        .def(
            "__init__",
            [](Encoder* self, Array<const float, 2> filters, Array<const float, 1> offsets, std::size_t n_cells,
               double floor) {
                std::size_t size = 1;
                while (size * size < filters.shape(1)) ++size;
                require(size * size == filters.shape(1) && size <= 16, "filters must be square, 16 x 16 at most");
                require(offsets.shape(0) == filters.shape(0) && n_cells > 0, "offsets must fit filters");
                new (self) Encoder(filters.data(), offsets.data(), filters.shape(0), size, n_cells, floor);
            },
            nb::arg("filters").noconvert(), nb::arg("offsets").noconvert(), nb::arg("n_cells"), nb::arg("floor"))
        .def(
            "encode",
            [](const Encoder& self, Array<const std::uint8_t, 3> images, Array<float, 2> features, int n_threads) {
                const std::size_t least = self.patch_size() + self.n_cells() - 1;
                require(images.shape(1) >= least && images.shape(2) >= least, "images must hold a patch in each cell");
                require(features.shape(0) == images.shape(0) &&
                            features.shape(1) == self.n_cells() * self.n_cells() * self.n_filters(),
                        "features must fit images and filters");
                nb::gil_scoped_release unlocked;
                self.encode(images.data(), images.shape(0), images.shape(1), images.shape(2), features.data(),
                            n_threads);
            },
            nb::arg("images").noconvert(), nb::arg("features").noconvert(), nb::arg("n_threads"));

    m.def("nearest_neighbors", neighbors_of_rows, nb::arg("X").noconvert(), nb::arg("indices").noconvert(),
          nb::arg("distances").noconvert(), nb::arg("n_threads"));

    m.def("isa", [] { return std::string(kernels().name); });
    m.def("isa_available", isa_names);
    m.def("compiler", [] { return std::string(__VERSION__); });
}
