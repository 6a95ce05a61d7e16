"""Pictures of ink for people: centers, contact sheets, readings and the report.

Pure functions from arrays to a `PIL.Image.Image` (or to text, or HTML); nothing here writes a file, and the same input
gives the same pixels everywhere, because the fonts ship and are laid out without HarfBuzz. Pictures look like the page,
on white; the highlighter marks doubt and nothing else. Colors, fonts and the shape of a grid serve `inkmeans.plot` too.
"""

from inkmeans.pictures._blocks import blocks
from inkmeans.pictures._centers import centers_picture, columns_for
from inkmeans.pictures._normalized import normalized_picture
from inkmeans.pictures._plate import plate
from inkmeans.pictures._reading import reading_picture
from inkmeans.pictures._report import report
from inkmeans.pictures._report_data import ClusterEntry, Figure, MistakeEntry, ReadingEntry, ReportData
from inkmeans.pictures._sheet import contact_sheet
from inkmeans.pictures._text import FONTS, count_of
from inkmeans.pictures._tiles import ACCENT, EDGE, INK, LINE, MUTED, PAPER, as_tiles, ink_levels

__all__ = [
    "blocks",
    "centers_picture",
    "contact_sheet",
    "normalized_picture",
    "plate",
    "reading_picture",
    "report",
    "ReportData",
    "Figure",
    "ClusterEntry",
    "ReadingEntry",
    "MistakeEntry",
    "ACCENT",
    "EDGE",
    "FONTS",
    "INK",
    "LINE",
    "MUTED",
    "PAPER",
    "as_tiles",
    "columns_for",
    "count_of",
    "ink_levels",
]
