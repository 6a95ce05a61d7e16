"""All figures at once are those that their own functions give."""

from dataclasses import asdict

from inkmeans import evaluate
from inkmeans.records import GlyphReading

TRUTHS, LABELS, MIDDLES = ["1", "1", "7", "7", "7"], [0, 0, 0, 1, 1], [0, 3]
BOX = (0, 0, 28, 28)


def test_the_scores_of_a_clustering_are_those_of_their_functions() -> None:
    scores = asdict(evaluate.clustering_scores(TRUTHS, LABELS, MIDDLES))
    assert scores.pop("named_by_middle") == evaluate.named_accuracy(TRUTHS, LABELS, MIDDLES) == 0.8
    assert scores == {name: getattr(evaluate, name)(TRUTHS, LABELS) for name in scores}


def test_readings_are_scored_with_and_without_reject() -> None:
    sure = GlyphReading("1", 0.9, BOX, (("1", 0.9), ("7", 0.1)))
    unsure = GlyphReading("?", 0.5, BOX, (("7", 0.5), ("1", 0.4)))
    blank = GlyphReading("?", 0.0, BOX)
    scores = evaluate.reading_scores(["1", "7", "7"], [sure, unsure, blank])
    assert (scores.read.accuracy, scores.likeliest.accuracy) == (1 / 3, 2 / 3)
    assert scores.likeliest.rejected.tolist() == [0, 1]
