"""The one normalizer: an image of any size, polarity and ink scale to the glyph that the model sees.

Training, upload, the drawing page and the API all call `normalize`; its constants, `NORMALIZER`, stand in every model
file and project file.
"""

from inkmeans.normalize._normalize import VERDICTS, Normalized, Verdict, normalize
from inkmeans.normalize._settings import NORMALIZER
from inkmeans.records import GLYPH_SIZE

__all__ = ["GLYPH_SIZE", "NORMALIZER", "VERDICTS", "Normalized", "Verdict", "normalize"]
