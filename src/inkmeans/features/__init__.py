"""What k-means sees: pixels of the normalized glyph, the directions of its strokes, or its patches through filters."""

from inkmeans.features._directions import N_DIRECTION_FEATURES, direction_features
from inkmeans.features._patches import patch_features

__all__ = ["N_DIRECTION_FEATURES", "direction_features", "patch_features"]
