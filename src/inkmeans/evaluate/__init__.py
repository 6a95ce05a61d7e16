"""How good a clustering or a reading is, as numbers; nothing is shown or written here."""

from inkmeans.evaluate._calibration_error import expected_calibration_error
from inkmeans.evaluate._clusterings import (
    adjusted_rand,
    clustering_accuracy,
    named_accuracy,
    normalized_mutual_info,
    purity,
)
from inkmeans.evaluate._confusion import Confusion, confusion_matrix
from inkmeans.evaluate._interval import wilson_interval
from inkmeans.evaluate._scores import ClusteringScores, ReadingScores, clustering_scores, reading_scores

__all__ = [
    "clustering_accuracy",
    "named_accuracy",
    "normalized_mutual_info",
    "adjusted_rand",
    "purity",
    "ClusteringScores",
    "clustering_scores",
    "ReadingScores",
    "reading_scores",
    "Confusion",
    "confusion_matrix",
    "expected_calibration_error",
    "wilson_interval",
]
