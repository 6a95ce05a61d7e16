// The operations of k-means on rows of bytes, float32 or float64. X: n_samples x n_features, row-major. All results are
// the same bytes for any number of threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <vector>

namespace inkmeans {

struct Shape {
    std::size_t n_samples;
    std::size_t n_features;
    std::size_t n_clusters;
};

// mean (out, n_features): of each column. Returns the mean of the columns' variances.
template <typename Value>
double mean_and_variance(const Value* X, std::size_t n_samples, std::size_t n_features, int n_threads, double* mean);

// labels (out): the nearest center of each row, as float64 arithmetic on the given numbers finds it; the lowest index
// on a tie. shift: n_features values near the mean of X, taken off rows and centers alike; it keeps float32 precise
// and leaves every distance as it is. Bytes need none.
template <typename Value>
void assign(const Value* X, const double* centers, Shape shape, const double* shift, std::int32_t* labels,
            int n_threads);

template <typename Value>
class HamerlyBounds;
template <typename Value>
class ElkanBounds;

// The same for centers that move a little from one assignment to the next: bounds on the distances of each row prune
// rows and centers. The labels are the same without bounds. X must outlive it.
template <typename Value>
class Assigner {
   public:
    Assigner(const Value* X, Shape shape, const double* shift, bool keeps_bounds, int n_threads);
    ~Assigner();

    // labels: those of the last assignment in, those of this one out. Returns how many changed.
    std::size_t assign(const double* centers, std::int32_t* labels);

    const Shape& shape() const { return shape_; }

   private:
    struct Assignment;

    std::vector<double> center_moves(const double* centers) const;
    bool label_in_float64(std::size_t i, const Assignment& work, std::int32_t* labels) const;
    std::size_t assign_all(const Assignment& work, std::int32_t* labels) const;
    std::size_t assign_block(std::size_t first, std::size_t last, const Assignment& work, std::int32_t* labels) const;

    const Value* X_;
    Shape shape_;
    std::vector<double> shift_;
    int n_threads_;
    bool has_bounds_ = false;     // from the last assignment
    bool stores_bounds_ = false;  // whether not most labels changed then
    bool prunes_ = false;         // whether few did
    bool quantizes_ = false;      // whether products are of int16: see FloatScores
    float largest_norm_ = 0.0F;
    std::vector<float> norms_;                       // of the shifted rows, rounded up
    std::vector<double> centers_;                    // of the last assignment
    std::unique_ptr<HamerlyBounds<Value>> hamerly_;  // for few centers
    std::unique_ptr<ElkanBounds<Value>> elkan_;      // or for many
};

class QuantizedRows;

// The candidates of greedy k-means++: by how much each would lower the potential, the sum of the squared distances to
// the nearest center. X must outlive it.
template <typename Value>
class Seeder {
   public:
    // directions (n_directions x n_features): a few in which the rows vary most, such as principal components; any will
    // do, and none. Distances between projections onto them prune most pairs of row and candidate.
    Seeder(const Value* X, std::size_t n_samples, std::size_t n_features, const double* shift, const double* directions,
           std::size_t n_directions, int n_threads);
    ~Seeder();

    // candidates: the indices of n_candidates rows. gains (out): by how much each would lower the (weighted) potential;
    // 0 as long as there is no center. weights may be null.
    void try_out(const std::int64_t* candidates, std::size_t n_candidates, const double* weights, double* gains);

    // Makes a center of one of the candidates that were tried out last.
    void take(std::size_t candidate);

    // The squared distance of each row to its nearest center, as float64 arithmetic finds it; infinite before the
    // first.
    const std::vector<double>& closest() const { return closest_; }

   private:
    // A row that lies nearer to a candidate than to its center, and the squared distance.
    struct Nearer {
        std::uint32_t row;  // in its block
        std::uint32_t candidate;
        double distance;
    };

    const Value* X_;
    std::size_t n_samples_;
    std::size_t n_features_;
    std::vector<double> shift_;
    int n_threads_;
    float largest_norm_;
    std::vector<float> norms_;
    std::vector<double> squares_;  // the squared norms of rows of bytes, exact
    std::vector<double> closest_;
    std::unique_ptr<const QuantizedRows> quantized_;
    std::vector<std::int32_t> thresholds_;     // of each row: see QuantizedRows
    std::vector<std::vector<Nearer>> nearer_;  // of each block, from the last candidates
};

// The sum of the weighted rows of each cluster, less shift, and of the weights, for labels that change a little from
// one call to the next. weights may be null: each row counts once. Rows are added in order. X must outlive it.
template <typename Value>
class ClusterSums {
   public:
    ClusterSums(const Value* X, Shape shape, const double* weights, const double* shift, int n_threads);

    // sums (out, n_clusters x n_features), weight_sums (out, n_clusters).
    void update(const std::int32_t* labels, double* sums, double* weight_sums);

    const Shape& shape() const { return shape_; }

   private:
    // Sums of integers are exact in any order, so a row can be moved from one sum to another.
    using Integer = std::conditional_t<std::is_same_v<Value, std::uint8_t>, std::int32_t, std::int64_t>;

    bool choose_scales();
    void add_all(const std::int32_t* labels, double* sums);
    void find_changed(const std::int32_t* labels);
    void move_changed(const std::int32_t* labels);

    const Value* X_;
    Shape shape_;
    const double* weights_;
    std::vector<double> shift_;
    int n_threads_;
    std::vector<double> scales_;          // of the integers of each column: powers of two
    std::vector<Integer> exact_sums_;     // n_clusters x n_features; empty where sums are float64
    std::vector<std::int32_t> labels_;    // of the last call; -1 before
    std::vector<std::size_t> counts_;     // of the rows of each cluster then
    std::vector<std::uint32_t> changed_;  // rows whose label is another now
};

// centers: in the last ones, out the mean of each cluster's rows, sums / weight_sums + shift, rounded to float32 if
// asked; a cluster whose weights sum to 0 keeps its center. Returns the sum of the squared distances that the centers
// moved.
double move_centers(const double* sums, const double* weight_sums, const double* shift, Shape shape, bool to_float32,
                    double* centers);

// distances (out, n_samples x n_clusters): squared, float64, from differences and so exact to the last few bits.
template <typename Value>
void squared_distances(const Value* X, const double* centers, Shape shape, double* distances, int n_threads);

// distances (out, n_samples): squared, of each row to the center that its label names.
template <typename Value>
void distances_to_own(const Value* X, const double* centers, const std::int32_t* labels, Shape shape, double* distances,
                      int n_threads);

}  // namespace inkmeans
