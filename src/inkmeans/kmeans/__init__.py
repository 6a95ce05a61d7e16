"""k-means: seeding, Lloyd's iterations over native kernels, and the estimator with scikit-learn's interface."""

from inkmeans.kmeans._half_steps import Iteration
from inkmeans.kmeans._kernels import distances_to_own, nearest_centers, squared_distances
from inkmeans.kmeans._kmeans import KMeans
from inkmeans.kmeans._lloyd import Fit, Interrupted
from inkmeans.kmeans._runs import k_means
from inkmeans.kmeans._seeding import kmeans_plusplus

__all__ = [
    "Fit",
    "Interrupted",
    "Iteration",
    "KMeans",
    "distances_to_own",
    "k_means",
    "kmeans_plusplus",
    "nearest_centers",
    "squared_distances",
]
