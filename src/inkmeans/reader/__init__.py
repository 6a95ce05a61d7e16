"""One glyph to names with probabilities: nearest named centers, calibrated, with reject; and the model file."""

from inkmeans.reader._answers import REJECTED, Explanation, Nearest
from inkmeans.reader._centers import NamedCenters
from inkmeans.reader._model_file import SHIPPED, load
from inkmeans.reader._read import read
from inkmeans.reader._reader import Reader

__all__ = ["REJECTED", "SHIPPED", "Explanation", "NamedCenters", "Nearest", "Reader", "load", "read"]
