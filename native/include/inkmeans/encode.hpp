// Responses of the patches of images to filters, rectified and sum-pooled over a grid of cells.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace inkmeans {

class Encoder {
   public:
    // filters: n_filters x patch_size^2, for patches less their mean over their contrast; offsets: n_filters. floor is
    // added to the variance of a patch. patch_size is 1 to 16, n_cells at least 1.
    Encoder(const float* filters, const float* offsets, std::size_t n_filters, std::size_t patch_size,
            std::size_t n_cells, double floor);

    // images: n_images x height x width, each side at least patch_size + n_cells - 1. features (out, n_images x n_cells
    // x n_cells x n_filters): for each cell of patches the sum of max(0, filter . (patch - mean) / sqrt(variance +
    // floor) - offset). The same bytes for any number of threads and from every instruction set.
    void encode(const std::uint8_t* images, std::size_t n_images, std::size_t height, std::size_t width,
                float* features, int n_threads) const;

    std::size_t patch_size() const { return patch_size_; }
    std::size_t n_cells() const { return n_cells_; }
    std::size_t n_filters() const { return n_filters_; }

   private:
    struct Patches;

    void gather(const std::uint8_t* image, std::size_t height, std::size_t width, Patches& patches) const;

    std::size_t patch_size_;
    std::size_t n_cells_;
    std::size_t n_filters_;
    std::size_t n_pairs_;
    std::size_t n_panels_;
    double floor_;
    std::vector<std::int16_t> panels_;  // n_panels x n_pairs x (a pair of each lane)
    std::vector<float> scales_;         // of each quantized filter
    std::vector<float> offsets_;        // times scale
    std::vector<float> blank_;          // the response of a patch without contrast
};

}  // namespace inkmeans
