"""Model files of version 2, in the words of version 3: the one place that knows the old header keys and arrays."""

from __future__ import annotations

from typing import Any

from inkmeans.reader._settings import Settings

VERSION_2 = 2
_KEYS = {"names": "classes", "step": "scale", "width": "bandwidth", "doubt": "smoothing"}
_ARRAYS = {"center_names": "center_classes", "gallery_names": "gallery_classes"}
_VIEWS_OF_BEST = 5


def header_of_version_2(header: dict[str, Any]) -> dict[str, Any]:
    """Return a header of version 2 as one of version 3.

    Version 2 did not keep the settings: the quality is told by the number of views, the others are the defaults.
    """
    renamed = {_KEYS.get(key, key): value for key, value in header.items()}
    views, settings = header.get("views"), Settings()
    is_best = isinstance(views, list) and len(views) == _VIEWS_OF_BEST
    if header.get("features") == "pixels":
        renamed["smoothing"] = 0.0
    return {
        **renamed,
        "classes_dtype": "str",
        "quality": "best" if is_best else "fast",
        "centers_per_name": settings.centers_per_name,
        "max_error": settings.max_error,
        "random_state": settings.random_state,
    }


def array_of_version_2(name: str) -> str:
    """Return what an array of version 2 is called in version 3."""
    return _ARRAYS.get(name, name)
