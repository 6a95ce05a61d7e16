"""The lesson and the demo: what the page and the command line show of k-means on images of handwriting."""

from inkmeans.lesson._class_drawings import ClassDrawing, DrawingState, NotTakenError
from inkmeans.lesson._class_phones import DIGITS
from inkmeans.lesson._class_records import GlyphReader, News, ReadBy, Told
from inkmeans.lesson._class_room import MOST_DRAWINGS, ClassRoom
from inkmeans.lesson._clusterings import Clustering, Clusterings, Named
from inkmeans.lesson._demo import DEMO_PROJECT, run_demo
from inkmeans.lesson._documents import (
    clustering_document,
    glyphs_document,
    number_document,
    run_centers_document,
    run_document,
    set_document,
    trace_document,
    truths_document,
)
from inkmeans.lesson._groupings import By, Grouping, TriedGrouping, suggested_number
from inkmeans.lesson._library import LearnSets
from inkmeans.lesson._models import COPIED_NAMES, FEW_CLUSTERS, MANY_CLUSTERS, SEED, DigitClusters
from inkmeans.lesson._pad import PAD_INK, pad_canvas, pad_numbers
from inkmeans.lesson._prepare import box_canvas
from inkmeans.lesson._recording import fill_page, record
from inkmeans.lesson._runs import MAX_RUNS, NamedRun, Run, RunStart, name_run
from inkmeans.lesson._sets import Kind, LearnGlyphs, LearnSet, Pixels, as_text
from inkmeans.lesson._starts import MAX_CLUSTERS, Start
from inkmeans.lesson._traces import Abandoned, End, HalfStep, Trace, trace
from inkmeans.lesson._ways import STAGES, DrawingWays, Ways

__all__ = [
    "COPIED_NAMES",
    "DEMO_PROJECT",
    "DIGITS",
    "FEW_CLUSTERS",
    "MANY_CLUSTERS",
    "MAX_CLUSTERS",
    "MAX_RUNS",
    "MOST_DRAWINGS",
    "PAD_INK",
    "SEED",
    "STAGES",
    "Abandoned",
    "By",
    "Clustering",
    "Clusterings",
    "ClassDrawing",
    "ClassRoom",
    "DigitClusters",
    "DrawingState",
    "DrawingWays",
    "End",
    "Grouping",
    "GlyphReader",
    "HalfStep",
    "Kind",
    "LearnGlyphs",
    "LearnSet",
    "LearnSets",
    "Named",
    "NamedRun",
    "Pixels",
    "Run",
    "RunStart",
    "News",
    "NotTakenError",
    "ReadBy",
    "Start",
    "Told",
    "Trace",
    "TriedGrouping",
    "Ways",
    "as_text",
    "box_canvas",
    "clustering_document",
    "fill_page",
    "glyphs_document",
    "name_run",
    "number_document",
    "pad_canvas",
    "pad_numbers",
    "record",
    "run_centers_document",
    "run_demo",
    "run_document",
    "set_document",
    "suggested_number",
    "trace",
    "trace_document",
    "truths_document",
]
