// An instruction set proves itself: each kernel beside the scalar one. Integers, and what is promised to be the same
// bytes from every instruction set, must agree to the last bit; float32 products within gamma(n) |row| |center| of
// each, and 16-bit bounds, which may be fused or not, within 1. What lies behind an output must stay as it was.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>
#include <vector>

#include "inkmeans/isa.hpp"
#include "inkmeans/kernels.hpp"

namespace inkmeans {
namespace {

// Around the widths of registers (4 to 64 values), and one of many registers.
constexpr std::size_t kLengths[] = {1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 63, 64, 65, 127, 129, 200};
constexpr std::size_t kBehind = 2 * kPanel;  // values behind an output that are compared too, or that it has room for

// Made numbers, the same every time: a linear congruential generator (Knuth's MMIX), its high bits.
class Numbers {
   public:
    std::uint32_t bits() {
        state_ = state_ * 6364136223846793005U + 1442695040888963407U;
        return static_cast<std::uint32_t>(state_ >> 32);
    }

    int between(int least, int most) {
        return least + static_cast<int>(bits() % (static_cast<std::uint32_t>(most - least) + 1U));
    }

    // In [-1, 1).
    double real() { return static_cast<double>(static_cast<std::int32_t>(bits())) * 0x1p-31; }

    template <typename Value, typename Make>
    std::vector<Value> make(std::size_t n, const Make& one) {
        std::vector<Value> values(n);
        for (Value& value : values) value = static_cast<Value>(one());
        return values;
    }

   private:
    std::uint64_t state_ = 20;
};

template <typename Value>
bool same(const std::vector<Value>& a, const std::vector<Value>& b, std::size_t n) {
    return std::memcmp(a.data(), b.data(), n * sizeof(Value)) == 0;
}

template <typename Value>
bool same(const std::vector<Value>& a, const std::vector<Value>& b) {
    return same(a, b, a.size());
}

class SelfCheck {
   public:
    explicit SelfCheck(const Kernels& tested) : tested_(tested) {}

    const char* run() {
        for (const std::size_t n : kLengths) {
            check_dot(n);
            check_dot_integers(n);
            check_pack(n);
            check_rows_of_bounds(n);
            check_sums(n);
            check_row(tested_.u8, plain_.u8, n, {"u8.add", "u8.squared_distance", "u8.to_float32"});
            check_row(tested_.f32, plain_.f32, n, {"f32.add", "f32.squared_distance", "f32.to_float32"});
            check_row(tested_.f64, plain_.f64, n, {"f64.add", "f64.squared_distance", "f64.to_float32"});
        }
        for (int turn = 0; turn < 12; ++turn) {
            check_panel(1 + turn % kRowGroup);
            check_bounds(static_cast<std::size_t>(1 + turn) * kPanel);
        }
        check_long_row();
        return disagreement_;
    }

   private:
    void expect(bool agrees, const char* kernel) {
        if (!agrees && disagreement_ == nullptr) disagreement_ = kernel;
    }

    double small() { return 3.0 * numbers_.real(); }

    void check_dot(std::size_t n) {
        const auto small_number = [&] { return small(); };
        // Rows begin at an odd place: nothing is aligned but by chance.
        const auto values = numbers_.make<float>(1 + kRowGroup * n, small_number);
        const auto panel = numbers_.make<float>(n * kPanel, small_number);
        const float* rows[kRowGroup];
        for (std::size_t r = 0; r < kRowGroup; ++r) rows[r] = values.data() + 1 + r * n;
        for (int n_rows = 1; n_rows <= kRowGroup; ++n_rows) {
            const std::size_t first = n > 3 ? 2 : 0;
            auto found = numbers_.make<float>(kRowGroup * kPanel + kBehind, small_number);
            auto expected = found;
            tested_.dot.f32(rows, first, n_rows, panel.data(), n - first, found.data());
            plain_.dot.f32(rows, first, n_rows, panel.data(), n - first, expected.data());
            for (std::size_t i = 0; i < found.size(); ++i) {
                const bool is_dot = i < static_cast<std::size_t>(n_rows) * kPanel;
                expect(is_dot ? is_near(found[i], expected[i], n) : found[i] == expected[i], "dot.f32");
            }
        }
        expect(is_near(tested_.dot.f32_row(rows[0], rows[1], n), plain_.dot.f32_row(rows[0], rows[1], n), n),
               "dot.f32_row");
    }

    // Twice gamma(n + 1) times n values of at most 3 x 3, and of the sum that they are added to.
    static bool is_near(float found, float expected, std::size_t n) {
        const double size = 9.0 * static_cast<double>(n) + 3.0;
        return std::abs(static_cast<double>(found) - expected) <= 2.0 * static_cast<double>(n + 1) * 0x1p-24 * size;
    }

