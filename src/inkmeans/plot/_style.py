"""The look of the page for matplotlib: fonts that ship, colors, and Axes without a frame."""

from __future__ import annotations

from functools import cache
from typing import Literal

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontEntry, FontProperties, fontManager
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter

from inkmeans.pictures import ACCENT, EDGE, FONTS, INK, LINE, MUTED, PAPER

_SANS, _SERIF = "Inkmeans Sans", "Inkmeans Serif"
TITLE, TEXT, SMALL = 15.0, 10.0, 9.0  # points


def _as_hex(color: tuple[int, int, int]) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color)


ink, muted, line, edge, accent, paper = (_as_hex(each) for each in (INK, MUTED, LINE, EDGE, ACCENT, PAPER))

# The clusters' colors, c0 to c11 of frontend/src/styles/tokens.css: as different as can be in any kind of sight.
_CLUSTERS = (
    "#186cce",
    "#c14685",
    "#718516",
    "#56489b",
    "#7e4920",
    "#6f87f9",
    "#d66f6a",
    "#2f1c8b",
    "#a582ba",
    "#6c0812",
    "#591559",
    "#981c62",
)


def cluster_color(cluster: int) -> str:
    """Return a cluster's color; from the thirteenth cluster on, colors repeat."""
    return _CLUSTERS[cluster % len(_CLUSTERS)]


@cache
def _register_fonts() -> None:
    """Make the fonts that ship known to matplotlib, once.

    They are entered with the weights of matplotlib's own fonts (400 and 700), so that letters that ours lack are taken
    from those without a warning about the weight.
    """
    for file, name, weight in (
        ("sans-400.ttf", _SANS, 400),
        ("sans-600.ttf", _SANS, 700),
        ("serif-500.ttf", _SERIF, 400),
    ):
        entry = FontEntry(
            fname=str(FONTS / file),
            name=name,
            style="normal",
            variant="normal",
            weight=weight,
            stretch="normal",
            size="scalable",
        )
        fontManager.ttflist.append(entry)


def font(size: float = TEXT, face: Literal["sans", "bold", "serif"] = "sans") -> FontProperties:
    """Return one of the fonts that ship; letters that it lacks come from the fonts that the user has chosen."""
    _register_fonts()
    families = [_SERIF if face == "serif" else _SANS, *mpl.rcParams["font.family"]]
    return FontProperties(family=families, weight=700 if face == "bold" else 400, size=size)


def new_axes(width: float, height: float) -> Axes:
    """Return the Axes of a new white figure of that many inches, which pyplot shows as it shows its own."""
    import matplotlib.pyplot as plt

    figure: Figure = plt.figure(
        figsize=(width, height), layout=ConstrainedLayoutEngine(w_pad=0.1, h_pad=0.1), facecolor=paper
    )
    return figure.add_subplot()


def write_title(ax: Axes, title: str | None, *, above: float = 12) -> None:
    """Write the title at the left, that many points above the Axes, if there is one."""
    if title:
        ax.set_title(title, loc="left", fontproperties=font(TITLE, "serif"), color=ink, pad=above)


def without_frame(ax: Axes) -> None:
    """Leave nothing of the Axes but what is drawn on it: no frame, no ticks."""
    ax.set_facecolor(paper)
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    ax.set_xticks([])
    ax.set_yticks([])


def chart(ax: Axes, *, grid: Literal["x", "y"] = "y") -> None:
    """Set a chart's ground: no frame, hairlines across one axis behind the data, small figures without ticks."""
    ax.set_facecolor(paper)
    ax.spines[:].set_visible(False)
    ax.grid(visible=False)
    ax.grid(visible=True, axis=grid, color=line, linewidth=0.8, linestyle="-")
    ax.set_axisbelow(True)
    ax.tick_params(length=0, labelcolor=muted, labelsize=SMALL, labelfontfamily=font().get_family())


def name_axes(ax: Axes, x: str, y: str = "") -> None:
    """Name what is along each axis."""
    ax.set_xlabel(x, fontproperties=font(SMALL), color=muted)
    ax.set_ylabel(y, fontproperties=font(SMALL), color=muted)


def with_thousands() -> FuncFormatter:
    """Return a formatter that writes 12000 as 12,000."""
    return FuncFormatter(lambda value, _: f"{value:,.0f}" if float(value).is_integer() else f"{value:,g}")
