"""GlyphClustering: images of characters to clusters of one character each; choose_k: how many to name."""

from inkmeans.cluster._choose_k import (
    EMBED_SHARE,
    FEW_GLYPHS,
    ClusterNumbers,
    TriedNumber,
    choose_k,
    sampled_silhouette,
    suggested_number,
    try_number,
)
from inkmeans.cluster._cut import Partition, cut
from inkmeans.cluster._embedding import Embedding, embed
from inkmeans.cluster._expected_accuracy import AccuracyEstimate, Expected
from inkmeans.cluster._glyph_clustering import GlyphClustering

__all__ = [
    "EMBED_SHARE",
    "FEW_GLYPHS",
    "AccuracyEstimate",
    "ClusterNumbers",
    "Embedding",
    "Expected",
    "GlyphClustering",
    "Partition",
    "TriedNumber",
    "choose_k",
    "cut",
    "embed",
    "sampled_silhouette",
    "suggested_number",
    "try_number",
]
