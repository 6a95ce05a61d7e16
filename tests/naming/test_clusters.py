import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from inkmeans.naming._clusters import middle_first, n_doubtful


def ordered(labels, distances, n_clusters):
    found = middle_first(np.array(labels, np.int32), np.array(distances, np.float32), n_clusters)
    return [members.tolist() for members in found]


def test_four_points_by_hand():
    assert ordered([0, 0, 1, 0], [6, 2, 150, 1], 2) == [[3, 1, 0], [2]]


def test_ties_go_to_the_lower_index_and_glyphs_in_no_cluster_are_left_out():
    assert ordered([1, -1, 1, 1], [1, 0, 1, 0], 2) == [[], [3, 0, 2]]


@given(st.lists(st.tuples(st.integers(0, 255), st.integers(-1, 3)), min_size=1, max_size=30))
def test_each_glyph_stands_in_its_cluster_once_in_order_of_distance(points):
    distances, labels = (np.array(column) for column in zip(*points, strict=True))
    for number, members in enumerate(ordered(labels, distances, 4)):
        assert sorted(members) == np.flatnonzero(labels == number).tolist()
        assert (np.diff(distances[members]) >= 0).all()


def test_the_doubtful_lie_beyond_the_upper_fence():
    assert n_doubtful(np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 13.0])) == 0  # quartiles 3 and 7, fence 13
    assert n_doubtful(np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 13.1])) == 1
    assert n_doubtful(np.array([0.0, 0.0, 0.0, 0.0, 5.0, 6.0])) == 0  # quartiles 0 and 3.75


def test_alike_or_few_glyphs_are_not_doubtful():
    for distances in ([], [3.0], [0.0, 9.0], [0.0, 0.0, 9.0], [2.0] * 20):
        assert n_doubtful(np.array(distances, dtype=np.float32)) == 0
