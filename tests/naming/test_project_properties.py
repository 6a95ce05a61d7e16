"""Any sequence of steps agrees with a simple model: a list of states and a place in it."""

import contextlib
import unicodedata

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inkmeans.errors import InkmeansError
from inkmeans.naming import Project

NAMES = st.one_of(st.none(), st.sampled_from(["7", "l", "e\u0301", " b ", "?", "", "a\tb"]))
STEPS = st.one_of(
    st.tuples(st.just("name"), st.dictionaries(st.integers(-1, 3), NAMES, max_size=3)),
    st.tuples(st.just("cluster"), st.integers(2, 3)),
    st.tuples(st.sampled_from(["undo", "redo", "reopen"]), st.none()),
)
REFUSED = {"?", "", "a\tb"}


class Model:
    """States are (number of clusters, names by cluster); `place` is the one that counts."""

    def __init__(self):
        self.states = [(0, {})]
        self.place = 0

    @property
    def now(self):
        return self.states[self.place]

    def do(self, kind, given):
        n_clusters, names = self.now
        if kind == "undo":
            self.place = max(self.place - 1, 0)
        elif kind == "redo":
            self.place = min(self.place + 1, len(self.states) - 1)
        elif kind == "cluster":
            self.add((given, {}))
        elif kind == "name" and given.keys() <= set(range(n_clusters)) and not REFUSED & set(given.values()):
            clean = {number: name and unicodedata.normalize("NFC", name).strip() for number, name in given.items()}
            new = {number: name for number, name in (names | clean).items() if name is not None}
            if new != names:
                self.add((n_clusters, new))

    def add(self, state):
        self.states = [*self.states[: self.place + 1], state]
        self.place += 1


@pytest.fixture
def _quick_clusterings(few_patches, monkeypatch):
    """Begin k-means twice: what a clustering finds is no matter, and there are hundreds."""
    monkeypatch.setattr("inkmeans.cluster._starts._LEAST_STARTS", 2)
    monkeypatch.setattr("inkmeans.cluster._starts._MOST_STARTS", 2)


@pytest.mark.slow  # hundreds of clusterings
@pytest.mark.usefixtures("_quick_clusterings")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=14))
def test_any_sequence_of_steps_agrees_with_the_model(bars, tmp_path_factory, steps):
    path = tmp_path_factory.mktemp("model") / "bars.ink"
    model, project = Model(), Project.create(path, bars)
    ordinary = 0
    try:
        for kind, given_names in steps:
            before = model.place
            model.do(kind, given_names)
            if kind == "reopen":
                project.close()
                project = Project.open(path)
            elif kind in ("undo", "redo"):
                step = getattr(project, kind)()
                assert (step is None) == (model.place == before)
            elif kind == "cluster":
                project.cluster(given_names)
            else:
                with contextlib.suppress(InkmeansError):
                    project.name_many(given_names)
            n_clusters, names = model.now
            assert [cluster.name for cluster in project.clusters] == [names.get(i) for i in range(n_clusters)]
            history = project.history
            assert sum(step.status == "done" for step in history) == model.place
            assert sum(step.status == "undone" for step in history) == len(model.states) - 1 - model.place
            assert len(history) >= ordinary  # nothing is ever deleted
            ordinary = len(history)
    finally:
        project.close()


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 9), st.integers(1, 9), st.sampled_from(["u1", "<i4", ">f4", "f8", "?"])),
        min_size=1,
        max_size=5,
    ),
    st.randoms(use_true_random=False),
)
def test_images_of_any_shape_and_dtype_come_back_as_given(tmp_path_factory, shapes, random):
    path = tmp_path_factory.mktemp("images") / "any.ink"
    generator = np.random.default_rng(random.randrange(1 << 30))
    images = [generator.integers(0, 2, (h, w)).astype(dtype) for h, w, dtype in shapes]
    with Project.create(path, images) as project:
        assert project.glyphs.shape == (len(images), 28, 28)
        for given_image, back in zip(images, project.images, strict=True):
            assert (given_image.dtype, given_image.tobytes()) == (back.dtype, back.tobytes())
        with pytest.raises(ValueError, match="read-only"):
            project.glyphs[0, 0, 0] = 1
