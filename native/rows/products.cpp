// The dot kernel of the assignment, 6 rows x 16 columns at a time; all products are kept.
#include "inkmeans/products.hpp"

#include <algorithm>
#include <vector>

#include "inkmeans/kernels.hpp"
#include "inkmeans/parallel.hpp"
#include "rows/panels.hpp"

namespace inkmeans {

void products(const float* rows, std::size_t n_rows, const float* columns, std::size_t n_columns,
              std::size_t n_features, float* out, int n_threads) {
    const std::size_t n_panels = (n_columns + kPanel - 1) / kPanel;
    std::vector<float> panels(n_panels * n_features * kPanel, 0.0F);
    for (std::size_t c = 0; c < n_columns; ++c) {
        float* panel = panels.data() + (c / kPanel) * n_features * kPanel + c % kPanel;
        for (std::size_t j = 0; j < n_features; ++j) panel[j * kPanel] = columns[c * n_features + j];
    }
    const Kernels& kernel = kernels();
    parallel_for((n_rows + kTogether - 1) / kTogether, n_threads, [&](std::size_t block) {
        const std::size_t first = block * kTogether;
        const std::size_t last = std::min(first + kTogether, n_rows);
        alignas(64) float dots[kTogether * kPanel];
        for (std::size_t p = 0; p < n_panels; ++p) {
            const float* panel = panels.data() + p * n_features * kPanel;
            std::fill_n(dots, kTogether * kPanel, 0.0F);
            for (std::size_t j = 0; j < n_features; j += kStretch) {
                const std::size_t stretch = std::min(kStretch, n_features - j);
                for (std::size_t i = first; i < last; i += kRowGroup) {
                    const int group = static_cast<int>(std::min<std::size_t>(kRowGroup, last - i));
                    const float* grouped[kRowGroup];
                    for (int r = 0; r < group; ++r) grouped[r] = rows + (i + static_cast<std::size_t>(r)) * n_features;
                    kernel.dot.f32(grouped, j, group, panel + j * kPanel, stretch, dots + (i - first) * kPanel);
                }
            }
            const std::size_t width = std::min<std::size_t>(kPanel, n_columns - p * kPanel);
            for (std::size_t i = first; i < last; ++i) {
                std::copy_n(dots + (i - first) * kPanel, width, out + i * n_columns + p * kPanel);
            }
        }
    });
}

}  // namespace inkmeans
