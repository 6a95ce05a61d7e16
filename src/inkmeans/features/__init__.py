"""Features of normalized glyphs: responses of their patches to filters learned by k-means; principal components.

`PatchEncoder` is a scikit-learn estimator and loads on first use, so that reading loads no scikit-learn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from inkmeans.features._components import (
    N_FITTED,
    Components,
    deviations_from_means,
    in_components,
    principal_components,
    within_whitening,
)
from inkmeans.features._dictionary import FIVE_VIEWS, TWO_VIEWS, Dictionary, Views, warped
from inkmeans.features._patches import patch_features

if TYPE_CHECKING:
    from inkmeans.features._patch_encoder import PatchEncoder

__all__ = [
    "FIVE_VIEWS",
    "N_FITTED",
    "TWO_VIEWS",
    "Components",
    "Dictionary",
    "PatchEncoder",
    "Views",
    "in_components",
    "deviations_from_means",
    "patch_features",
    "principal_components",
    "warped",
    "within_whitening",
]


def __getattr__(name: str) -> Any:
    if name != "PatchEncoder":
        raise AttributeError(f"module 'inkmeans.features' has no attribute '{name}'.")
    from inkmeans.features._patch_encoder import PatchEncoder

    return PatchEncoder
