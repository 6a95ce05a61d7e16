"""The look of the package's own plots for the charts that a notebook draws itself."""

from __future__ import annotations

from typing import Any

from inkmeans.errors import MissingExtraError
from inkmeans.pictures import ACCENT, FONTS, INK, LINE, MUTED

_SECOND = (193, 70, 133)
"""Beside the accent: as different from it as can be in any kind of sight."""


def use_style() -> None:
    """Set matplotlib's defaults (``rcParams``) to fonts and colors of the package, for this process.

    Raises
    ------
    MissingExtraError
        matplotlib is not installed.
    """
    try:
        import matplotlib as mpl
        from matplotlib.font_manager import FontProperties, fontManager
    except ImportError as error:
        raise MissingExtraError("lab.use_style", "plot") from error
    families = []
    for file in ("sans-400.ttf", "serif-500.ttf"):
        path = str(FONTS / file)
        fontManager.addfont(path)
        families.append(FontProperties(fname=path).get_name())
    ink, muted, line, *colors = ("#{:02x}{:02x}{:02x}".format(*each) for each in (INK, MUTED, LINE, ACCENT, _SECOND))
    cycle = ", ".join(repr(each) for each in colors)
    settings: dict[Any, Any] = {
        "font.family": [families[0], "DejaVu Sans"],
        "font.serif": [families[1], "DejaVu Serif"],
        "text.color": ink,
        "axes.edgecolor": line,
        "axes.labelcolor": muted,
        "axes.grid": True,
        "axes.axisbelow": True,
        "axes.prop_cycle": f"cycler('color', [{cycle}])",
        "axes.titlelocation": "left",
        "axes.titlesize": 15,
        "axes.titlepad": 10,
        "grid.color": line,
        "xtick.color": line,
        "ytick.color": line,
        "xtick.labelcolor": muted,
        "ytick.labelcolor": muted,
        "lines.linewidth": 1.8,
        "lines.markersize": 5,
        "legend.frameon": False,
        "figure.dpi": 110,
        "figure.constrained_layout.use": True,
        **{f"axes.spines.{side}": False for side in ("left", "right", "top", "bottom")},
    }
    mpl.rcParams.update(settings)