    void check_dot_integers(std::size_t n) {
        const std::size_t n_pairs = n;
        const auto any_i16 = [&] { return numbers_.between(-2200, 2200); };
        auto values = numbers_.make<std::int16_t>(2 + kRowGroup * 2 * n_pairs, any_i16);
        auto panel = numbers_.make<std::int16_t>(2 * n_pairs * kPanel, any_i16);
        values[2] = 32767;  // the largest that there are, once
        values[3] = -32768;
        panel[0] = panel[5] = -32767;
        const auto scales = numbers_.make<float>(kRowGroup, [&] { return numbers_.real(); });
        const std::int16_t* rows[kRowGroup];
        for (std::size_t r = 0; r < kRowGroup; ++r) rows[r] = values.data() + 2 + r * 2 * n_pairs;
        for (int n_rows = 1; n_rows <= kRowGroup; ++n_rows) {
            std::vector<std::int32_t> found(kRowGroup * kPanel + kBehind, 7);
            auto expected = found;
            tested_.dot.i16(rows, n_rows, panel.data(), n_pairs, found.data());
            plain_.dot.i16(rows, n_rows, panel.data(), n_pairs, expected.data());
            expect(same(found, expected), "dot.i16");
            std::vector<float> scaled(kRowGroup * kPanel + kBehind, 7.0F);
            auto expected_scaled = scaled;
            tested_.dot.i16_scaled(rows, n_rows, panel.data(), n_pairs, scales.data(), scaled.data());
            plain_.dot.i16_scaled(rows, n_rows, panel.data(), n_pairs, scales.data(), expected_scaled.data());
            expect(same(scaled, expected_scaled), "dot.i16_scaled");
        }

        const auto row = numbers_.make<std::uint8_t>(1 + n, [&] { return numbers_.between(0, 2) * 120; });
        expect(tested_.dot.u8_row(row.data() + 1, panel.data() + 1, n) ==
                   plain_.dot.u8_row(row.data() + 1, panel.data() + 1, n),
               "dot.u8_row");
        const std::size_t n_quads = (n + kQuad - 1) / kQuad;
        std::vector<std::uint16_t> quads(n_quads + kPanel);
        std::vector<std::uint32_t> quad_values(n_quads + kPanel);
        const auto of_quads = numbers_.make<std::int16_t>(n_quads * kQuad * kPanel, any_i16);
        const std::size_t n_nonzero = plain_.pack.nonzero_quads(row.data() + 1, n, quads.data(), quad_values.data());
        std::vector<float> found(kPanel + kBehind, 7.0F);
        auto expected = found;
        tested_.dot.u8(quads.data(), quad_values.data(), n_nonzero, of_quads.data(), 0.37F, found.data());
        plain_.dot.u8(quads.data(), quad_values.data(), n_nonzero, of_quads.data(), 0.37F, expected.data());
        expect(same(found, expected), "dot.u8");
    }

    void check_pack(std::size_t n) {
        const auto row = numbers_.make<float>(1 + n, [&] { return 20000.0 * numbers_.real(); });
        std::vector<std::int16_t> found(n + kBehind, 7);
        auto expected = found;
        tested_.pack.quantize_f32(row.data() + 1, 1.6F, n, found.data());
        plain_.pack.quantize_f32(row.data() + 1, 1.6F, n, expected.data());
        expect(same(found, expected), "pack.quantize_f32");

        for (const int one_in : {1, 6}) {
            const auto bytes = numbers_.make<std::uint8_t>(
                1 + n, [&] { return numbers_.between(1, one_in) == 1 ? numbers_.between(0, 255) : 0; });
            const std::size_t room = (n + kQuad - 1) / kQuad + kPanel;
            std::vector<std::uint16_t> quads(room), expected_quads(room);
            std::vector<std::uint32_t> values(room), expected_values(room);
            const std::size_t count = tested_.pack.nonzero_quads(bytes.data() + 1, n, quads.data(), values.data());
            expect(count == plain_.pack.nonzero_quads(bytes.data() + 1, n, expected_quads.data(),
                                                      expected_values.data()) &&
                       same(quads, expected_quads, count) && same(values, expected_values, count),
                   "pack.nonzero_quads");
        }
    }

