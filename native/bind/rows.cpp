// Rows: products with a few columns, and nearest neighbors.
#include "bind/bind.hpp"
#include "inkmeans/neighbors.hpp"
#include "inkmeans/products.hpp"

namespace inkmeans {
namespace {

void row_products(Array<const float, 2> rows, Array<const float, 2> columns, Array<float, 2> out, int n_threads) {
    require(columns.shape(1) == rows.shape(1) && out.shape(0) == rows.shape(0) && out.shape(1) == columns.shape(0),
            "columns and out must fit rows");
    const Unlocked unlocked;
    products(rows.data(), rows.shape(0), columns.data(), columns.shape(0), rows.shape(1), out.data(), n_threads);
}

void neighbors_of_rows(Array<const float, 2> X, Array<std::int32_t, 2> indices, Array<double, 2> distances,
                       int n_threads) {
    const std::size_t n_neighbors = indices.shape(1);
    require(n_neighbors < X.shape(0) && X.shape(0) < (1U << 31), "there must be more rows than neighbors");
    require(indices.shape(0) == X.shape(0) && distances.shape(0) == X.shape(0) && distances.shape(1) == n_neighbors,
            "indices and distances must fit X");
    const Unlocked unlocked;
    nearest_neighbors(X.data(), X.shape(0), X.shape(1), n_neighbors, indices.data(), distances.data(), n_threads);
}

}  // namespace

void bind_rows(nb::module_& m) {
    m.def("products", row_products, nb::arg("rows").noconvert(), nb::arg("columns").noconvert(),
          nb::arg("out").noconvert(), nb::arg("n_threads"));

    m.def("nearest_neighbors", neighbors_of_rows, nb::arg("X").noconvert(), nb::arg("indices").noconvert(),
          nb::arg("distances").noconvert(), nb::arg("n_threads"));
}

}  // namespace inkmeans
