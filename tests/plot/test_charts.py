"""plot_inertia, plot_silhouette and plot_assignments show the figures that they are given."""

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex
from sklearn.metrics import silhouette_samples, silhouette_score

from inkmeans import KMeans
from inkmeans.errors import InputError
from inkmeans.plot import plot_assignments, plot_inertia, plot_silhouette
from inkmeans.plot._style import accent, cluster_color, edge


def blobs(n_features=2):
    generator = np.random.default_rng(3)
    middles = np.array([[0, 0], [9, 0], [0, 9]])
    rows = np.concatenate([generator.normal(middle, 1, (20, 2)) for middle in middles])
    return rows @ np.linalg.qr(generator.normal(size=(n_features, 2)))[0].T


def test_inertia_by_k_is_one_line_through_the_values_in_order_of_k():
    ax = plot_inertia([5.0, 9.0, 2.0], [4, 2, 8])
    (line,) = ax.lines
    assert line.get_xydata().tolist() == [[2, 9], [4, 5], [8, 2]]
    assert line.get_color() == accent
    assert ax.get_xlabel() == "number of clusters, k"


def test_the_history_of_a_fit_is_drawn_half_step_by_half_step():
    history = []
    KMeans(n_clusters=3, random_state=0, callback=history.append).fit(blobs())
    ax = plot_inertia(history)
    line, assignments, updates = ax.lines
    assert line.get_ydata().tolist() == [each.inertia for each in history]
    assert line.get_xdata()[:3].tolist() == [0.5, 1.0, 1.5]  # an iteration ends with its update
    assert assignments.get_ydata().tolist() == [each.inertia for each in history if each.half_step == "assignment"]
    assert updates.get_xdata().tolist() == [each.n_iter for each in history if each.half_step == "update"]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["after the assignment", "after the update"]


def test_of_several_runs_the_best_has_the_accent():
    history = []
    KMeans(n_clusters=4, random_state=0, n_init=3, callback=history.append).fit(blobs())
    runs = [[each.inertia for each in history if each.run == run] for run in range(3)]
    best = min(runs, key=lambda run: run[-1])
    lines = [line for line in plot_inertia(history).lines if line.get_linestyle() == "-"]
    assert [line.get_ydata().tolist() for line in lines if line.get_color() == accent] == [best]
    assert [line.get_color() for line in lines].count(edge) == 2


@pytest.mark.parametrize(
    ("inertia", "n_clusters", "message"),
    [
        ([3.0, 2.0], [1], r"inertia must have one value for each of the 1 n_clusters; got 2\."),
        ([], None, r"inertia must be a sequence of numbers; got \[\]\."),
        (["a"], None, r"inertia must be a sequence of numbers; got \['a'\]\."),
        ([1.0, np.nan], None, r"inertia must hold finite numbers; it holds NaN or infinity\."),
    ],
)
def test_inertia_that_cannot_be_drawn_is_refused_in_a_sentence(inertia, n_clusters, message):
    with pytest.raises(InputError, match=f"^{message}$"):
        plot_inertia(inertia, n_clusters)
    assert plt.get_fignums() == []


def test_the_history_of_a_fit_has_one_k():
    history = []
    KMeans(n_clusters=3, random_state=0, callback=history.append).fit(blobs())
    with pytest.raises(
        InputError, match=r"^n_clusters belongs to one inertia for each k; the history of a fit has one k"
    ):
        plot_inertia(history, [3])


def test_the_silhouettes_are_scikit_learns_sorted_within_each_cluster():
    rows = blobs(5)
    labels = KMeans(n_clusters=3, random_state=0).fit_predict(rows)
    ax = plot_silhouette(rows, labels)
    expected = silhouette_samples(rows, labels)
    assert len(ax.collections) == 3
    for cluster, knife in enumerate(ax.collections):
        outline = knife.get_paths()[0].vertices
        assert outline[:, 0].max() == pytest.approx(expected[labels == cluster].max())
        assert set(np.round(expected[labels == cluster], 9)) <= set(np.round(outline[:, 0], 9))
        assert to_hex(knife.get_facecolor()[0]) == cluster_color(cluster)
    mean = ax.lines[-1].get_xdata()[0]
    assert mean == pytest.approx(silhouette_score(rows, labels))
    assert ax.texts[0].get_text() == f"mean {mean:.2f}"
    assert [label.get_text() for label in ax.get_yticklabels()] == ["0", "1", "2"]


def test_samples_in_no_cluster_have_no_silhouette_and_names_replace_numbers():
    rows = blobs()
    labels = np.repeat([0, -1, 2], 20)
    ax = plot_silhouette(rows, labels, names=["seven", None, None])
    assert [label.get_text() for label in ax.get_yticklabels()] == ["seven", "2"]
    assert ax.lines[-1].get_xdata()[0] == pytest.approx(silhouette_score(rows[labels >= 0], labels[labels >= 0]))


