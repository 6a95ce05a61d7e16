"""The distortions in the table of robustness, and what is asked under them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from recognition import distortions
from recognition.distortions import SIDES, Images

Amount = float | str


@dataclass(frozen=True)
class Kind:
    """A kind of change.

    Attributes
    ----------
    name : str
    how : str
        How images are changed, in words.
    amounts : tuple of numbers, or of names where there is no scale
    change : callable (images, amount) -> list of images
        Images changed in each of several ways, over which results are averaged.
    unit : str
    neutral : float or None
        The amount that changes nothing, where there is one.
    asked : str by amount
        What is asked of the percentage read right.
    """

    name: str
    how: str
    amounts: tuple[Amount, ...]
    change: Callable[[Images, Amount], list[Images]]
    unit: str = ""
    neutral: float | None = None
    asked: dict[Amount, str] = field(default_factory=dict)

    def label(self, amount: Amount) -> str:
        """Return what an amount is called: a number with sign and unit, or its name."""
        if isinstance(amount, str):
            return amount
        sign = "+" if amount > 0 and any(float(other) < 0 for other in self.amounts) else ""
        return f"{sign}{amount:g}{self.unit}".replace("-", "\N{MINUS SIGN}")


def one_way(change: Callable[[Images, float], Images]) -> Callable[[Images, Amount], list[Images]]:
    return lambda images, amount: [change(images, float(amount))]


def to_each_side(change: Callable[[Images, int, str], Images]) -> Callable[[Images, Amount], list[Images]]:
    return lambda images, amount: [change(images, int(amount), side) for side in SIDES]


AS_IT_IS = Kind("as it is", "Nothing is changed.", ("as it is",), lambda images, _: [images])
KINDS = (
    Kind(
        "rotation",
        "Rotated about the middle, to the left for degrees above 0; cubic interpolation.",
        (-20, -15, -10, -5, 5, 10, 15, 20),
        one_way(distortions.rotated),
        "°",
        0,
        dict.fromkeys((-15, -10, -5, 5, 10, 15), ">= 97"),
    ),
    Kind(
        "shift",
        "Moved toward each of the four sides, averaged; what leaves the 28 x 28 pixels is lost.",
        (1, 2, 3, 4),
        to_each_side(distortions.shifted),
        " px",
        0,
    ),
    Kind(
        "scale",
        "Enlarged about the middle, within the same 28 x 28 pixels; cubic interpolation.",
        (0.7, 0.8, 0.9, 1.1, 1.2, 1.3),
        one_way(distortions.scaled),
        neutral=1,
    ),
    Kind(
        "pen",
        "Strokes wider or narrower by so much: gray dilation or erosion by a disk of half that radius, at four times "
        "the resolution. Wider by 2 px is dilation by one pixel all round.",
        (-2, -1, 1, 2, 4),
        one_way(distortions.penned),
        " px",
        0,
        {-1: ">= 98", 1: ">= 98"},
    ),
    Kind(
        "noise",
        "Gaussian noise on each pixel; the amount is its standard deviation where ink is 255. Clipped to 0 to 255.",
        (10, 20, 30, 40, 50, 60),
        one_way(distortions.noisy),
        neutral=0,
    ),
    Kind(
        "cut edges",
        "Rows or columns of the ink's bounding box removed at each of the four sides, averaged.",
        (1, 2, 3, 4),
        to_each_side(distortions.cut),
        " px",
        0,
    ),
    Kind(
        "8 x 8 pixels",
        "Area averages of the 20 x 20 pixels about the ink's bounding box, or of the whole 28 x 28, which leaves less "
        "than 6 x 6 for the ink.",
        ("of the box", "of the image"),
        lambda images, amount: [(distortions.coarse_box if amount == "of the box" else distortions.coarse)(images)],
        asked={"of the box": ">= 95", "of the image": ">= 95"},
    ),
    Kind(
        "inversion",
        "Dark ink on bright paper.",
        ("inverted",),
        lambda images, _: [distortions.inverted(images)],
        asked={"inverted": "no loss"},
    ),
)
