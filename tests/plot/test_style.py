"""The look of the plots, and what they leave alone."""

import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.font_manager import findfont

import inkmeans
from inkmeans import KMeans
from inkmeans.plot import plot_assignments, plot_centers, plot_images, plot_inertia, plot_silhouette
from inkmeans.plot._style import cluster_color, font

ROOT = Path(__file__).parents[2]
SETTINGS = mpl.rcParams.copy()
IMAGES = np.random.default_rng(4).integers(0, 17, (30, 4, 4)).astype(float)
LABELS = np.repeat([0, 1, 2], 10)
PLOTS = {
    "plot_centers": lambda **settings: plot_centers(IMAGES[:10], names=list("0123456789"), **settings),
    "plot_images": lambda **settings: plot_images(IMAGES, LABELS, **settings),
    "plot_inertia": lambda **settings: plot_inertia([9.0, 5.0, 2.0], [2, 4, 8], **settings),
    "plot_silhouette": lambda **settings: plot_silhouette(IMAGES, LABELS, **settings),
    "plot_assignments": lambda **settings: plot_assignments(IMAGES, LABELS, **settings),
}


@pytest.mark.parametrize("name", inkmeans.plot.__all__)
def test_every_plot_draws_on_the_axes_that_it_is_given_and_returns_them(name):
    _, (left, right) = plt.subplots(1, 2)
    assert PLOTS[name](ax=right, title="A title") is right
    assert len(plt.get_fignums()) == 1
    assert not left.has_data()
    assert right.get_title(loc="left") == "A title"
    right.figure.canvas.draw()


@pytest.mark.parametrize("name", inkmeans.plot.__all__)
def test_every_plot_makes_a_white_figure_of_its_own_and_leaves_matplotlibs_settings_alone(name):
    ax = PLOTS[name]()
    ax.figure.canvas.draw()
    assert mpl.rcParams == SETTINGS
    assert mpl.colors.to_hex(ax.figure.get_facecolor()) == "#ffffff"
    assert not any(spine.get_visible() for spine in ax.spines.values())
    assert plt.figure().get_facecolor() == mpl.colors.to_rgba(mpl.rcParams["figure.facecolor"])


@pytest.mark.parametrize("name", inkmeans.plot.__all__)
def test_every_plot_is_whole_on_its_figure(name):
    ax = PLOTS[name](title="A title")
    ax.figure.canvas.draw()
    box, whole = ax.get_tightbbox(), ax.figure.bbox
    assert whole.x0 <= box.x0 and box.x1 <= whole.x1 and whole.y0 <= box.y0 and box.y1 <= whole.y1
    assert box.width > 0.9 * whole.width  # and fills it


@pytest.mark.parametrize(("face", "file"), [("sans", "sans-400"), ("bold", "sans-600"), ("serif", "serif-500")])
def test_the_fonts_are_those_that_ship(face, file):
    assert Path(findfont(font(10, face))).name == f"{file}.ttf"


def test_letters_that_our_fonts_lack_come_from_matplotlibs_without_a_warning(caplog):
    ax = plot_centers(np.ones((1, 4, 4)), names=["ω"], title="ω")
    ax.figure.canvas.draw()
    assert caplog.records == []


def test_the_clusters_have_the_colors_of_the_page():
    tokens = (ROOT / "frontend" / "src" / "styles" / "tokens.css").read_text(encoding="utf-8")
    light = tokens[: tokens.index("--c11") + 30]
    assert [f"--c{i}: {cluster_color(i)};" in light for i in range(12)] == [True] * 12
    assert cluster_color(12) == cluster_color(0)


def test_inkmeans_alone_loads_no_matplotlib_and_plots_load_no_pyplot():
    program = (
        "import sys, inkmeans; assert 'matplotlib' not in sys.modules; inkmeans.plot; "
        "assert 'matplotlib' in sys.modules and 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_without_matplotlib_a_sentence_names_the_extra():
    program = "import sys; sys.modules['matplotlib'] = None; import inkmeans; inkmeans.plot"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stderr.strip().splitlines()[-1] == (
        "inkmeans.errors.MissingExtraError: inkmeans.plot needs packages that are not installed; "
        "run: pip install 'inkmeans[plot]'"
    )


def test_a_model_and_its_labels_give_the_same_plot():
    rows = IMAGES.reshape(30, 16)
    model = KMeans(n_clusters=3, random_state=0).fit(rows)
    of_model, of_labels = plot_silhouette(rows, model), plot_silhouette(rows, model.labels_)
    assert of_model.lines[-1].get_xdata() == of_labels.lines[-1].get_xdata()
