// The one normalizer. Steps: ink from the levels of the border; crumbs dropped; slant from the second moments; the box
// of the ink found to a fraction of a pixel; one resampling in each direction; the darkest ink made full ink.
// Every step scales with the ink, so brightness, contrast and polarity leave no trace; nothing is remembered between
// images. All sums are float64, taken in row order.
#include "inkmeans/normalize.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace inkmeans {
namespace {

using Image = std::vector<float>;

constexpr float kMaskLevel = 0.25F;   // ink above this fraction of full ink belongs to a stroke
constexpr float kCrumbShare = 0.02F;  // a piece with less of the ink than this is a crumb
constexpr float kNoiseShare = 0.25F;  // if the largest of many pieces has less of the ink than this, there is no shape
constexpr int kManyPieces = 12;
constexpr int kCrumbPixels = 3;       // a piece of so few pixels is no shape, whatever its share
constexpr float kGrains = 5.0F;       // ink is darker than so many standard deviations of the paper; 10,000 pixels of
                                      // normal noise reach 4
constexpr float kDotSide = 0.25F;     // a dot's box is at most this part of the image's longer side ...
constexpr float kDotFill = 0.65F;     // ... and is filled at least so far (a disc fills 0.79)
constexpr float kManyStrokes = 6.0F;  // more strokes than this along a line through the ink: no single character
constexpr int kTooSmallToJudge = 16;  // images with a shorter side than this are too coarse for crumbs and strokes

// Of an even number of values the lower or the upper one of the two in the middle.
float median(std::vector<float>& values, bool upper) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - !upper) / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

template <typename Pixel>
std::vector<float> border_of(const Pixel* image, int h, int w) {
    std::vector<float> border;
    border.reserve(static_cast<std::size_t>(2 * (h + w)));
    for (int x = 0; x < w; ++x) {
        border.push_back(static_cast<float>(image[x]));
        if (h > 1) border.push_back(static_cast<float>(image[static_cast<std::size_t>(h - 1) * w + x]));
    }
    for (int y = 1; y + 1 < h; ++y) {
        border.push_back(static_cast<float>(image[static_cast<std::size_t>(y) * w]));
        if (w > 1) border.push_back(static_cast<float>(image[static_cast<std::size_t>(y) * w + w - 1]));
    }
    return border;
}

// True if the ink is darker than the paper: most of the border is bright (above the middle of the image's range), and
// so is most of border and image taken together, each with half the say.
template <typename Pixel>
bool ink_is_dark(const Pixel* image, std::size_t n, const std::vector<float>& border, float middle) {
    std::size_t bright = 0;
    for (std::size_t i = 0; i < n; ++i) bright += static_cast<float>(image[i]) > middle;
    std::size_t bright_border = 0;
    for (const float value : border) bright_border += value > middle;
    const double part = static_cast<double>(bright) / static_cast<double>(n);
    const double border_part = static_cast<double>(bright_border) / static_cast<double>(border.size());
    return border_part > 0.5 && border_part + part > 1.0;
}

