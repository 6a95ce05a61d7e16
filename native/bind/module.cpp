// The native core as Python sees it, by family: images.cpp, kmeans.cpp, rows.cpp, isa.cpp.
#include "bind/bind.hpp"

NB_MODULE(_core, m) {
    // A traceback that is alive at the end of the process keeps objects alive; that is no mistake to warn of.
    nb::set_leak_warnings(false);
    m.doc() = "The native core of inkmeans: images, k-means, what is in use.";
    inkmeans::bind_images(m);
    inkmeans::bind_kmeans(m);
    inkmeans::bind_rows(m);
    inkmeans::bind_isa(m);
}
