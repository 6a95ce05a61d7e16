// Products of many rows with the same few columns, each summed alone.
#pragma once

#include <cstddef>

namespace inkmeans {

// out (n_rows x n_columns): the product of each row with each column (columns: n_columns x n_features, row-major), each
// float32 sum taken in order of the features. A row's products are the same bytes whatever other rows there are and
// whatever the number of threads; a general matrix product does not promise that.
void products(const float* rows, std::size_t n_rows, const float* columns, std::size_t n_columns,
              std::size_t n_features, float* out, int n_threads);

}  // namespace inkmeans