// The image as ink, 0 .. 1. Returns Verdict::blank if there is no ink, Verdict::noise if what there is does not stand
// out of the paper's grain, else Verdict::glyph.
template <typename Pixel>
Verdict find_ink(const Pixel* image, int h, int w, Ink ink, float ink_max, float min_contrast, Image& out) {
    const std::size_t n = static_cast<std::size_t>(h) * static_cast<std::size_t>(w);
    const auto [low, high] = std::minmax_element(image, image + n);
    const float min_value = static_cast<float>(*low);
    const float max_value = static_cast<float>(*high);
    // An even image has no ink, whatever counts for full ink; a range beyond float32 cannot be scaled.
    if (!(max_value > min_value && max_value - min_value >= min_contrast * ink_max)) return Verdict::blank;

    std::vector<float> border = border_of(image, h, w);
    const float middle = 0.5F * (min_value + max_value);
    const bool dark = ink == Ink::dark || (ink == Ink::automatic && ink_is_dark(image, n, border, middle));
    float paper = median(border, dark);  // where ink is half of the border, the other half
    if (dark ? paper < middle : paper > middle) {
        // Ink runs along most of the border, as in a tight crop: only the rest of the border is paper.
        const auto is_ink = [=](float value) { return dark ? value < middle : value > middle; };
        border.erase(std::remove_if(border.begin(), border.end(), is_ink), border.end());
        if (border.empty()) border.push_back(dark ? max_value : min_value);
        paper = median(border, dark);
    }
    const float contrast = dark ? paper - min_value : max_value - paper;
    if (!(contrast >= std::numeric_limits<float>::min() && contrast >= min_contrast * ink_max)) return Verdict::blank;

    // The paper's grain: what the border strays by. 1.48 median deviations are one standard deviation of a normal law.
    for (float& value : border) value = std::abs(value - paper);
    const float grain = 1.48F * median(border, false);
    if (std::min(h, w) >= kTooSmallToJudge && contrast < kGrains * grain) return Verdict::noise;
    const float floor = std::min(0.5F, 3.0F * grain / contrast);
    const float sign = dark ? -1.0F : 1.0F;
    const float scale = 1.0F / ((1.0F - floor) * contrast);
    if (!(scale > 0.0F && std::isfinite(scale))) return Verdict::blank;
    out.resize(n);
    for (std::size_t i = 0; i < n; ++i) {
        const float level = sign * (static_cast<float>(image[i]) - paper) - floor * contrast;
        out[i] = level > 0.0F ? level * scale : 0.0F;
    }
    return Verdict::glyph;
}

struct Pieces {
    std::vector<int> label;    // 0 where there is no stroke, else the piece's number
    std::vector<double> mass;  // mass[0] is unused
    int largest_area = 0;      // pixels
};

// The 8-connected pieces of ink above kMaskLevel.
Pieces find_pieces(const Image& ink, int h, int w) {
    Pieces pieces{std::vector<int>(ink.size(), 0), {0.0}, 0};
    std::vector<std::size_t> open;
    for (std::size_t start = 0; start < ink.size(); ++start) {
        if (pieces.label[start] != 0 || ink[start] <= kMaskLevel) continue;
        const int number = static_cast<int>(pieces.mass.size());
        double mass = 0.0;
        int area = 0;
        pieces.label[start] = number;
        open.assign(1, start);
        while (!open.empty()) {
            const std::size_t at = open.back();
            open.pop_back();
            mass += ink[at];
            ++area;
            const int y = static_cast<int>(at / static_cast<std::size_t>(w));
            const int x = static_cast<int>(at % static_cast<std::size_t>(w));
            for (int ny = std::max(0, y - 1); ny <= std::min(h - 1, y + 1); ++ny) {
                for (int nx = std::max(0, x - 1); nx <= std::min(w - 1, x + 1); ++nx) {
                    const std::size_t to = static_cast<std::size_t>(ny) * w + nx;
                    if (pieces.label[to] == 0 && ink[to] > kMaskLevel) {
                        pieces.label[to] = number;
                        open.push_back(to);
                    }
                }
            }
        }
        pieces.mass.push_back(mass);
        pieces.largest_area = std::max(pieces.largest_area, area);
    }
    return pieces;
}

