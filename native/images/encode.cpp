// Responses of patches of bytes to filters, products in int32. A filter less its mean gives the same response and makes
// the patch's mean vanish: so the bytes are used as they are, and only the product is divided by the contrast. Filters
// are quantized to int16, each with a scale of its own and with a sum of exactly 0; a response is then off by less than
// 2^-15 of the filter's largest value times the sum of the patch's values. With 256 values at most, no product leaves
// int32. An image's patches and a panel of filters stay in the L2 cache; patches without contrast cost nothing.
#include "inkmeans/encode.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "inkmeans/kernels.hpp"
#include "inkmeans/parallel.hpp"

namespace inkmeans {
namespace {

constexpr std::size_t kRowsTogether = 8 * kRowGroup;

// Quantizes values of mean 0 so that they add up to exactly 0: those with the largest rounding errors go the other way.
void quantize_to_zero_sum(const std::vector<double>& values, std::vector<std::int16_t>& quantized) {
    const std::size_t n = values.size();
    std::int64_t sum = 0;
    for (std::size_t j = 0; j < n; ++j) {
        quantized[j] = static_cast<std::int16_t>(std::nearbyint(values[j]));
        sum += quantized[j];
    }
    const int change = sum > 0 ? -1 : 1;
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto gain = [&](std::size_t j) { return change * (values[j] - static_cast<double>(quantized[j])); };
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return gain(a) > gain(b); });
    for (std::size_t i = 0; sum != 0; ++i, sum += change) {
        quantized[order[i]] = static_cast<std::int16_t>(quantized[order[i]] + change);
    }
}

}  // namespace

// The patches of one image that have contrast, cell by cell.
struct Encoder::Patches {
    std::vector<std::int16_t> pixels;
    std::vector<std::int16_t> values;  // a patch after the other, 2 * n_pairs each
    std::vector<float> gains;          // 1 / contrast
    std::vector<std::size_t> ends;     // of each cell
    std::vector<std::size_t> blanks;   // patches without contrast in each cell
    std::vector<std::int32_t> sums;    // of the columns of a row of patches, and of their squares
    std::vector<std::int32_t> squares;
};

Encoder::Encoder(const float* filters, const float* offsets, std::size_t n_filters, std::size_t patch_size,
                 std::size_t n_cells, double floor)
    : patch_size_(patch_size),
      n_cells_(n_cells),
      n_filters_(n_filters),
      n_pairs_((patch_size * patch_size + 1) / 2),
      n_panels_((n_filters + kPanel - 1) / kPanel),
      floor_(floor),
      panels_(n_panels_ * n_pairs_ * 2 * kPanel, 0),
      scales_(n_panels_ * kPanel, 1.0F),
      offsets_(n_panels_ * kPanel, 0.0F),
      blank_(n_filters) {
    const std::size_t n = patch_size * patch_size;
    std::vector<double> values(n);
    std::vector<std::int16_t> quantized(n);
    for (std::size_t f = 0; f < n_filters; ++f) {
        std::copy_n(filters + f * n, n, values.begin());
        const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(n);
        double largest = 0.0;
        for (double& value : values) {
            value -= mean;
            largest = std::max(largest, std::abs(value));
        }
        const double scale = largest > 0.0 ? 32766.0 / largest : 1.0;
        for (double& value : values) value *= scale;
        quantize_to_zero_sum(values, quantized);
        std::int16_t* panel = panels_.data() + f / kPanel * n_pairs_ * 2 * kPanel + f % kPanel * 2;
        for (std::size_t j = 0; j < n; ++j) panel[j / 2 * 2 * kPanel + j % 2] = quantized[j];
        scales_[f] = static_cast<float>(scale);
        offsets_[f] = static_cast<float>(static_cast<double>(offsets[f]) * scale);
        blank_[f] = std::max(-offsets[f], 0.0F);
    }
}

