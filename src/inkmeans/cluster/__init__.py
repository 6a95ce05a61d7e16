"""k-means, our own: seeding, the iterations, and the estimator that puts them behind scikit-learn's interface.

Also the exact nearest neighbors of rows, and GlyphClustering: images of characters to clusters of one character each.
"""

from inkmeans.cluster._components import in_components
from inkmeans.cluster._glyph_clustering import GlyphClustering
from inkmeans.cluster._kmeans import KMeans
from inkmeans.cluster._lloyd import Iteration
from inkmeans.cluster._neighbors import nearest_neighbors
from inkmeans.cluster._seeding import kmeans_plusplus

__all__ = ["GlyphClustering", "Iteration", "KMeans", "in_components", "kmeans_plusplus", "nearest_neighbors"]