// Drops crumbs; returns false if crumbs are all there is. The faint rim of a piece that stays is kept with it.
bool drop_crumbs(Image& ink, int h, int w) {
    const Pieces pieces = find_pieces(ink, h, w);
    double total = 0.0;
    double largest = 0.0;
    for (const double mass : pieces.mass) {
        total += mass;
        largest = std::max(largest, mass);
    }
    const int n_pieces = static_cast<int>(pieces.mass.size()) - 1;
    if (n_pieces > kManyPieces && largest < kNoiseShare * total) return false;
    if (n_pieces <= 1) return true;
    if (pieces.largest_area <= kCrumbPixels) return false;
    for (int y = 0; y < h; ++y) {
        for (int x = 0; x < w; ++x) {
            const std::size_t at = static_cast<std::size_t>(y) * w + x;
            if (ink[at] == 0.0F) continue;
            bool near_stroke = false;
            for (int ny = std::max(0, y - 1); ny <= std::min(h - 1, y + 1) && !near_stroke; ++ny) {
                for (int nx = std::max(0, x - 1); nx <= std::min(w - 1, x + 1) && !near_stroke; ++nx) {
                    const int number = pieces.label[static_cast<std::size_t>(ny) * w + nx];
                    near_stroke = number != 0 && pieces.mass[static_cast<std::size_t>(number)] >= kCrumbShare * total;
                }
            }
            if (!near_stroke) ink[at] = 0.0F;
        }
    }
    return true;
}

struct Frame {
    double center_x, center_y;        // center of mass, in pixels; a pixel's own center is at a whole number
    double slant;                     // horizontal shift per row that stands the character upright
    double left, right, top, bottom;  // box of the upright ink
};

// Where ink, followed from outside, first reaches the level between pixels `at - step` and `at`.
double edge_between(double before, double here, double level, int at, int step) {
    const double part = here > before ? (level - before) / (here - before) : 0.0;
    return at - step * (1.0 - part);
}