def test_no_clusters_number_runs_into_another():
    rows = np.random.default_rng(5).normal(size=(400, 2))
    ax = plot_silhouette(
        rows, KMeans(n_clusters=80, random_state=0).fit(rows), ax=plt.figure(figsize=(4, 3)).subplots()
    )
    ax.figure.canvas.draw()
    boxes = [label.get_window_extent() for label in ax.get_yticklabels()]
    assert 8 < len(boxes) < 80
    assert all(below.y1 <= above.y0 for above, below in pairwise(boxes))


@pytest.mark.parametrize(
    ("labels", "names", "message"),
    [
        (np.zeros(60, int), None, r"A silhouette needs at least 2 clusters and fewer than samples; got 1 and 60\."),
        (np.arange(60), None, r"A silhouette needs at least 2 clusters and fewer than samples; got 60 and 60\."),
        (np.zeros(59, int), None, r"labels must have one entry for each of the 60 rows of X; got 59\."),
        (np.zeros(60), None, r"labels must be one whole number for each row of X; got float64, shape \(60,\)\."),
        (
            np.arange(60) - 2,
            None,
            r"labels must be a whole number of at least -1 \(-1 for rows in no cluster\); got -2\.",
        ),
        (np.repeat([0, 1], 30), ["a"], r"names must have one entry for each of the 2 clusters; got 1\."),
    ],
)
def test_labels_that_cannot_be_drawn_are_refused_in_a_sentence(labels, names, message):
    with pytest.raises(InputError, match=f"^{message}$"):
        plot_silhouette(blobs(), labels, names=names)


def test_each_sample_is_a_dot_in_its_clusters_color_and_each_center_has_its_number():
    rows = blobs()
    model = KMeans(n_clusters=3, random_state=0).fit(rows)
    ax = plot_assignments(rows, model)
    *dots, centers = ax.collections
    for cluster, each in enumerate(dots):
        assert np.array_equal(each.get_offsets(), rows[model.labels_ == cluster])
        assert to_hex(each.get_facecolor()[0]) == cluster_color(cluster)
    assert np.array_equal(centers.get_offsets(), model.cluster_centers_)
    assert [text.get_text() for text in ax.texts] == ["0", "1", "2"]
    assert [text.get_position() for text in ax.texts] == [tuple(each) for each in model.cluster_centers_]
    assert ax.get_aspect() == 1  # k-means compares distances


def test_labels_alone_have_the_mean_of_each_cluster():
    rows = blobs()
    labels = np.repeat([4, -1, 1], 20)
    ax = plot_assignments(rows, labels, names=list("abcde"))
    assert [to_hex(each.get_facecolor()[0]) for each in ax.collections[:3]] == [
        edge,
        cluster_color(1),
        cluster_color(4),
    ]
    assert np.allclose(ax.collections[3].get_offsets(), [rows[40:].mean(axis=0), rows[:20].mean(axis=0)])
    assert [text.get_text() for text in ax.texts] == ["b", "e"]


def test_more_columns_are_drawn_on_the_plane_of_two_principal_components():
    rows = blobs(30)
    model = KMeans(n_clusters=3, random_state=0).fit(rows)
    ax = plot_assignments(rows, model)
    shown = np.concatenate([np.asarray(each.get_offsets()) for each in ax.collections[:3]])
    apart = np.linalg.norm(shown[:, None] - shown, axis=2)
    order = np.argsort(model.labels_, kind="stable")
    assert np.allclose(apart, np.linalg.norm(rows[order][:, None] - rows[order], axis=2))  # it was a plane
    means = [np.asarray(each.get_offsets()).mean(axis=0) for each in ax.collections[:3]]
    assert np.allclose(ax.collections[3].get_offsets(), means)
    assert ax.get_xlabel() == "first principal component"


@pytest.mark.parametrize(
    ("rows", "labels", "centers", "message"),
    [
        (np.ones((3, 1)), [0, 0, 0], None, r"X must have at least 2 columns to be drawn in the plane; got 1\."),
        (np.ones((3, 2)), [0, 0, 2], np.ones((2, 2)), r"labels must be below the number of centers, 2; got 2\."),
        (np.ones((3, 2)), [0, 0, 1], np.ones((2, 3)), r"centers must have the 2 columns of X; got 3\."),
        ("text", [0], None, r"X must be an array of numbers, \(n_samples, n_features\)\."),
    ],
)
def test_samples_that_cannot_be_drawn_are_refused_in_a_sentence(rows, labels, centers, message):
    with pytest.raises(InputError, match=f"^{message}$"):
        plot_assignments(rows, labels, centers)
