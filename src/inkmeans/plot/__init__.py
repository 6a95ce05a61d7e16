"""Plots for notebooks and papers, on matplotlib's Axes: centers, images, inertia, silhouettes, assignments.

Each function takes ``ax``, or makes a figure of its own without it, and returns the Axes, so that all of matplotlib
works on what it has drawn. The look is that of the page, on white; matplotlib's settings (``rcParams``) stay as they
are. Needs the extra ``plot``.
"""

from inkmeans.errors import MissingExtraError

try:
    import matplotlib as _  # noqa: F401
except ImportError as error:
    raise MissingExtraError("inkmeans.plot", "plot") from error

from inkmeans.plot._assignments import plot_assignments
from inkmeans.plot._centers import plot_centers
from inkmeans.plot._images import plot_images
from inkmeans.plot._inertia import plot_inertia
from inkmeans.plot._silhouette import plot_silhouette

__all__ = ["plot_assignments", "plot_centers", "plot_images", "plot_inertia", "plot_silhouette"]
