"""One glyph to names with probabilities, calibrated, with reject; a page of glyphs to text; and the model file.

Two classifiers: a mixture of named centers, and an RBF classifier on k-means centers.
"""

from inkmeans.reader._centers import ClassCenters
from inkmeans.reader._explain_glyphs import explain_glyphs
from inkmeans.reader._model_file import SHIPPED
from inkmeans.reader._read import load, read
from inkmeans.reader._reader import Reader
from inkmeans.reader._readings import Explanation, Nearest

__all__ = ["SHIPPED", "ClassCenters", "Explanation", "Nearest", "Reader", "explain_glyphs", "load", "read"]
