"""The figure of robustness: a panel for each kind of change, with one digit under each of its amounts."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inkmeans.pictures import plate
from recognition.changes import KINDS, Amount, Kind
from recognition.robustness import Row, by_amount

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# The colors of inkmeans' pictures: the one series, what it is compared with, ink, muted words, hairlines.
RIGHT, ANSWERED, DARK, QUIET, PALE = "#2b44c7", "#868a96", "#171a26", "#5a5e6c", "#e2e2de"
FONTS = ("sans-400.ttf", "sans-600.ttf")
MARKS = (1, 20, 50, 80, 90, 95, 98, 99, 99.5)
BEST = 99.9  # where the axis ends
N_COLUMNS = 4
PIXELS = 20  # printed height of a digit, in points
STYLE = {
    "font.family": "Inkmeans Sans",
    "font.size": 10,
    "axes.titleweight": 600,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.edgecolor": PALE,
    "text.color": DARK,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
}


def draw(rows: Sequence[Row], digit: NDArray[np.uint8], path: Path) -> None:
    """Write the figure; `digit`, uint8 of shape (28, 28), shows what each amount does."""
    import matplotlib as mpl
    from matplotlib import font_manager
    from matplotlib.figure import Figure

    for name in FONTS:
        font_manager.fontManager.addfont(str(files("inkmeans.pictures") / "fonts" / name))
    n_rows = -(-len(KINDS) // N_COLUMNS)
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(13, 3.7 * n_rows), facecolor="white")
        grid = figure.add_gridspec(
            n_rows, N_COLUMNS, left=0.042, right=0.995, top=0.9, bottom=0.03, hspace=0.22, wspace=0.12
        )
        for place, kind in zip(grid, KINDS, strict=False):
            parts = place.subgridspec(3, 1, height_ratios=(5, 2, 1.2), hspace=0.22)
            panel = [figure.add_subplot(part) for part in parts]
            _panel(panel, kind, by_amount(rows, kind), digit)
            _scales(panel[0], panel[1], rows, is_labeled=place.is_first_col())
        figure.legend(
            *_legend(figure.axes),
            loc="upper left",
            bbox_to_anchor=(0, 1),
            ncols=4,
            frameon=False,
            fontsize=11,
            borderaxespad=0,
            borderpad=0,
        )
        drawn = BytesIO()
        figure.savefig(drawn, dpi=110)
    with Image.open(drawn) as chart:
        made = plate(
            chart,
            title="Robustness to distortions: the reader that ships",
            note=f"Shares of {rows[0].n_images:,} digits, each distorted in one way, by how strongly.",
            source="test images of MNIST (CC BY-SA 3.0)",
        )
    path.parent.mkdir(exist_ok=True)
    made.save(path, optimize=True)


def _panel(panel: Sequence[Axes], kind: Kind, found: dict[Amount, Row], digit: NDArray[np.uint8]) -> None:
    """Draw the shares of a kind, below them what is answered wrong, and below that the digit under each amount."""
    shares, wrong, digits = panel
    if kind.neutral is None:  # names lie side by side
        places, margin, line = np.arange(len(found), dtype=float), 0.5, "none"
    else:
        places = np.array(list(found), dtype=float)
        margin, line = 0.07 * (places[-1] - places[0]), "-"
    style = {"marker": "o", "markersize": 4.5, "linewidth": 1.8, "linestyle": line, "clip_on": False}
    shares.plot(places, _height([one.right for one in found.values()]), color=RIGHT, zorder=3, **style,
                label="right, without reject")  # fmt: skip
    shares.plot(places, _height([one.answered for one in found.values()]), color=ANSWERED, **style,
                label="answered, with reject")  # fmt: skip
    wrong.plot(
        places, [one.wrong for one in found.values()], color=DARK, **style, label="answered, and wrong (lower axis)"
    )
    for place, amount in zip(places, found, strict=True):
        least = kind.asked.get(amount, "")
        if least.startswith(">="):
            shares.plot(place, _height(float(least[2:])), color=DARK, marker="_", markersize=13, markeredgewidth=1.6,
                        linestyle="none", label="asked of right")  # fmt: skip
        _show(digits, place, kind.change(digit[None], amount)[-1][0] if amount in kind.amounts else digit)
    unit = kind.unit.strip().replace("°", "degrees")
    shares.set_title(kind.name.capitalize() + f", {unit}" * bool(unit), loc="left", fontsize=11.5)
    digits.set_xticks(places, [kind.label(amount).removesuffix(kind.unit) for amount in found])
    digits.set(ylim=(0, 1), yticks=[])
    digits.spines[:].set_visible(False)
    for axes in panel:
        axes.set_xlim(places[0] - margin, places[-1] + margin)
        axes.tick_params(length=0)


def _show(axes: Axes, place: float, image: NDArray[np.uint8]) -> None:
    """Show an image as it is, ink black, in a hairline."""
    from matplotlib.offsetbox import AnnotationBbox, OffsetImage

    ink_black = np.repeat(255 - image[:, :, None], 3, axis=2)
    picture = OffsetImage(ink_black, zoom=PIXELS / len(image), interpolation="nearest")
    axes.add_artist(AnnotationBbox(picture, (place, 0.5), pad=0.06, bboxprops={"edgecolor": PALE}))


def _height(percent: Any) -> Any:
    """Return the height of a percentage on an axis of what is missing, by ratio: 99 is above 98 as 90 above 80."""
    return -np.log10(100 - np.minimum(percent, BEST))


def _scales(shares: Axes, wrong: Axes, rows: Sequence[Row], *, is_labeled: bool) -> None:
    """Give all panels the same heights."""
    lowest = min(min(one.right, one.answered) for one in rows)
    marks = [mark for i, mark in enumerate(MARKS) if mark > lowest or MARKS[i + 1] > lowest]
    shares.set_yticks(_height(marks), [f"{mark:g} %" if is_labeled else "" for mark in marks])
    shares.set_ylim(_height(marks[0]), _height(BEST))
    most = max(1.0, *(one.wrong for one in rows))
    wrong.set_ylim(-0.1 * most, 1.1 * most)  # points at 0 stay whole
    wrong.locator_params(axis="y", nbins=3)
    wrong.spines["bottom"].set_visible(False)
    wrong.yaxis.set_major_formatter("{x:g} %" if is_labeled else "")
    for axes in (shares, wrong):
        axes.grid(axis="y", color=PALE, linewidth=0.8)
        axes.set_axisbelow(True)
        axes.set_xticks([])


def _legend(every: Sequence[Axes]) -> tuple[list[Any], list[str]]:
    """Return each line that has a name, once."""
    held: dict[str, Any] = {}
    for axes in every:
        for line, name in zip(*axes.get_legend_handles_labels(), strict=True):
            held.setdefault(name, line)
    return list(held.values()), list(held)
