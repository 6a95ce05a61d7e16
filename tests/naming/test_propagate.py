"""Names of single glyphs: given as truths, propagated along the graph, and undone like any step."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from inkmeans.errors import InputError, ProjectError
from inkmeans.naming import Project
from inkmeans.naming._arrays import pack


@pytest.fixture(scope="module")
def clustered(tmp_path_factory):
    """Return a project of 40 bars, a blank and 40 rings in 6 clusters, unnamed; only to be copied."""
    jitter = np.random.default_rng(0).integers(-3, 4, size=(81, 4))
    images = []
    for i in range(81):
        image = Image.new("L", (40, 40))
        if i < 40:
            ImageDraw.Draw(image).line((jitter[i] + [20, 5, 20, 34]).tolist(), fill=255, width=4)
        elif i > 40:
            ImageDraw.Draw(image).ellipse((jitter[i] + [8, 5, 31, 34]).tolist(), outline=255, width=4)
        images.append(np.asarray(image))
    path = tmp_path_factory.mktemp("wide") / "wide.ink"
    with Project.create(path, np.stack(images)) as project:
        project.cluster(6)
    return path


@pytest.fixture
def wide(path, clustered, few_patches):
    """Return that project, open."""
    shutil.copy(clustered, path)
    with Project.open(path) as project:
        yield project


def name_by_middle(project, numbers):
    project.name_many({n: "l" if project.middle(n) < 40 else "o" for n in numbers})


def test_names_of_some_clusters_reach_the_glyphs_of_the_others(wide):
    by_size = sorted(wide.clusters, key=lambda cluster: -cluster.size)
    bars = next(cluster.number for cluster in by_size if cluster.members[0] < 40)
    rings = next(cluster.number for cluster in by_size if cluster.members[0] > 40)
    name_by_middle(wide, [bars, rings])
    before = wide.names
    wide.propagate()
    names = wide.names
    assert sum(name is not None for name in names) > sum(name is not None for name in before)
    assert set(names[:40]) <= {"l", None} and set(names[41:]) <= {"o", None}
    assert set(names) == {"l", "o", None} and names[40] is None
    assert [cluster.name for cluster in wide.clusters if cluster.number not in (bars, rings)] == [None] * 4
    sure = wide.confidences
    assert all((name is None) == (value == 0.0) for name, value in zip(names, sure, strict=True))
    assert sure[wide.labels == bars].tolist() == [1.0] * (wide.labels == bars).sum()
    glyphs, given = wide.named_glyphs()
    assert len(glyphs) == len(given) == sum(name is not None for name in names)


def test_a_truth_is_the_name_of_its_glyph_whatever_its_cluster_is_named(wide):
    wide.name_many(dict.fromkeys(range(6), "x"))
    wide.propagate({0: " l ", np.int64(80): "o"})
    assert wide.names == ["l", *["x"] * 39, None, *["x"] * 39, "o"]
    assert wide.confidences[[0, 1, 80]].tolist() == [1.0, 1.0, 1.0]
    assert wide.history[-1].detail["truths"] == {"0": "l", "80": "o"}


def test_truths_alone_are_propagated_and_later_propagations_know_them(wide):
    wide.propagate({0: "l", 39: "l", 41: "o", 80: "o"}, least_confidence=0.0)
    assert wide.names == ["l"] * 40 + [None] + ["o"] * 40
    wide.propagate({20: "I"}, least_confidence=1.0)
    names = wide.names
    assert {i: name for i, name in enumerate(names) if name is not None} == {0: "l", 20: "I", 39: "l", 41: "o", 80: "o"}


def test_a_cluster_named_later_bears_its_name(wide):
    wide.propagate({0: "l", 80: "o"}, least_confidence=0.0)
    cluster = int(wide.labels[20])
    wide.name(cluster, "I")
    assert (wide.confidences[wide.labels == cluster] == 1.0).all()
    assert all(wide.names[i] == "I" for i in np.flatnonzero(wide.labels == cluster) if i != 0)
    assert wide.names[0] == "l"


@pytest.mark.slow  # a clustering, or the graph made anew
def test_a_propagation_is_undone_and_redone_and_comes_back_when_opened(wide, path):
    wide.propagate({0: "l", 80: "o"}, least_confidence=0.0)
    propagated = wide.names
    assert str(wide.undo()) == "names propagated to 78 glyphs"
    assert wide.names == [None] * 81 and wide.confidences.max() == 0.0
    wide.redo()
    wide.close()
    with Project.open(path) as again:
        assert again.names == propagated
        again.cluster(4)
        assert again.names == [None] * 81
        again.undo()
        assert again.names == propagated


@pytest.mark.slow  # a clustering, or the graph made anew
def test_a_project_that_is_opened_propagates_as_the_one_that_made_its_clusters(wide, path):
    wide.cluster(6)  # so that the graph is at hand
    wide.propagate({0: "l", 80: "o"}, least_confidence=0.6)
    names, sure = wide.names, wide.confidences
    wide.undo()
    wide.close()
    with Project.open(path) as again:
        again.propagate({0: "l", 80: "o"}, least_confidence=0.6)
        assert again.names == names and again.confidences.tolist() == sure.tolist()


def test_next_to_name_is_the_largest_at_first_and_then_what_names_do_not_reach(wide):
    sizes = [cluster.size for cluster in wide.clusters]
    first = wide.next_to_name()
    assert first == sizes.index(max(sizes))
    named = [first]
    for _ in range(3):
        name_by_middle(wide, named)
        wide.propagate(least_confidence=0.0)
        lacks = [(1.0 - wide.confidences[cluster.members]).sum() for cluster in wide.clusters]
        wide.undo()
        named.append(wide.next_to_name())
        assert named[-1] == int(np.argmax(lacks))
    assert (wide.middle(named[1]) < 40) != (wide.middle(first) < 40)
    name_by_middle(wide, range(6))
    assert wide.next_to_name() is None


@pytest.mark.parametrize(
    ("truths", "options", "message"),
    [
        ({81: "l"}, {}, "The index of a truth must be below 81, the number of glyphs; got 81."),
        ({-1: "l"}, {}, "The index of a truth must be a whole number of at least 0; got -1."),
        ({40: "l"}, {}, "Glyph 40 shows no character (blank), so it can have no truth."),
        (
            {0: "?"},
            {},
            "truths[0] must not be '?', which means that the reader rejects; leave the cluster unnamed instead.",
        ),
        ({0: "l"}, {"least_confidence": 1.1}, "least_confidence must be a number from 0 to 1; got 1.1."),
        ({0: "l"}, {"least_confidence": True}, "least_confidence must be a number from 0 to 1; got True."),
        ({0: "l"}, {"least_confidence": "1"}, "least_confidence must be a number from 0 to 1; got '1'."),
    ],
)
def test_what_cannot_be_propagated_is_refused_and_leaves_no_step(wide, truths, options, message):
    with pytest.raises(InputError) as caught:
        wide.propagate(truths, **options)
    assert str(caught.value) == message
    assert len(wide.history) == 1


def test_without_a_name_or_clusters_nothing_is_propagated(wide, path, bars):
    with pytest.raises(InputError) as caught:
        wide.propagate()
    assert str(caught.value) == f"{path} has no names to propagate; name a cluster, or give truths."
    with Project.create(path.with_name("other.ink"), bars) as project:
        for act in (lambda: project.propagate({0: "l"}), project.next_to_name):
            with pytest.raises(ProjectError, match="has no clusters yet"):
                act()


@pytest.mark.slow  # a clustering, or the graph made anew
def test_a_propagation_over_clusters_that_are_there_no_more_is_refused(wide, path):
    with Project.open(path) as other, pytest.raises(ProjectError) as caught:
        other.propagate(
            {0: "l"}, progress=lambda stage, _: wide.cluster(3) if stage == "finding the neighbors" else None
        )
    assert (
        str(caught.value)
        == f"{path} was clustered anew meanwhile, so its names are not propagated; propagate them again."
    )


@pytest.mark.parametrize(
    ("numbers", "confidences", "truths", "what"),
    [
        (np.zeros(80, np.int32), np.zeros(81, np.float32), {}, "there is not one name for each of the 81 glyphs"),
        (np.zeros(81, np.int32), np.zeros(81, np.int32), {}, "there is not one confidence for each of the 81 glyphs"),
        (np.ones(81, np.int32), np.zeros(81, np.float32), {}, "its names are not all in -1..0"),
        (np.full(81, -2, np.int32), np.zeros(81, np.float32), {}, "its names are not all in -1..0"),
        (np.zeros(81, np.int32), np.full(81, np.nan, np.float32), {}, "its confidences are not all in 0..1"),
        (np.zeros(81, np.int32), np.zeros(81, np.float32), {"81": "l"}, "it names a glyph that is not in 0..80"),
    ],
)
def test_a_damaged_propagation_is_told(wide, path, numbers, confidences, truths, what):
    layout, data = pack({"numbers": numbers, "confidences": confidences})
    with wide._replay.store.writing():
        wide._replay.append("propagate", {"truths": truths, "names": ["l"], "n_named": 1, "arrays": layout}, data)
    with pytest.raises(ProjectError) as caught:
        _ = wide.names
    assert str(caught.value) == f"{path} is damaged: in step 2 {what}; restore the file from a copy."


@pytest.mark.parametrize(
    "detail",
    [
        {"names": ["l"], "n_named": 1},
        {"truths": {"a": "l"}, "names": ["l"], "n_named": 1},
        {"truths": {"0": None}, "names": ["l"], "n_named": 1},
        {"truths": {}, "names": ["?"], "n_named": 1},
        {"truths": {}, "names": {}, "n_named": 1},
        {"truths": {}, "names": ["l"]},
    ],
)
def test_a_propagation_without_what_it_must_hold_is_told(wide, detail):
    with wide._replay.store.writing():
        wide._replay.append("propagate", detail)
    with pytest.raises(ProjectError, match="step 2 does not hold what a step of kind 'propagate' must"):
        _ = wide.names


def test_a_file_of_an_earlier_version_opens_as_it_did(tmp_path):
    """Its steps of kind "spread" are propagations: 30 digits in 6 clusters, two named, propagated twice, undone, redone."""
    old = tmp_path / "old.ink"
    shutil.copyfile(Path(__file__).parent / "files" / "steps-named-spread.ink", old)
    with Project.open(old) as project:
        assert [(step.number, step.kind, step.status) for step in project.history] == [
            (1, "cluster", "done"),
            (2, "name", "done"),
            (3, "name", "done"),
            (4, "propagate", "done"),
            (5, "propagate", "done"),
            (8, "name", "undone"),
        ]
        assert "".join(name or "-" for name in project.names) == "111515199911151511951195191195"
        assert project.confidences[[0, 1, 9, 29]].tolist() == pytest.approx([0.43156189, 1.0, 1.0, 1.0])
        assert str(project.undo()) == "names propagated to 16 glyphs"
        assert str(project.undo()) == "names propagated to 17 glyphs"
        project.propagate(least_confidence=0.0)
        assert project.history[-1].kind == "propagate"
    with Project.open(old) as project:
        assert None not in project.names