Frame find_frame(const Image& ink, int h, int w, const NormalizeSettings& settings) {
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

// Strokes met on a line through the ink: the mean over rows, or over columns, whichever is more.
float count_strokes(const Image& ink, int h, int w) {
    long row_runs = 0;
    long rows = 0;
    for (int y = 0; y < h; ++y) {
        long runs = 0;
        bool inside = false;
        for (int x = 0; x < w; ++x) {
            const bool stroke = ink[static_cast<std::size_t>(y) * w + x] > kMaskLevel;
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
            const bool stroke = ink[static_cast<std::size_t>(y) * w + x] > kMaskLevel;
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

using Glyph = std::array<float, kGlyphPixels>;

// Weights of a triangle filter for one output pixel: source pixels [first, first + weights.size()). Over all pixels,
// those outside the image too, they add up to 1: even ink stays even whatever the reach.
struct Weights {
    int first = 0;
    std::vector<float> weights;
};

void triangle(double center, double reach, int n, Weights& out) {
    const int first = static_cast<int>(std::floor(center - reach)) + 1;
    const int last = static_cast<int>(std::ceil(center + reach)) - 1;
    out.first = std::max(0, first);
    out.weights.clear();
    double total = 0.0;
    for (int i = first; i <= last; ++i) {
        const double weight = 1.0 - std::abs(i - center) / reach;
        total += weight;
        if (i >= 0 && i < n) out.weights.push_back(static_cast<float>(weight));
    }
    for (float& weight : out.weights) weight = static_cast<float>(weight / total);
}

// Brings the framed ink to the glyph: upright, its box's longer side `box` pixels, its mass in the middle.
void resample(const Image& ink, int h, int w, const Frame& frame, float box, Glyph& glyph) {
    const double width = std::max(frame.right - frame.left, 1e-3);
    const double height = std::max(frame.bottom - frame.top, 1e-3);
    const double step = std::max(width, height) / box;  // source pixels per glyph pixel
    const double reach = std::max(1.0, step);
    // The mass goes to the middle, but no part of the box over the rim.
    const double half = 0.5 * kGlyphSize;
    const double low_x = frame.center_x + (frame.right - frame.center_x) - half * step;
    const double high_x = frame.left + half * step;
    const double middle_x = std::clamp(frame.center_x, std::min(low_x, high_x), std::max(low_x, high_x));
    const double low_y = frame.bottom - half * step;
    const double high_y = frame.top + half * step;
    const double middle_y = std::clamp(frame.center_y, std::min(low_y, high_y), std::max(low_y, high_y));

    // Rows first, each with its own shift; only rows that the glyph can see.
    const double span = half * step + reach + 1.0;
    const int first_row = std::max(0, static_cast<int>(std::floor(middle_y - span)));
    const int last_row = std::min(h - 1, static_cast<int>(std::ceil(middle_y + span)));
    const int n_rows = std::max(0, last_row - first_row + 1);
    std::vector<float> rows(static_cast<std::size_t>(n_rows) * kGlyphSize, 0.0F);
    Weights tap;
    for (int y = first_row; y <= last_row; ++y) {
        const float* source = ink.data() + static_cast<std::size_t>(y) * w;
        float* target = rows.data() + static_cast<std::size_t>(y - first_row) * kGlyphSize;
        const double shift = frame.slant * (y - frame.center_y);
        for (int x = 0; x < kGlyphSize; ++x) {
            triangle(middle_x + shift + (x + 0.5 - half) * step, reach, w, tap);
            float sum = 0.0F;
            for (std::size_t i = 0; i < tap.weights.size(); ++i)
                sum += tap.weights[i] * source[tap.first + static_cast<int>(i)];
            target[x] = sum;
        }
    }
    for (int y = 0; y < kGlyphSize; ++y) {
        triangle(middle_y - first_row + (y + 0.5 - half) * step, reach, n_rows, tap);
        for (int x = 0; x < kGlyphSize; ++x) {
            float sum = 0.0F;
            for (std::size_t i = 0; i < tap.weights.size(); ++i) {
                sum +=
                    tap.weights[i] * rows[static_cast<std::size_t>(tap.first + static_cast<int>(i)) * kGlyphSize + x];
            }
            glyph[static_cast<std::size_t>(y * kGlyphSize + x)] = sum;
        }
    }
}

}  // namespace

template <typename Pixel>
Verdict normalize_glyph(const Pixel* image, int h, int w, Ink ink_polarity, float ink_max,
                        const NormalizeSettings& settings, std::uint8_t* glyph) {
    std::fill(glyph, glyph + kGlyphPixels, std::uint8_t{0});
    Image ink;
    const Verdict found = find_ink(image, h, w, ink_polarity, ink_max, settings.min_contrast, ink);
    if (found != Verdict::glyph) return found;
    const bool judge = std::min(h, w) >= kTooSmallToJudge;
    if (judge && !drop_crumbs(ink, h, w)) return Verdict::noise;
    // After the crumbs are gone the darkest ink that stays is full ink.
    const float full = *std::max_element(ink.begin(), ink.end());
    if (full < 1.0F) {
        for (float& value : ink) value /= full;
    }
    const Frame frame = find_frame(ink, h, w, settings);

    Glyph shape{};
    resample(ink, h, w, frame, settings.box, shape);
    // Thin strokes come out faint and low resolutions blurred: the darkest ink is full ink again.
    const float darkest = *std::max_element(shape.begin(), shape.end());
    for (std::size_t i = 0; i < shape.size(); ++i) {
        glyph[i] = static_cast<std::uint8_t>(std::lround(255.0F * std::clamp(shape[i] / darkest, 0.0F, 1.0F)));
    }

    const double width = frame.right - frame.left;
    const double height = frame.bottom - frame.top;
    if (judge && std::max(width, height) <= kDotSide * std::max(h, w)) {
        double mass = 0.0;
        for (const float value : ink) mass += value;
        if (mass >= kDotFill * width * height && std::min(width, height) >= 0.6 * std::max(width, height))
            return Verdict::dot;
    }
    if (judge && count_strokes(ink, h, w) > kManyStrokes) return Verdict::scribble;
    return Verdict::glyph;
}

template Verdict normalize_glyph(const std::uint8_t*, int, int, Ink, float, const NormalizeSettings&, std::uint8_t*);
template Verdict normalize_glyph(const float*, int, int, Ink, float, const NormalizeSettings&, std::uint8_t*);

}  // namespace inkmeans
