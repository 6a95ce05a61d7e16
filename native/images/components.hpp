// What the shapes of ink tell: connected components, small ones removed, and how many strokes there are.
#pragma once

#include "images/ink.hpp"

namespace inkmeans {

// Clears components with less than 2 % of all ink; returns false if noise is all there is: many components of which
// none has a quarter of the ink, or none of more than three pixels. The faint rim of a component that stays is kept
// with it.
bool remove_small_components(InkImage& ink, int h, int w);

// Strokes met on a line through the ink: the mean over rows, or over columns, whichever is more.
float mean_strokes(const InkImage& ink, int h, int w);

}  // namespace inkmeans
