"""GlyphClustering: images of characters to clusters of one character each; choose_k: how many to name."""

from inkmeans.cluster._choose_k import FEW_GLYPHS, ClusterNumbers, choose_k
from inkmeans.cluster._cut import Partition, cut
from inkmeans.cluster._embedding import Embedding, embed
from inkmeans.cluster._expected_accuracy import AccuracyEstimate, Expected
from inkmeans.cluster._glyph_clustering import GlyphClustering

__all__ = [
    "FEW_GLYPHS",
    "AccuracyEstimate",
    "ClusterNumbers",
    "Embedding",
    "Expected",
    "GlyphClustering",
    "Partition",
    "choose_k",
    "cut",
    "embed",
]
