"""How a reader learns: the settings that the model file keeps, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from numbers import Real
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from inkmeans.checks import MAX_SEED, check_whole
from inkmeans.errors import InputError
from inkmeans.reader._points import KINDS, FeatureKind

Quality = Literal["fast", "best"]

MAX_CENTERS: dict[Quality, int] = {"fast": 400, "best": 800}
"""Centers for each class, at most."""
_MAX_ALL_CENTERS = 8_000  # for all classes; the time grows with the square of these, and the memory
_GLYPHS_PER_CENTER: dict[FeatureKind, int] = {"patches": 3, "pixels": 15}  # where centers_per_name is not given


@dataclass(frozen=True)
class Settings:
    """How to learn; see `Reader`."""

    quality: Quality = "fast"
    features: FeatureKind = "patches"
    centers_per_name: int | None = None
    max_error: float = 0.005
    random_state: int = 0


def check_settings(settings: Settings) -> Settings:
    """Return the settings with NumPy's numbers as Python's; InputError where one cannot be used."""
    if settings.quality not in list(MAX_CENTERS):
        raise InputError(f"quality '{settings.quality}' is unknown; choose 'fast' or 'best'.")
    if settings.features not in KINDS:
        raise InputError(f"features '{settings.features}' is unknown; choose 'patches' or 'pixels'.")
    centers = settings.centers_per_name
    if centers is not None:
        centers = check_whole("centers_per_name", centers, least=1, note=", or None")
    max_error = check_max_error(settings.max_error)
    seed = check_whole("random_state", settings.random_state, least=0, most=MAX_SEED)
    return replace(settings, centers_per_name=centers, max_error=max_error, random_state=seed)


def check_max_error(max_error: float) -> float:
    """Return the wanted share of errors as a float; InputError if it is no number above 0 and at most 1."""
    if isinstance(max_error, Real) and not isinstance(max_error, bool) and 0.0 < max_error <= 1.0:
        return float(max_error)
    raise InputError(f"max_error must be a number above 0 and at most 1; got {max_error!r}.")


def n_centers_for(counts: NDArray[np.integer], settings: Settings) -> NDArray[np.intp]:
    """Return how many centers each class gets that has so many glyphs."""
    most, each = MAX_CENTERS[settings.quality], _GLYPHS_PER_CENTER[settings.features]
    if settings.features == "patches":
        most = max(1, min(most, _MAX_ALL_CENTERS // max(int(np.count_nonzero(counts)), 1)))
    wanted = settings.centers_per_name or np.clip(counts // each, 1, most)
    return np.minimum(wanted, counts).astype(np.intp)
