"""The lesson and the demo: what the page and the command line show of k-means on scikit-learn's digits."""

from inkmeans.lesson._demo import DEMO_PROJECT, run_demo
from inkmeans.lesson._models import COPIED_NAMES, FEW_CLUSTERS, MANY_CLUSTERS, SEED, DigitClusters
from inkmeans.lesson._pad import PAD_INK, pad_numbers
from inkmeans.lesson._ways import STAGES, DrawingWays, Ways

__all__ = [
    "COPIED_NAMES",
    "DEMO_PROJECT",
    "FEW_CLUSTERS",
    "MANY_CLUSTERS",
    "PAD_INK",
    "SEED",
    "STAGES",
    "DigitClusters",
    "DrawingWays",
    "Ways",
    "pad_numbers",
    "run_demo",
]
