"""plot_centers and plot_images: pictures in a grid on one Axes, with words below each."""

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pytest
from sklearn.cluster import KMeans as ScikitKMeans

from inkmeans import GlyphClustering, KMeans
from inkmeans.errors import InputError
from inkmeans.normalize import normalize
from inkmeans.plot import plot_centers, plot_images


def pictures_of(ax, height, width, n):
    """Return the n pictures that the one image on the Axes shows, cut out at where its gaps end, row by row."""
    (image,) = ax.images
    sheet = image.get_array()
    tops = np.flatnonzero(np.diff(np.r_[True, sheet.mask.all(axis=1)].astype(int)) == -1)
    lefts = np.flatnonzero(np.diff(np.r_[True, sheet.mask.all(axis=0)].astype(int)) == -1)
    found = [sheet[top : top + height, left : left + width] for top in tops for left in lefts][:n]
    return np.stack([np.ma.getdata(each) for each in found if not np.ma.getmaskarray(each).any()]), len(lefts)


def words_of(ax):
    return [text.get_text() for text in ax.texts]


def test_ten_centers_are_two_rows_of_five_in_their_order():
    centers = np.random.default_rng(0).uniform(0, 16, (10, 64))
    ax = plot_centers(centers, title="Ten centers")
    shown, columns = pictures_of(ax, 8, 8, 10)
    assert columns == 5
    assert np.array_equal(shown, centers.reshape(10, 8, 8))
    assert ax.images[0].get_clim() == (0, centers.max())  # one scale for all, 0 is paper
    assert ax.get_title(loc="left") == "Ten centers"
    assert words_of(ax) == [f"#{i}" for i in range(10)]


def test_each_center_has_its_name_number_and_size_below_it():
    ax = plot_centers(np.ones((3, 4, 4)), names=["7", None, " "], counts=[1234, 5, 0], n_columns=2)
    assert words_of(ax) == ["7", "unnamed", "unnamed", "#0", "1,234", "#1", "5", "#2", "0"]
    where = {text.get_text(): text.get_position() for text in ax.texts}
    assert where["#0"][0] < where["1,234"][0] < where["#1"][0]  # its own column
    assert where["7"][1] < where["#0"][1] < where["#2"][1]  # the third center begins the second row
    shown, columns = pictures_of(ax, 4, 4, 3)
    assert (len(shown), columns) == (3, 2)


@pytest.mark.parametrize("kind", [KMeans, ScikitKMeans])
def test_a_fitted_kmeans_shows_its_centers_and_how_many_rows_each_has(kind):
    rows = np.random.default_rng(1).integers(0, 17, (60, 16)).astype(float)
    model = kind(n_clusters=4, random_state=0, n_init=1).fit(rows)
    ax = plot_centers(model)
    assert np.array_equal(pictures_of(ax, 4, 4, 4)[0], model.cluster_centers_.reshape(4, 4, 4))
    assert words_of(ax)[1::2] == [str(count) for count in np.bincount(model.labels_)]


def strokes():
    images = np.zeros((41, 20, 20), dtype=np.uint8)
    for i in range(40):
        box = (slice(3, 12 + i % 7), slice(8, 10 + i % 2))
        images[i][box if i < 20 else box[::-1]] = 255
    return images  # the last one is blank, and in no cluster


def test_the_center_of_a_glyph_clustering_is_the_mean_of_its_normalized_glyphs():
    images = strokes()
    model = GlyphClustering(2, random_state=0).fit(images)
    ax = plot_centers(model, images=images)
    glyphs = normalize(images).glyphs
    means = [glyphs[model.labels_ == cluster].mean(axis=0) for cluster in (0, 1)]
    assert np.array_equal(pictures_of(ax, 28, 28, 2)[0], means)
    assert words_of(ax)[1::2] == ["20", "20"]


