"""Sets and traces as what JSON can say; arrays are little-endian, in base64."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkmeans.lesson._clusterings import Clustering
from inkmeans.lesson._groupings import TriedGrouping
from inkmeans.lesson._runs import NamedRun, Run
from inkmeans.lesson._sets import LearnGlyphs, LearnSet, Pixels
from inkmeans.lesson._starts import Start
from inkmeans.lesson._traces import HalfStep, Trace

Document = dict[str, Any]


def set_document(learn_set: LearnSet) -> Document:
    """Return what a set is."""
    return {
        "set": learn_set.set,
        "title": learn_set.title,
        "kind": learn_set.kind,
        "n_glyphs": learn_set.n_glyphs,
        "pixels": list(learn_set.pixels),
        "has_truths": learn_set.has_truths,
    }


def glyphs_document(learn_set: LearnSet, pixels: Pixels, glyphs: LearnGlyphs) -> Document:
    """Return the marks of a set: int32 `rows`, uint8 `pictures`, float32 `positions`."""
    n_glyphs, height, width = glyphs.images.shape
    return {
        "set": learn_set.set,
        "title": learn_set.title,
        "pixels": pixels,
        "n_glyphs": n_glyphs,
        "n_marks": len(glyphs.marks),
        "height": height,
        "width": width,
        "ink_max": glyphs.ink_max,
        "rows": _text(glyphs.marks, "<i4"),
        "pictures": _text(glyphs.images[glyphs.marks], "u1"),
        "positions": _text(glyphs.positions, "<f4"),
        "explained": list(glyphs.plane.explained),
    }


def truths_document(learn_set: LearnSet, truths: Sequence[str]) -> Document:
    """Return what the marks of a set show."""
    return {"set": learn_set.set, "truths": list(truths)}


def trace_document(learn_set: LearnSet, pixels: Pixels, start: Start, seed: int, trace: Trace) -> Document:
    """Return a trace: uint8 `labels`, uint16 `centers`, float32 `positions`."""
    return {
        "set": learn_set.set,
        "pixels": pixels,
        "k": len(trace.initial_rows),
        "start": start,
        "seed": seed,
        "initial_rows": trace.initial_rows.tolist(),
        "n_iter": trace.n_iter,
        "end": trace.end,
        "steps": [_step_document(step) for step in trace.steps],
        "labels": _text(trace.labels, "u1"),
        "centers": _text(trace.centers, "<u2"),
        "centers_scale": trace.centers_scale,
        "positions": _text(trace.positions, "<f4"),
    }


def run_document(run: Run, named: NamedRun | None) -> Document:
    """Return how a run ended."""
    return {
        "start": run.start,
        "seed": run.seed,
        "n_iter": run.n_iter,
        "inertia": run.inertia,
        "accuracy": None if named is None else named.accuracy,
    }


def run_centers_document(run: Run, named: NamedRun | None, glyphs: LearnGlyphs) -> Document:
    """Return the centers that a run ended with: uint8 `centers`, full ink 255."""
    _, height, width = glyphs.images.shape
    return {
        "start": run.start,
        "seed": run.seed,
        "inertia": run.inertia,
        "height": height,
        "width": width,
        "counts": run.counts.tolist(),
        "names": None if named is None else list(named.names),
        "centers": _text(np.rint(run.centers * (255.0 / glyphs.ink_max)), "u1"),
    }


def number_document(tried: TriedGrouping, truths: NDArray[np.str_] | None) -> Document:
    """Return what is known of a number of clusters; the true accuracy only with truths."""
    grouping, expected = tried.grouping, tried.expected
    return {
        "k": grouping.n_clusters,
        "inertia": grouping.inertia,
        "silhouette": None if np.isnan(grouping.silhouette) else grouping.silhouette,
        "accuracy": expected.accuracy,
        "low": expected.low,
        "high": expected.high,
        "true_accuracy": None if truths is None else grouping.true_accuracy(truths),
    }


def clustering_document(clustering: Clustering, likely: Sequence[str | None]) -> Document:
    """Return clusters to be named: uint8 `picture` and `middle`, full ink 255."""
    _, height, width = clustering.glyphs.images.shape
    clusters = zip(clustering.grouping.counts.tolist(), clustering.centers, clustering.middles, likely, strict=True)
    return {
        "clustering": clustering.id,
        "set": clustering.learn_set.set,
        "by": clustering.by,
        "k": clustering.k,
        "height": height,
        "width": width,
        "clusters": [
            {
                "cluster": cluster,
                "count": count,
                "picture": _text(center, "u1"),
                "middle": _text(middle, "u1"),
                "likely": name,
            }
            for cluster, (count, center, middle, name) in enumerate(clusters)
        ],
    }


def _step_document(step: HalfStep) -> Document:
    return {
        "half": step.half,
        "n_iter": step.n_iter,
        "inertia": step.inertia,
        "n_changed": step.n_changed,
        "counts": step.counts.tolist(),
        "came": step.came.tolist(),
        "went": step.went.tolist(),
        "moved": step.moved.round(4).tolist(),  # a ten-thousandth of a pixel value is not seen
        "relocated": [{"cluster": cluster, "row": row} for cluster, row in step.relocated],
        "labeling": step.labeling,
        "centering": step.centering,
    }


def _text(array: NDArray[Any], dtype: str) -> str:
    return base64.b64encode(np.ascontiguousarray(array, dtype=dtype).tobytes()).decode("ascii")
