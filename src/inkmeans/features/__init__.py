"""What k-means sees: pixels of the normalized glyph, or the directions of its strokes."""

from inkmeans.features._directions import N_DIRECTION_FEATURES, direction_features

__all__ = ["N_DIRECTION_FEATURES", "direction_features"]
