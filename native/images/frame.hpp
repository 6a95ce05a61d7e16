// Where the ink lies and how it slants: measured here, removed in resample.cpp.
#pragma once

#include "images/ink.hpp"

namespace inkmeans {

struct Frame {
    double center_x, center_y;        // center of mass, in pixels; a pixel's own center is at a whole number
    double slant;                     // horizontal shift per row that stands the character upright
    double left, right, top, bottom;  // box of the upright ink
};

// Slant: from the second moments of the ink, the covariance of x and y over the variance of y, at most
// settings.max_slant. Box: found to a fraction of a pixel, where the ink rises to settings.edge_level.
Frame find_frame(const InkImage& ink, int h, int w, const NormalizeSettings& settings);

}  // namespace inkmeans
