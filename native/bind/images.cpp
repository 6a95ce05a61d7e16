// Images: the normalizer and the patch encoder.
#include "bind/bind.hpp"
#include "inkmeans/encode.hpp"
#include "inkmeans/normalize.hpp"
#include "inkmeans/parallel.hpp"

namespace inkmeans {
namespace {

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

}  // namespace

void bind_images(nb::module_& m) {
    m.def("normalize", normalize<std::uint8_t>, nb::arg("images").noconvert(), nb::arg("ink"),
          nb::arg("ink_max").noconvert(), nb::arg("box"), nb::arg("edge_level"), nb::arg("max_slant"),
          nb::arg("min_contrast"), nb::arg("glyphs").noconvert(), nb::arg("verdicts").noconvert(),
          nb::arg("n_threads"));
    m.def("normalize", normalize<float>, nb::arg("images").noconvert(), nb::arg("ink"), nb::arg("ink_max").noconvert(),
          nb::arg("box"), nb::arg("edge_level"), nb::arg("max_slant"), nb::arg("min_contrast"),
          nb::arg("glyphs").noconvert(), nb::arg("verdicts").noconvert(), nb::arg("n_threads"));

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
                const Unlocked unlocked;
                self.encode(images.data(), images.shape(0), images.shape(1), images.shape(2), features.data(),
                            n_threads);
            },
            nb::arg("images").noconvert(), nb::arg("features").noconvert(), nb::arg("n_threads"));
}

}  // namespace inkmeans