@pytest.mark.parametrize(
    ("centers", "settings", "message"),
    [
        (
            np.ones((3, 65)),
            {},
            r"centers of 65 columns are not square pictures; reshape them to \(n, height, width\)\.",
        ),
        (np.ones((3, 4, 4)), {"names": ["1"]}, r"names must have one entry for each of the 3 centers; got 1\."),
        (np.ones((3, 4, 4)), {"names": "123"}, r"names must be a sequence with one entry for each center; got '123'\."),
        (np.ones((3, 4, 4)), {"counts": [1, 2]}, r"counts must have one entry for each of the 3 centers; got 2\."),
        (np.ones((3, 4, 4)), {"n_columns": 0}, r"n_columns must be a whole number of at least 1, or None; got 0\."),
        (np.ones((1001, 2, 2)), {}, r"centers must be at most 1,000 for one plot; got 1,001\."),
        (KMeans(2), {}, r"KMeans is not fitted yet, or has no labels; call fit first\."),
    ],
)
def test_centers_that_cannot_be_drawn_are_refused_in_a_sentence(centers, settings, message):
    with pytest.raises(InputError, match=f"^{message}$"):
        plot_centers(centers, **settings)
    assert plt.get_fignums() == []


def test_a_glyph_clustering_needs_the_images_of_its_fit():
    model = GlyphClustering(2, random_state=0).fit(strokes())
    with pytest.raises(InputError, match=r"^GlyphClustering has no centers in pixels; give images=, those that it was"):
        plot_centers(model)
    with pytest.raises(InputError, match=r"^images must be those of the fit, 41; got 40\.$"):
        plot_centers(model, images=strokes()[:40])


def test_images_stand_row_by_row_with_their_truths_below():
    images = np.random.default_rng(2).integers(1, 17, (12, 8, 8))
    ax = plot_images(images, [str(i % 10) for i in range(12)], n_columns=6)
    shown, columns = pictures_of(ax, 8, 8, 12)
    assert columns == 6
    assert np.array_equal(shown[3], np.rint(images[3] * (255 / images[3].max())))  # its own darkest pixel is full ink
    assert words_of(ax) == [str(i % 10) for i in range(12)]


def test_numbers_are_titles_too():
    assert words_of(plot_images(np.ones((2, 3, 3)), np.array([4, 9]))) == ["4", "9"]


def test_images_of_several_sizes_stand_in_the_middle_of_the_largest():
    ax = plot_images([np.ones((4, 2)), np.ones((2, 6))])
    shown, _ = pictures_of(ax, 4, 6, 2)
    assert shown[0].tolist() == [[0, 0, 255, 255, 0, 0]] * 4
    assert shown[1].tolist() == [[0] * 6, [255] * 6, [255] * 6, [0] * 6]


@pytest.mark.parametrize(
    ("images", "titles", "message"),
    [
        (
            np.ones((1001, 2, 2)),
            None,
            r"images must be at most 1,000 for one plot; got 1,001\. Pass images\[:64\], say\.",
        ),
        (np.ones((2, 2, 2)), ["a"], r"titles must have one entry for each of the 2 images; got 1\."),
        (
            [np.ones(4), np.ones((2, 2))],
            None,
            r"images of several sizes must be 2-D arrays \(height, width\); one has .*",
        ),
        ([], None, r"images must hold at least one image; got none\."),
        (np.full((1, 2, 2), np.nan), None, r"images must hold finite numbers; it holds NaN or infinity\."),
    ],
)
def test_images_that_cannot_be_drawn_are_refused_in_a_sentence(images, titles, message):
    with pytest.raises(InputError, match=f"^{message}$"):
        plot_images(images, titles)


@pytest.mark.parametrize("n", [10, 64, 200])
def test_no_words_run_into_others(n):
    ax = plot_centers(np.ones((n, 8, 8)), names=["a name that is long"] * n, counts=[12345] * n)
    ax.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in ax.texts]
    row = [box for box in boxes if abs(box.y0 - boxes[0].y0) < 1]
    assert len(row) > 4
    for boxes_of_line in (row, [box for box in boxes[n:] if abs(box.y0 - boxes[n].y0) < 1]):
        places = sorted(boxes_of_line, key=lambda box: box.x0)
        assert all(left.x1 < right.x0 for left, right in pairwise(places))