    void check_panel(int n_rows) {
        const std::size_t n_dots = static_cast<std::size_t>(n_rows) * kPanel;
        auto dots = numbers_.make<float>(n_dots, [&] { return numbers_.between(-9, 9); });  // ties among them
        auto norms = numbers_.make<float>(kPanel, [&] { return numbers_.between(0, 9); });
        norms[kPanel - 1] = std::numeric_limits<float>::infinity();
        norms[4] = norms[9] = 0.0F;
        dots[4] = dots[9] = 30.0F;                 // a tie in the first row
        if (n_rows > 1) dots[n_dots - 2] = 40.0F;  // none in the last
        std::vector<TwoSmallest> found(static_cast<std::size_t>(n_rows)), expected = found;
        tested_.panel.two_smallest(dots.data(), n_rows, norms.data(), found.data());
        plain_.panel.two_smallest(dots.data(), n_rows, norms.data(), expected.data());
        for (std::size_t r = 0; r < found.size(); ++r) {
            expect(found[r].smallest == expected[r].smallest && found[r].second == expected[r].second &&
                       found[r].argmin == expected[r].argmin,
                   "panel.two_smallest");
        }

        const auto any = [&] { return numbers_.between(-2000, 2000); };
        const auto products = numbers_.make<std::int32_t>(n_dots, any);
        const auto row_halves = numbers_.make<std::int32_t>(kRowGroup, any);
        const auto lane_halves = numbers_.make<std::int32_t>(kPanel, any);
        const auto row_thresholds = numbers_.make<std::int32_t>(kRowGroup, any);
        auto lane_thresholds = numbers_.make<std::int32_t>(kPanel, any);
        lane_thresholds[3] = -std::numeric_limits<std::int32_t>::max() / 4;
        std::vector<std::uint16_t> undecided(kRowGroup + kBehind, 7);
        auto expected_undecided = undecided;
        const PruningTerms of_rows{row_halves.data(), row_thresholds.data()};
        const PruningTerms of_lanes{lane_halves.data(), lane_thresholds.data()};
        tested_.panel.undecided_lanes(products.data(), n_rows, of_rows, of_lanes, undecided.data());
        plain_.panel.undecided_lanes(products.data(), n_rows, of_rows, of_lanes, expected_undecided.data());
        expect(same(undecided, expected_undecided), "panel.undecided_lanes");

        const auto gains = numbers_.make<float>(kRowGroup, [&] { return 1.0 + numbers_.real(); });
        const auto offsets = numbers_.make<float>(kPanel, [&] { return 500.0 * numbers_.real(); });
        auto pooled = numbers_.make<float>(kPanel + kBehind, [&] { return small(); });
        auto expected_pooled = pooled;
        tested_.panel.pool_rectified(products.data(), n_rows, gains.data(), offsets.data(), pooled.data());
        plain_.panel.pool_rectified(products.data(), n_rows, gains.data(), offsets.data(), expected_pooled.data());
        expect(same(pooled, expected_pooled), "panel.pool_rectified");
    }

    void check_bounds(std::size_t n) {
        const auto dots = numbers_.make<float>(kPanel, [&] { return 200.0 * numbers_.real(); });
        auto norms = numbers_.make<float>(kPanel, [&] { return numbers_.between(0, 900); });
        norms[5] = std::numeric_limits<float>::infinity();
        const auto moved = numbers_.make<float>(kPanel, [&] { return numbers_.between(0, 50); });
        std::vector<std::uint16_t> found(kPanel + kBehind, 7);
        auto expected = found;
        tested_.bounds.quantize(dots.data(), norms.data(), moved.data(), 500.0F, 20.0F, found.data());
        plain_.bounds.quantize(dots.data(), norms.data(), moved.data(), 500.0F, 20.0F, expected.data());
        for (std::size_t l = 0; l < found.size(); ++l) {
            expect(std::abs(found[l] - expected[l]) <= (l < kPanel ? 1 : 0), "bounds.quantize");
            if (l >= kPanel) continue;
            const double square = std::max(500.0 + norms[l] - 2.0 * dots[l], 0.0);
            expect(found[l] <= (std::sqrt(square) + moved[l]) * 20.0, "bounds.quantize");
        }

        const auto bounds = numbers_.make<std::uint16_t>(
            n, [&] { return numbers_.between(1, 6) == 1 ? 65535 : numbers_.between(2000, 65535); });
        const auto steps = numbers_.make<std::uint16_t>(
            n, [&] { return numbers_.between(1, 40) == 1 ? 65535 : numbers_.between(0, 3000); });
        expect(tested_.bounds.smallest(bounds.data(), steps.data(), n) ==
                   plain_.bounds.smallest(bounds.data(), steps.data(), n),
               "bounds.smallest");
        for (const int limit : {0, 30000, 65535}) {
            const auto most = static_cast<std::uint16_t>(limit);
            std::vector<std::uint16_t> indices(n + kBehind), expected_indices(n + kBehind);
            const std::size_t count = tested_.bounds.at_most(bounds.data(), steps.data(), most, n, indices.data());
            expect(count == plain_.bounds.at_most(bounds.data(), steps.data(), most, n, expected_indices.data()) &&
                       same(indices, expected_indices, count),
                   "bounds.at_most");
        }
    }

