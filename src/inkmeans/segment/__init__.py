"""Paper to ink, and a picture to lines of glyphs in reading order; no reader is ever asked.

``find_ink`` subtracts the background, its uneven illumination and its noise, and leaves ink bright on 0;
``find_glyphs`` cuts that ink into one image a character. What this stage reads is one or more characters that stand
apart on a plain background.
"""

from inkmeans.segment._ink import find_ink
from inkmeans.segment._page import find_glyphs

__all__ = ["find_ink", "find_glyphs"]
