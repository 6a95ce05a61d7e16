"""k-means, our own: seeding, the iterations, and the estimator that puts them behind scikit-learn's interface.

Also the exact nearest neighbors of rows; GlyphClustering: images of characters to clusters of one character each; and
choose_k: how many clusters are worth naming; spread_names: names along the graph of neighbors.
"""

from inkmeans.cluster._choose_k import FEW_GLYPHS, ClusterNumbers, choose_k
from inkmeans.cluster._components import in_components
from inkmeans.cluster._expected_accuracy import AccuracyEstimate, Expected
from inkmeans.cluster._glyph_clustering import GlyphClustering
from inkmeans.cluster._kmeans import KMeans
from inkmeans.cluster._lloyd import Iteration
from inkmeans.cluster._neighbors import nearest_neighbors
from inkmeans.cluster._seeding import kmeans_plusplus
from inkmeans.cluster._spreading import spread_names

__all__ = [
    "FEW_GLYPHS",
    "AccuracyEstimate",
    "ClusterNumbers",
    "Expected",
    "GlyphClustering",
    "Iteration",
    "KMeans",
    "choose_k",
    "in_components",
    "kmeans_plusplus",
    "nearest_neighbors",
    "spread_names",
]
