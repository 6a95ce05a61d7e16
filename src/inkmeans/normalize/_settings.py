"""The constants of the normalizer: one place, recorded in every model file and project file."""

from typing import Any

from inkmeans.records import GLYPH_SIZE

NORMALIZER: dict[str, Any] = {
    "version": 1,
    "size": GLYPH_SIZE,
    "box": 20.0,  # pixels: the longer side of the ink's box in the glyph, as in MNIST
    "edge_level": 0.4,  # where the ink's edge lies, as a fraction of full ink
    "max_slant": 0.8,  # largest shear that is undone, in pixels per row: 39 degrees
    "min_contrast": 0.08,  # ink fainter than this part of the scale is no ink
}
"""What the normalizer does, as numbers. A reader or project made with other numbers is refused, not misread."""
