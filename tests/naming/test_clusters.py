import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from inkmeans.naming._clusters import middle_first


def glyphs_of(*values):
    """Return one glyph for each value: its first pixel."""
    glyphs = np.zeros((len(values), 28, 28), dtype=np.uint8)
    glyphs[:, 0, 0] = values
    return glyphs


def centers_of(*values):
    centers = np.zeros((len(values), 784))
    centers[:, 0] = values
    return centers


def test_four_points_by_hand():
    # Center 10 has 4 (distance 6), 12 (2) and 9 (1); center 100 has 250.
    ordered = middle_first(glyphs_of(4, 12, 250, 9), np.array([0, 0, 1, 0], np.int32), centers_of(10, 100))
    assert [members.tolist() for members in ordered] == [[3, 1, 0], [2]]


def test_ties_go_to_the_lower_index_and_glyphs_in_no_cluster_are_left_out():
    labels = np.array([1, -1, 1, 1], np.int32)
    ordered = middle_first(glyphs_of(11, 10, 9, 10), labels, centers_of(0, 10))
    assert [members.tolist() for members in ordered] == [[], [3, 0, 2]]


@given(st.lists(st.tuples(st.integers(0, 255), st.integers(-1, 3)), min_size=1, max_size=30))
def test_each_glyph_stands_in_its_cluster_once_in_order_of_distance(points):
    values, labels = (np.array(column) for column in zip(*points, strict=True))
    centers = centers_of(0, 50.5, 100, 255)
    for number, members in enumerate(middle_first(glyphs_of(*values), labels.astype(np.int32), centers)):
        assert sorted(members) == np.flatnonzero(labels == number).tolist()
        distances = np.abs(values[members] - centers[number, 0])
        assert (np.diff(distances) >= 0).all()
