#include "images/components.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace inkmeans {
namespace {

constexpr float kSmallShare = 0.02F;  // a component with less of the ink than this is small
constexpr float kNoiseShare = 0.25F;  // if the largest of many components has less of the ink than this, all is noise
constexpr int kManyComponents = 12;
constexpr int kSmallArea = 3;  // pixels: a component of so few is no shape, whatever its share

struct Components {
    std::vector<int> label;   // 0 where there is no stroke, else the component's number
    std::vector<double> ink;  // the sum of each component's ink; ink[0] is unused
    int largest_area = 0;     // pixels
};

// The 8-connected components of ink above kStrokeLevel.
Components find_components(const InkImage& ink, int h, int w) {
    Components found{std::vector<int>(ink.size(), 0), {0.0}, 0};
    std::vector<std::size_t> pending;
    for (std::size_t start = 0; start < ink.size(); ++start) {
        if (found.label[start] != 0 || ink[start] <= kStrokeLevel) continue;
        const int number = static_cast<int>(found.ink.size());
        double sum = 0.0;
        int area = 0;
        found.label[start] = number;
        pending.assign(1, start);
        while (!pending.empty()) {
            const std::size_t at = pending.back();
            pending.pop_back();
            sum += ink[at];
            ++area;
            const int y = static_cast<int>(at / static_cast<std::size_t>(w));
            const int x = static_cast<int>(at % static_cast<std::size_t>(w));
            for (int ny = std::max(0, y - 1); ny <= std::min(h - 1, y + 1); ++ny) {
                for (int nx = std::max(0, x - 1); nx <= std::min(w - 1, x + 1); ++nx) {
                    const std::size_t to = static_cast<std::size_t>(ny) * w + nx;
                    if (found.label[to] == 0 && ink[to] > kStrokeLevel) {
                        found.label[to] = number;
                        pending.push_back(to);
                    }
                }
            }
        }
        found.ink.push_back(sum);
        found.largest_area = std::max(found.largest_area, area);
    }
    return found;
}

}  // namespace

bool remove_small_components(InkImage& ink, int h, int w) {
    const Components found = find_components(ink, h, w);
    double total = 0.0;
    double largest = 0.0;
    for (const double sum : found.ink) {
        total += sum;
        largest = std::max(largest, sum);
    }
    const int n_components = static_cast<int>(found.ink.size()) - 1;
    if (n_components > kManyComponents && largest < kNoiseShare * total) return false;
    if (n_components <= 1) return true;
    if (found.largest_area <= kSmallArea) return false;
    for (int y = 0; y < h; ++y) {
        for (int x = 0; x < w; ++x) {
            const std::size_t at = static_cast<std::size_t>(y) * w + x;
            if (ink[at] == 0.0F) continue;
            bool near_stroke = false;
            for (int ny = std::max(0, y - 1); ny <= std::min(h - 1, y + 1) && !near_stroke; ++ny) {
                for (int nx = std::max(0, x - 1); nx <= std::min(w - 1, x + 1) && !near_stroke; ++nx) {
                    const int number = found.label[static_cast<std::size_t>(ny) * w + nx];
                    near_stroke = number != 0 && found.ink[static_cast<std::size_t>(number)] >= kSmallShare * total;
                }
            }
            if (!near_stroke) ink[at] = 0.0F;
        }
    }
    return true;
}

float mean_strokes(const InkImage& ink, int h, int w) {
    long row_runs = 0;
    long rows = 0;
    for (int y = 0; y < h; ++y) {
        long runs = 0;
        bool inside = false;
        for (int x = 0; x < w; ++x) {
            const bool stroke = ink[static_cast<std::size_t>(y) * w + x] > kStrokeLevel;
            runs += stroke && !inside;
            inside = stroke;
        }
        row_runs += runs;
        rows += runs > 0;
    }
    long column_runs = 0;
    long columns = 0;
    for (int x = 0; x < w; ++x) {
        long runs = 0;
        bool inside = false;
        for (int y = 0; y < h; ++y) {
            const bool stroke = ink[static_cast<std::size_t>(y) * w + x] > kStrokeLevel;
            runs += stroke && !inside;
            inside = stroke;
        }
        column_runs += runs;
        columns += runs > 0;
    }
    const float per_row = rows > 0 ? static_cast<float>(row_runs) / static_cast<float>(rows) : 0.0F;
    const float per_column = columns > 0 ? static_cast<float>(column_runs) / static_cast<float>(columns) : 0.0F;
    return std::max(per_row, per_column);
}

}  // namespace inkmeans
