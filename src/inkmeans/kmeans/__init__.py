"""k-means: seeding, Lloyd's iterations over native kernels, and the estimator with scikit-learn's interface."""

from inkmeans.kmeans._kernels import nearest_centers
from inkmeans.kmeans._kmeans import KMeans
from inkmeans.kmeans._lloyd import Iteration
from inkmeans.kmeans._seeding import kmeans_plusplus

__all__ = ["Iteration", "KMeans", "kmeans_plusplus", "nearest_centers"]
