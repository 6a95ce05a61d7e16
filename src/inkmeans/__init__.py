"""inkmeans reads handwriting by k-means and least squares: no deep learning, no gradient descent, no cloud.

``import inkmeans`` loads nothing heavy; every public name and every part loads on first use (PEP 562), so that
``inkmeans.normalize.normalize`` needs no import of its own.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOME = {
    "GlyphClustering": "inkmeans.cluster",
    "KMeans": "inkmeans.kmeans",
    "kmeans_plusplus": "inkmeans.kmeans",
    "PatchEncoder": "inkmeans.features",
    "Project": "inkmeans.naming",
    "Reader": "inkmeans.reader",
    "load": "inkmeans.reader",
    "read": "inkmeans.reader",
    "choose_k": "inkmeans.cluster",
}

_PARTS = (
    "cluster",
    "datasets",
    "evaluate",
    "features",
    "graph",
    "images",
    "kmeans",
    "lab",
    "naming",
    "normalize",
    "pictures",
    "plot",
    "reader",
    "segment",
)

__all__ = [
    "GlyphClustering",
    "KMeans",
    "PatchEncoder",
    "Project",
    "Reader",
    "choose_k",
    "datasets",
    "kmeans_plusplus",
    "load",
    "read",
]


def __getattr__(name: str) -> Any:
    if name in _PARTS:
        return import_module(f"inkmeans.{name}")
    if name not in _HOME:
        raise AttributeError(f"module 'inkmeans' has no attribute '{name}'; it has {', '.join(__all__)}.")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*__all__, *_PARTS, "__version__"})