void Encoder::gather(const std::uint8_t* image, std::size_t height, std::size_t width, Patches& patches) const {
    const std::size_t size = patch_size_;
    const std::size_t rows = height - size + 1;
    const std::size_t columns = width - size + 1;
    const auto n = static_cast<double>(size * size);
    patches.pixels.assign(image, image + height * width);
    patches.values.resize(rows * columns * n_pairs_ * 2);
    patches.gains.resize(rows * columns);
    patches.ends.resize(n_cells_ * n_cells_);
    patches.blanks.assign(n_cells_ * n_cells_, 0);
    patches.sums.resize(rows * columns);
    patches.squares.resize(rows * columns);
    // Sums of each patch, from sums of columns that move down row by row.
    std::vector<std::int32_t> sum(width, 0);
    std::vector<std::int32_t> square(width, 0);
    for (std::size_t y = 0; y < height; ++y) {
        const std::int16_t* entering = patches.pixels.data() + y * width;
        for (std::size_t x = 0; x < width; ++x) {
            sum[x] += entering[x];
            square[x] += entering[x] * entering[x];
        }
        if (y + 1 < size) continue;
        const std::size_t top = y + 1 - size;
        for (std::size_t x = 0; x < columns; ++x) {
            std::int32_t all = 0;
            std::int32_t all_squares = 0;
            for (std::size_t i = x; i < x + size; ++i) {
                all += sum[i];
                all_squares += square[i];
            }
            patches.sums[top * columns + x] = all;
            patches.squares[top * columns + x] = all_squares;
        }
        const std::int16_t* leaving = patches.pixels.data() + top * width;
        for (std::size_t x = 0; x < width; ++x) {
            sum[x] -= leaving[x];
            square[x] -= leaving[x] * leaving[x];
        }
    }
    std::size_t count = 0;
    for (std::size_t cell = 0; cell < n_cells_ * n_cells_; ++cell) {
        const std::size_t cell_y = cell / n_cells_;
        const std::size_t cell_x = cell % n_cells_;
        for (std::size_t y = cell_y * rows / n_cells_; y < (cell_y + 1) * rows / n_cells_; ++y) {
            for (std::size_t x = cell_x * columns / n_cells_; x < (cell_x + 1) * columns / n_cells_; ++x) {
                const double total = patches.sums[y * columns + x];
                // n^2 times the variance, exactly.
                const double variance = n * patches.squares[y * columns + x] - total * total;
                if (variance == 0.0) {
                    ++patches.blanks[cell];
                    continue;
                }
                patches.gains[count] = static_cast<float>(1.0 / std::sqrt(variance / (n * n) + floor_));
                std::int16_t* values = patches.values.data() + count * n_pairs_ * 2;
                values[n_pairs_ * 2 - 1] = 0;
                for (std::size_t i = 0; i < size; ++i) {
                    std::copy_n(patches.pixels.data() + (y + i) * width + x, size, values + i * size);
                }
                ++count;
            }
        }
        patches.ends[cell] = count;
    }
}

void Encoder::encode(const std::uint8_t* images, std::size_t n_images, std::size_t height, std::size_t width,
                     float* features, int n_threads) const {
    const Kernels& kernel = kernels();
    const std::size_t n_all_cells = n_cells_ * n_cells_;
    parallel_for(n_images, n_threads, [&](std::size_t image) {
        thread_local Patches patches;
        gather(images + image * height * width, height, width, patches);
        float* of_image = features + image * n_all_cells * n_filters_;
        for (std::size_t p = 0; p < n_panels_; ++p) {
            const std::int16_t* panel = panels_.data() + p * n_pairs_ * 2 * kPanel;
            std::size_t first = 0;
            for (std::size_t cell = 0; cell < n_all_cells; ++cell) {
                float pooled[kPanel] = {};
                for (; first < patches.ends[cell]; first += kRowsTogether) {
                    alignas(64) std::int32_t dots[kRowsTogether * kPanel];
                    const std::size_t n_rows = std::min(kRowsTogether, patches.ends[cell] - first);
                    for (std::size_t r = 0; r < n_rows; r += kRowGroup) {
                        const std::int16_t* rows[kRowGroup];
                        const std::size_t n_group = std::min<std::size_t>(kRowGroup, n_rows - r);
                        for (std::size_t g = 0; g < n_group; ++g) {
                            rows[g] = patches.values.data() + (first + r + g) * n_pairs_ * 2;
                        }
                        kernel.dot.i16(rows, static_cast<int>(n_group), panel, n_pairs_, dots + r * kPanel);
                    }
                    kernel.panel.pool_rectified(dots, static_cast<int>(n_rows), patches.gains.data() + first,
                                                offsets_.data() + p * kPanel, pooled);
                }
                first = patches.ends[cell];
                const auto blanks = static_cast<float>(patches.blanks[cell]);
                for (std::size_t f = p * kPanel; f < std::min((p + 1) * kPanel, n_filters_); ++f) {
                    of_image[cell * n_filters_ + f] = pooled[f % kPanel] / scales_[f] + blanks * blank_[f];
                }
            }
        }
    });
}

}  // namespace inkmeans
