"""Names of single glyphs: the truths that a person gives, and what they and the clusters' names are propagated to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkmeans.checks import check_whole
from inkmeans.errors import InputError, ProjectError
from inkmeans.names import clean_name
from inkmeans.naming._arrays import pack, unpack
from inkmeans.naming._clusters import CLUSTERED
from inkmeans.naming._steps import Step

NO_NAME = -1


@dataclass(frozen=True, eq=False)
class Propagation:
    """The outcome of one "propagate" step.

    Attributes
    ----------
    step : int
        The step's number.
    truths : dict
        The names that were given to single glyphs by then, by index.
    names : list of str
    numbers : int32 of shape (n_glyphs,)
        Which of `names` each glyph was given; -1 for none.
    confidences : float32 of shape (n_glyphs,)
    """

    step: int
    truths: dict[int, str]
    names: list[str]
    numbers: NDArray[np.int32]
    confidences: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class LikelyNames:
    """The names that there are, the likeliest of them for each glyph (-1: none reaches it), and how sure that is."""

    names: list[str]
    numbers: NDArray[np.int32]
    confidences: NDArray[np.float32]


def likely_names(given: list[str | None], labels: NDArray[np.int32], graph: Callable[[], Any]) -> LikelyNames:
    """Propagate the names given to glyphs to the others that are in a cluster.

    `graph` gives the graph of neighbors among what is in a cluster; it is not asked for where there is no name.
    """
    from inkmeans.graph import propagate_labels

    names = sorted({name for name in given if name is not None})
    numbers = np.full(len(given), NO_NAME, dtype=np.int32)
    confidences = np.zeros(len(given), dtype=np.float32)
    if names:
        place = {name: number for number, name in enumerate(names)}
        known = np.array([NO_NAME if name is None else place[name] for name in given], dtype=np.int32)
        clustered = labels >= 0
        numbers[clustered], confidences[clustered] = propagate_labels(graph(), known[clustered], len(names))
    return LikelyNames(names, numbers, confidences)


def checked_confidence(least_confidence: object) -> float:
    """Return `least_confidence`, if it is a number from 0 to 1; InputError if not."""
    is_number = isinstance(least_confidence, Real) and not isinstance(least_confidence, bool)
    if not is_number or not 0.0 <= least_confidence <= 1.0:  # type: ignore[operator]
        raise InputError(f"least_confidence must be a number from 0 to 1; got {least_confidence!r}.")
    return float(least_confidence)  # type: ignore[arg-type]


def checked_truths(truths: Mapping[int, str], verdicts: Sequence[str]) -> dict[int, str]:
    """Return the truths by index, if each is a name for a glyph that shows a character.

    Raises
    ------
    InputError
    """
    checked = {}
    for index, name in truths.items():
        number = check_whole("The index of a truth", index, least=0)
        if number >= len(verdicts):
            raise InputError(f"The index of a truth must be below {len(verdicts)}, the number of glyphs; got {number}.")
        if verdicts[number] != CLUSTERED:
            raise InputError(f"Glyph {number} shows no character ({verdicts[number]}), so it can have no truth.")
        checked[number] = clean_name(name, f"truths[{number}]")
    return checked


def encode_propagation(
    found: LikelyNames, truths: Mapping[int, str], in_unnamed: NDArray[np.bool_], least_confidence: float
) -> tuple[dict[str, Any], bytes]:
    """Return the detail and the packed arrays of a new "propagate" step.

    Names below `least_confidence` are left out. `in_unnamed` tells which glyphs are in a cluster without a name: those
    of them that get a name, and are no truths, are counted.
    """
    sure = (found.confidences >= least_confidence) & (found.confidences > 0.0)
    numbers = np.where(sure, found.numbers, np.int32(NO_NAME))
    counted = in_unnamed & (numbers != NO_NAME)
    counted[list(truths)] = False
    layout, arrays = pack({"numbers": numbers, "confidences": found.confidences})
    detail = {
        "truths": {str(index): name for index, name in sorted(truths.items())},
        "least_confidence": least_confidence,
        "names": found.names,
        "n_named": int(counted.sum()),
        "arrays": layout,
    }
    return detail, arrays


def decode_propagation(step: Step, data: bytes, n_glyphs: int, where: str) -> Propagation:
    """Return the propagation whose arrays are `data`.

    Raises
    ------
    ProjectError
        The arrays are damaged or do not fit the glyphs.
    """
    truths: dict[int, str] = {int(index): name for index, name in step.detail["truths"].items()}
    names: list[str] = step.detail["names"]
    try:
        arrays = unpack(step.detail.get("arrays"), data)
        numbers = _one_each(arrays.get("numbers"), "i", "name", n_glyphs)
        confidences = _one_each(arrays.get("confidences"), "f", "confidence", n_glyphs)
        if numbers.min(initial=0) < NO_NAME or numbers.max(initial=NO_NAME) >= len(names):
            raise ValueError(f"its names are not all in -1..{len(names) - 1}")
        if not ((confidences >= 0) & (confidences <= 1)).all():
            raise ValueError("its confidences are not all in 0..1")
        if any(index >= n_glyphs for index in truths):
            raise ValueError(f"it names a glyph that is not in 0..{n_glyphs - 1}")
    except ValueError as error:
        raise ProjectError(
            f"{where} is damaged: in step {step.number} {error}; restore the file from a copy."
        ) from error
    return Propagation(step.number, truths, names, numbers.astype(np.int32), confidences.astype(np.float32))


def _one_each(array: NDArray[Any] | None, kind: str, what: str, n_glyphs: int) -> NDArray[Any]:
    if array is None or array.shape != (n_glyphs,) or array.dtype.kind != kind:
        raise ValueError(f"there is not one {what} for each of the {n_glyphs} glyphs")
    return array
