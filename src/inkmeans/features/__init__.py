"""What k-means sees: the patches of the normalized glyph through filters, which k-means learned.

`PatchEncoder` is a scikit-learn estimator and loads on first use, so that reading loads no scikit-learn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from inkmeans.features._dictionary import FIVE_VIEWS, TWO_VIEWS, Dictionary, Views, warped
from inkmeans.features._patches import patch_features
from inkmeans.features._products import products

if TYPE_CHECKING:
    from inkmeans.features._patch_encoder import PatchEncoder

__all__ = [
    "FIVE_VIEWS",
    "TWO_VIEWS",
    "Dictionary",
    "PatchEncoder",
    "Views",
    "patch_features",
    "products",
    "warped",
]


def __getattr__(name: str) -> Any:
    if name != "PatchEncoder":
        raise AttributeError(f"module 'inkmeans.features' has no attribute '{name}'.")
    from inkmeans.features._patch_encoder import PatchEncoder

    return PatchEncoder
