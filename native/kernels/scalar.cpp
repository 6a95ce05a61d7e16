// The plain kernels: what the others must agree with. Built for the baseline, they run on any machine.
#include "inkmeans/kernels.hpp"

namespace inkmeans {
namespace {

void dot_f32(const float* rows, std::size_t stride, int n_rows, const float* panel, std::size_t n, float* dots) {
    for (int r = 0; r < n_rows; ++r) {
        const float* row = rows + static_cast<std::size_t>(r) * stride;
        for (std::size_t j = 0; j < n; ++j) {
            for (std::size_t l = 0; l < kPanel; ++l) dots[r * kPanel + l] += row[j] * panel[j * kPanel + l];
        }
    }
}

void keep_lowest_f32(const float* dots, int n_rows, const float* norms, std::int32_t first_center, RowState* states) {
    for (int r = 0; r < n_rows; ++r) {
        RowState& state = states[r];
        for (int l = 0; l < kPanel; ++l) {
            const float score = norms[l] - 2.0F * dots[r * kPanel + l];
            if (score < state.best[l]) {
                state.second[l] = state.best[l];
                state.best[l] = score;
                state.index[l] = first_center + l;
            } else if (score < state.second[l]) {
                state.second[l] = score;
            }
        }
    }
}

template <typename Value>
void add(const Value* row, const double* shift, double weight, std::size_t n, double* sum) {
    for (std::size_t j = 0; j < n; ++j) sum[j] += weight * (static_cast<double>(row[j]) - shift[j]);
}

template <typename Value>
double squared_distance(const Value* row, const double* center, std::size_t n) {
    double lanes[8] = {};
    for (std::size_t j = 0; j < n; ++j) {
        const double difference = static_cast<double>(row[j]) - center[j];
        lanes[j % 8] += difference * difference;
    }
    for (std::size_t l = 0; l < 4; ++l) lanes[l] += lanes[l + 4];
    return (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]);
}

template <typename Value>
double to_float32(const Value* row, const double* shift, std::size_t n, float* target) {
    double squares = 0.0;
    for (std::size_t j = 0; j < n; ++j) {
        target[j] = static_cast<float>(static_cast<double>(row[j]) - shift[j]);
        squares += static_cast<double>(target[j]) * target[j];
    }
    return squares;
}

template <typename Value>
constexpr RowKernels<Value> kRow = {add<Value>, squared_distance<Value>, to_float32<Value>};

}  // namespace

const Kernels kScalarKernels = {"scalar", dot_f32, keep_lowest_f32, kRow<std::uint8_t>, kRow<float>, kRow<double>};

}  // namespace inkmeans