    void check_rows_of_bounds(std::size_t n) {
        const auto distance = [&] { return numbers_.between(0, 100); };
        const auto upper = numbers_.make<float>(n, distance);
        auto lower = numbers_.make<float>(n, distance);
        if (n > 4) lower[n / 2] = std::numeric_limits<float>::quiet_NaN();
        const auto labels = numbers_.make<std::int32_t>(n, [&] { return numbers_.between(0, kPanel - 1); });
        const auto own = numbers_.make<float>(kPanel, [&] { return numbers_.between(0, 9); });
        const auto others = numbers_.make<float>(kPanel, [&] { return numbers_.between(0, 9); });
        std::vector<std::uint32_t> found(n + kPanel), expected(n + kPanel);
        const std::size_t count =
            tested_.bounds.undecided_rows(upper.data(), lower.data(), labels.data(), own.data(), others.data(),
                                          1.0F + 0x1p-22F, 1.0F - 0x1p-22F, n, found.data());
        expect(
            count == plain_.bounds.undecided_rows(upper.data(), lower.data(), labels.data(), own.data(), others.data(),
                                                  1.0F + 0x1p-22F, 1.0F - 0x1p-22F, n, expected.data()) &&
                same(found, expected, count),
            "bounds.undecided_rows");
    }

    void check_sums(std::size_t n) {
        const auto bytes = numbers_.make<std::uint8_t>(1 + n, [&] { return numbers_.between(0, 255); });
        const auto row = numbers_.make<float>(1 + n, [&] { return small(); });
        const auto scales = numbers_.make<double>(n, [&] { return std::ldexp(1.0, numbers_.between(20, 48)); });
        for (const int sign : {1, -1}) {
            auto sum = numbers_.make<std::int32_t>(n + kBehind, [&] { return numbers_.between(-9999, 9999); });
            auto expected = sum;
            tested_.sums.add_u8(bytes.data() + 1, sign, n, sum.data());
            plain_.sums.add_u8(bytes.data() + 1, sign, n, expected.data());
            expect(same(sum, expected), "sums.add_u8");
            auto fixed = numbers_.make<std::int64_t>(n + kBehind, [&] { return numbers_.between(-9999, 9999); });
            auto expected_fixed = fixed;
            tested_.sums.add_fixed_point(row.data() + 1, scales.data(), sign, n, fixed.data());
            plain_.sums.add_fixed_point(row.data() + 1, scales.data(), sign, n, expected_fixed.data());
            expect(same(fixed, expected_fixed), "sums.add_fixed_point");
        }
        expect(tested_.sums.squared_norm_u8(bytes.data() + 1, n) == plain_.sums.squared_norm_u8(bytes.data() + 1, n),
               "sums.squared_norm_u8");
    }

    // More columns than the squares of bytes can be summed up for in int32.
    void check_long_row() {
        const std::vector<std::uint8_t> bytes(70001, 255);
        expect(tested_.sums.squared_norm_u8(bytes.data(), bytes.size()) ==
                   plain_.sums.squared_norm_u8(bytes.data(), bytes.size()),
               "sums.squared_norm_u8");
    }

    struct RowNames {
        const char* add;
        const char* squared_distance;
        const char* to_float32;
    };

    template <typename Value>
    void check_row(const RowKernels<Value>& tested, const RowKernels<Value>& plain, std::size_t n,
                   const RowNames& names) {
        const auto row = numbers_.make<Value>(1 + n, [&] {
            return std::is_same_v<Value, std::uint8_t> ? numbers_.between(0, 255) : 100.0 * numbers_.real();
        });
        const auto shift = numbers_.make<double>(1 + n, [&] { return small(); });
        auto sum = numbers_.make<double>(n + kBehind, [&] { return small(); });
        auto expected = sum;
        tested.add(row.data() + 1, shift.data() + 1, 0.7, n, sum.data());
        plain.add(row.data() + 1, shift.data() + 1, 0.7, n, expected.data());
        expect(same(sum, expected), names.add);
        expect(tested.squared_distance(row.data() + 1, shift.data() + 1, n) ==
                   plain.squared_distance(row.data() + 1, shift.data() + 1, n),
               names.squared_distance);
        std::vector<float> narrow(n + kBehind, 7.0F);
        auto expected_narrow = narrow;
        tested.to_float32(row.data() + 1, shift.data() + 1, n, narrow.data());
        plain.to_float32(row.data() + 1, shift.data() + 1, n, expected_narrow.data());
        expect(same(narrow, expected_narrow), names.to_float32);
    }

    const Kernels& tested_;
    const Kernels& plain_ = kScalarKernels;
    const char* disagreement_ = nullptr;
    Numbers numbers_;
};

}  // namespace

const char* find_disagreement(const Kernels& kernels) { return SelfCheck(kernels).run(); }

}  // namespace inkmeans
