#include "images/frame.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace inkmeans {
namespace {

// Where ink, followed from outside, first reaches the level between pixels `at - step` and `at`.
double edge_between(double before, double here, double level, int at, int step) {
    const double part = here > before ? (level - before) / (here - before) : 0.0;
    return at - step * (1.0 - part);
}

}  // namespace

Frame find_frame(const InkImage& ink, int h, int w, const NormalizeSettings& settings) {
    double mass = 0.0;
    double sum_x = 0.0;
    double sum_y = 0.0;
    for (int y = 0; y < h; ++y) {
        for (int x = 0; x < w; ++x) {
            const double value = ink[static_cast<std::size_t>(y) * w + x];
            mass += value;
            sum_x += value * x;
            sum_y += value * y;
        }
    }
    Frame frame{};
    frame.center_x = sum_x / mass;
    frame.center_y = sum_y / mass;
    double xx = 0.0;
    double xy = 0.0;
    double yy = 0.0;
    for (int y = 0; y < h; ++y) {
        for (int x = 0; x < w; ++x) {
            const double value = ink[static_cast<std::size_t>(y) * w + x];
            xx += value * (x - frame.center_x) * (x - frame.center_x);
            xy += value * (x - frame.center_x) * (y - frame.center_y);
            yy += value * (y - frame.center_y) * (y - frame.center_y);
        }
    }
    // A flat stroke has no slant to speak of: its height is not allowed to count for less than a third of its width.
    const double height = std::max(yy, xx / 9.0);
    frame.slant = height > 0.0 ? std::clamp(xy / height, -double{settings.max_slant}, double{settings.max_slant}) : 0.0;

    const double level = settings.edge_level;
    frame.left = frame.top = 1e30;
    frame.right = frame.bottom = -1e30;
    double above = 0.0;  // darkest ink of the row above
    std::vector<double> darkest(static_cast<std::size_t>(h), 0.0);
    for (int y = 0; y < h; ++y) {
        const float* row = ink.data() + static_cast<std::size_t>(y) * w;
        darkest[static_cast<std::size_t>(y)] = *std::max_element(row, row + w);
        if (darkest[static_cast<std::size_t>(y)] < level) continue;
        const double shift = frame.slant * (y - frame.center_y);
        int first = 0;
        while (row[first] < level) ++first;
        int last = w - 1;
        while (row[last] < level) --last;
        const double left = edge_between(first > 0 ? row[first - 1] : 0.0, row[first], level, first, 1);
        const double right = edge_between(last + 1 < w ? row[last + 1] : 0.0, row[last], level, last, -1);
        frame.left = std::min(frame.left, left - shift);
        frame.right = std::max(frame.right, right - shift);
    }
    for (int y = 0; y < h; ++y) {
        const double here = darkest[static_cast<std::size_t>(y)];
        if (here >= level) {
            frame.top = edge_between(above, here, level, y, 1);
            break;
        }
        above = here;
    }
    above = 0.0;
    for (int y = h - 1; y >= 0; --y) {
        const double here = darkest[static_cast<std::size_t>(y)];
        if (here >= level) {
            frame.bottom = edge_between(above, here, level, y, -1);
            break;
        }
        above = here;
    }
    return frame;
}

}  // namespace inkmeans
