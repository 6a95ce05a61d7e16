"""What a project does, step by step."""

import os
import sqlite3
import threading
from pathlib import Path

import numpy as np
import pytest

from inkmeans.cluster import GlyphClustering
from inkmeans.errors import FileError, InputError, ProjectError
from inkmeans.naming import Project


def names_of(project):
    return [cluster.name for cluster in project.clusters]


@pytest.mark.usefixtures("few_patches")
def test_the_main_road_create_cluster_name_and_come_back(path, bars):
    sources = [f"bar{i}.png" for i in range(8)]
    with Project.create(path, bars, sources=sources, truths=list("llll -- -".replace(" ", "x")[:8])) as project:
        assert (len(project), project.clusters, project.labels, project.centers) == (8, [], None, None)
        project.cluster(2)
        tall, wide = project.labels[0], project.labels[5]
        project.name(tall, "l")
        project.name(wide, "-")
    assert list(path.parent.iterdir()) == [path]
    with Project.open(path) as project:
        assert project.labels.tolist() == [tall] * 4 + [-1] + [wide] * 3
        assert project.names == ["l"] * 4 + [None] + ["-"] * 3
        assert project.sources == sources
        assert project.truths == list("llllx--x")
        assert project.verdicts == ["glyph"] * 4 + ["blank"] + ["glyph"] * 3
        clusters = project.clusters
        assert [(cluster.number, cluster.size) for cluster in clusters] == sorted([(tall, 4), (wide, 3)])
        assert sorted(clusters[tall].members.tolist()) == [0, 1, 2, 3]
        assert project.middle(wide) == clusters[wide].members[0]
        glyphs, names = project.named_glyphs()
        assert (glyphs == project.glyphs[[0, 1, 2, 3, 5, 6, 7]]).all()
        assert names == ["l"] * 4 + ["-"] * 3
        assert project.centers.shape == (2, 28, 28)
        assert [(step.kind, step.status) for step in project.history] == [
            ("cluster", "done"),
            ("name", "done"),
            ("name", "done"),
        ]


def test_a_center_is_the_mean_of_its_glyphs(project):
    for cluster in project.clusters:
        mean = project.glyphs[cluster.members].mean(axis=0)
        assert project.centers[cluster.number] == pytest.approx(mean, abs=1e-3)


def test_images_come_back_as_they_were_given(path):
    images = [
        np.array([[0, 16], [3, 9]], dtype=">f4"),
        np.ones((9, 5), dtype=bool),
        np.asfortranarray(np.arange(60, dtype=np.int16).reshape(6, 10)),
        np.array([[0.1, 7.63]]),
    ]
    with Project.create(path, images) as project:
        assert len(project.images) == 4
        for given, back in zip(images, project.images, strict=True):
            assert (back.dtype, back.shape, back.tobytes()) == (given.dtype, given.shape, given.tobytes())
        assert [image.shape for image in project.images[1:3]] == [(9, 5), (6, 10)]
        assert (project.images[-1] == images[-1]).all()
        with pytest.raises(IndexError):
            project.images[4]


def test_the_settings_say_how_the_glyphs_were_made(path, bars):
    from inkmeans.normalize import NORMALIZER

    with Project.create(path, bars) as project:
        settings = project.settings
    assert settings["normalizer"] == NORMALIZER
    assert (settings["ink"], settings["ink_max"], settings["n_glyphs"]) == ("auto", None, 8)
    assert settings["created_with"].startswith("inkmeans ")


def test_sources_may_be_any_file_name_and_truths_any_script(path, bars):
    sources = ["a.png", "caf\udce9.png", "\udfff\ud800", "", "ಕ.png", "x\x00y", "b", "c"]
    truths = [1, np.int64(2), " 3 ", "e\u0301", "ಕ", "six", "?", "ab"]
    with Project.create(path, bars, sources=sources, truths=truths) as project:
        assert project.sources == sources
        assert project.truths == ["1", "2", "3", "é", "ಕ", "six", "?", "ab"]
    with Project.create(path.with_name("plain.ink"), bars, truths=np.arange(8)) as project:
        assert (project.sources, project.truths) == (None, list("01234567"))


# Names


def test_several_clusters_may_bear_one_name_and_a_name_can_be_taken_away(project):
    project.name(0, "7")
    project.name(1, "7")
    assert names_of(project) == ["7", "7"]
    project.name(0, None)
    assert names_of(project) == [None, "7"]


def test_names_are_kept_in_nfc_without_spaces_at_the_ends(project):
    project.name(0, " e\u0301 ")
    project.name(1, "ಕ್ಷ\u200d")
    assert names_of(project) == ["é", "ಕ್ಷ\u200d"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "A name must not be empty."),
        (" \u3000", "A name must not be empty."),
        (
            "?",
            "A name must not be '?', which means that the reader rejects; leave the cluster unnamed instead.",
        ),
        ("a\nb", "A name must not hold control characters; got U+000A."),
        ("a\u2028b", "A name must not hold control characters; got U+2028."),
        ("\ud800", "A name must not hold control characters; got U+D800."),
        ("x" * 65, "A name must have at most 64 characters; got 65."),
        (7, "A name must be text; got int."),
        (b"7", "A name must be text; got bytes."),
    ],
)
def test_what_is_no_name_is_refused_and_leaves_no_step(project, name, message):
    with pytest.raises(InputError) as caught:
        project.name(0, name)
    assert str(caught.value) == message
    assert len(project.history) == 1


@pytest.mark.parametrize("number", [0, np.int32(1)])
def test_a_cluster_is_given_by_any_whole_number(project, number):
    project.name(number, "a")
    assert project.clusters[number].name == "a"


def test_a_cluster_that_is_not_there_is_refused(project, path, bars):
    with pytest.raises(ProjectError) as caught:
        project.name(2, "a")
    assert str(caught.value) == f"cluster must be one of the 2 of {path}, 0 to 1; got 2."
    for wrong in (-1, True, 0.0, "0"):
        with pytest.raises(InputError) as caught:
            project.name(wrong, "a")
        assert str(caught.value) == f"cluster must be a whole number of at least 0; got {wrong!r}."
    with pytest.raises(ProjectError):
        project.middle(2)
    other = path.with_name("other.ink")
    with Project.create(other, bars) as unclustered, pytest.raises(ProjectError) as caught:
        unclustered.name(0, "a")
    assert str(caught.value) == (
        f"{other} has no clusters yet; group its glyphs first: inkmeans cluster {other}, or cluster(k)."
    )


def test_many_names_are_one_step_all_or_none(project):
    project.name_many({0: "a", 1: "b"})
    assert len(project.history) == 2
    for wrong in ({0: "x", 1: "?"}, {0: "x", 5: "y"}):
        with pytest.raises((InputError, ProjectError)):
            project.name_many(wrong)
    assert names_of(project) == ["a", "b"]
    assert project.undo().detail == {"names": {"0": "a", "1": "b"}}
    assert names_of(project) == [None, None]


def test_giving_a_cluster_the_name_it_has_is_no_step(project):
    project.name(0, "a")
    project.undo()
    project.name(1, None)
    project.name_many({})
    assert str(project.redo()) == "cluster 0 named a"
    project.name_many({0: "a", 1: "b"})
    assert project.history[-1].detail == {"names": {"1": "b"}}


# Undo and redo


def test_undo_and_redo_return_the_step_or_none(project):
    project.name(0, "a")
    assert project.redo() is None
    assert str(project.undo()) == "cluster 0 named a"
    assert str(project.undo()) == "2 clusters"
    assert project.undo() is None
    assert (project.clusters, project.labels) == ([], None)
    assert str(project.redo()) == "2 clusters"
    assert str(project.redo()) == "cluster 0 named a"
    assert project.redo() is None
    assert names_of(project) == ["a", None]


def test_a_step_after_an_undo_closes_the_branch_and_deletes_nothing(project, path):
    project.name(0, "a")
    project.undo()
    project.name(0, "b")
    assert project.redo() is None
    assert [(str(step), step.status) for step in project.history] == [
        ("2 clusters", "done"),
        ("cluster 0 named a", "closed"),
        ("cluster 0 named b", "done"),
    ]
    project.close()
    with Project.open(path) as again:
        assert [step.status for step in again.history] == ["done", "closed", "done"]
        again.undo()
        assert names_of(again) == [None, None]


def test_undo_works_after_the_project_was_closed(project, path):
    project.name(0, "a")
    project.close()
    with Project.open(path) as again:
        assert str(again.undo()) == "cluster 0 named a"
    with Project.open(path) as again:
        assert str(again.redo()) == "cluster 0 named a"


def test_a_new_clustering_starts_unnamed_and_undo_brings_the_old_names_back(project):
    project.name_many({0: "a", 1: "b"})
    project.cluster(3)
    assert names_of(project) == [None, None, None]
    project.name(2, "c")
    assert project.undo() is not None
    assert project.undo().kind == "cluster"
    assert names_of(project) == ["a", "b"]
    project.redo()
    project.redo()
    assert names_of(project) == [None, None, "c"]


# Clustering


def test_a_clustering_records_how_it_was_made(project):
    project.cluster(2, random_state=5)
    detail = project.history[-1].detail
    assert (detail["n_clusters"], detail["random_state"]) == (2, 5)


def test_the_clusters_are_those_of_glyph_clustering_the_middle_of_each_first(project):
    project.cluster(3, random_state=5)
    used = np.flatnonzero(project.labels >= 0)
    grouping = GlyphClustering(3, random_state=5).fit_glyphs(project.glyphs[used])
    assert (project.labels[used] == grouping.labels_).all()
    assert [project.middle(number) for number in range(3)] == used[grouping.middles_].tolist()


@pytest.mark.slow  # four clusterings
def test_the_same_seed_gives_the_same_clusters_and_none_draws_one(project):
    first = project.labels
    project.cluster(2, random_state=None)
    seed = project.history[-1].detail["random_state"]
    drawn = project.labels
    project.cluster(2, random_state=seed)
    assert (project.labels == drawn).all()
    project.cluster(2)
    assert (project.labels == first).all()


@pytest.mark.parametrize("seed", [-1, 2**32, 1.0, True, "1"])
def test_a_seed_that_numpy_would_not_take_is_refused(project, seed):
    steps = len(project.history)
    with pytest.raises(InputError) as caught:
        project.cluster(2, random_state=seed)
    assert str(caught.value) == f"random_state must be a whole number from 0 to 4294967295, or None; got {seed!r}."
    assert len(project.history) == steps


@pytest.mark.parametrize("n_clusters", [0, -1, 2.0, True, "2", None])
def test_a_number_of_clusters_that_is_none_is_refused(project, n_clusters):
    with pytest.raises(InputError) as caught:
        project.cluster(n_clusters)
    assert str(caught.value) == f"n_clusters must be a whole number of at least 1; got {n_clusters!r}."


def test_more_clusters_than_glyphs_are_refused(project):
    with pytest.raises(InputError) as caught:
        project.cluster(8)
    assert str(caught.value) == (
        "n_clusters must be at most the number of glyphs, 7 (8 images, those without a character left out); got 8."
    )
    project.cluster(7)


@pytest.mark.parametrize("stage", range(5))
def test_what_is_stopped_at_any_stage_leaves_no_step(project, stage):
    told = []

    def stop(what, done):
        told.append((what, done))
        if len(told) > stage:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        project.cluster(3, progress=stop)
    assert len(project.history) == 1
    assert len(project.clusters) == 2


@pytest.mark.parametrize(("n", "n_clusters"), [(1, 1), (2, 2), (3, 2), (12, 12), (30, 5)])
@pytest.mark.usefixtures("few_patches")
def test_a_small_collection_is_clustered_and_every_glyph_is_in_a_cluster(path, n, n_clusters):
    images = np.zeros((n, 40, 40), dtype=np.uint8)
    for i in range(n):
        images[i, 4:36, 4 : 7 + i] = 255
    with Project.create(path, images) as project:
        project.cluster(n_clusters)
        assert sum(cluster.size for cluster in project.clusters) == n
        assert all(cluster.size for cluster in project.clusters)


@pytest.mark.usefixtures("few_patches")
def test_equal_glyphs_are_clustered_and_named_like_others(path, bars):
    with Project.create(path, np.repeat(bars[:1], 9, axis=0)) as project:
        project.cluster(9)
        assert sum(cluster.size for cluster in project.clusters) == 9
        project.name_many(dict.fromkeys(range(9), "l"))
        assert project.names == ["l"] * 9


def test_an_empty_cluster_has_no_middle(path):
    alike = np.zeros((3, 28, 28), dtype=np.uint8)
    alike[:, 4:24, 12:16] = 255
    with Project.create(path, alike) as project:
        from inkmeans.naming._arrays import pack

        layout, data = pack(
            {"labels": np.zeros(3, np.int32), "centers": np.zeros((2, 784)), "distances": np.zeros(3, np.float32)}
        )
        with project._replay.store.writing():
            project._replay.append("cluster", {"n_clusters": 2, "arrays": layout}, data)
        assert [cluster.size for cluster in project.clusters] == [3, 0]
        project.name(1, "nothing yet")
        with pytest.raises(ProjectError) as caught:
            project.middle(1)
        assert str(caught.value) == f"Cluster 1 of {path} is empty, so it has no middle."


# Creating


@pytest.mark.parametrize(
    ("images", "more", "message"),
    [
        ([], {}, "images is empty; a project needs at least one image."),
        (
            np.zeros((3, 784)),
            {},
            "images must be of shape (n, height, width) or a list of 2-D arrays; got shape (3, 784).",
        ),
        ([np.zeros(4)], {}, "images[0] must be of shape (height, width); got shape (4,)."),
        ([np.zeros((0, 4))], {}, "images[0] must be of shape (height, width); got shape (0, 4)."),
        ([np.array([["a"]])], {}, "images[0] must hold whole numbers or floats; got dtype <U1."),
        ([np.array([[None]])], {}, "images[0] must hold whole numbers or floats; got dtype object."),
        ([np.ones((4, 4))], {"truths": []}, "truths must be as many as the images, 1; got 0."),
        ([np.ones((4, 4))], {"truths": [None]}, "truths[0] must be text; got NoneType."),
        ([np.ones((4, 4))], {"truths": [" "]}, "truths[0] must not be empty."),
        ([np.ones((4, 4))], {"sources": ["a", "b"]}, "sources must be as many as the images, 1; got 2."),
        ([np.ones((4, 4))], {"sources": [1]}, "sources[0] must be text or a path; got int."),
    ],
)
def test_what_cannot_be_a_project_is_refused_and_leaves_no_file(path, images, more, message):
    with pytest.raises(InputError) as caught:
        Project.create(path, images, **more)
    assert str(caught.value) == message
    assert list(path.parent.iterdir()) == []


def test_a_project_is_not_overwritten_unless_that_is_asked_for(project, path, bars):
    project.name(0, "a")
    project.close()
    with pytest.raises(FileError) as caught:
        Project.create(path, bars)
    assert str(caught.value) == f"{path} already exists; choose another name, or replace it with overwrite=True."
    with Project.open(path) as again:
        assert names_of(again) == ["a", None]
    with Project.create(path, bars[:3], overwrite=True) as new:
        assert (len(new), new.history) == (3, [])
    assert list(path.parent.iterdir()) == [path]


def test_only_a_project_is_overwritten(path, bars):
    path.write_bytes(b"\x89PNG and so on" * 100)
    with pytest.raises(ProjectError) as caught:
        Project.create(path, bars, overwrite=True)
    assert str(caught.value) == f"{path} is not an inkmeans project: it is not an SQLite file."
    assert path.read_bytes() == b"\x89PNG and so on" * 100


def test_a_project_that_is_open_is_not_overwritten(project, path, bars):
    with pytest.raises(ProjectError) as caught:
        Project.create(path, bars, overwrite=True)
    assert str(caught.value) == f"{path} is open in another process; close it there before it is replaced."
    project.name(0, "a")
    project.close()
    with Project.open(path) as again:
        assert names_of(again) == ["a", None]


def test_a_journal_left_by_another_project_does_not_spoil_a_new_one(path, bars):
    log = path.with_name("bars.ink-wal")
    log.write_bytes(b"steps of a project that was moved")
    with pytest.raises(FileError) as caught:
        Project.create(path, bars)
    assert str(caught.value) == (
        f"{log} belongs to a project that was moved or deleted without it, and would spoil the new one; move it beside"
        " its project, or delete it."
    )
    assert log.read_bytes() == b"steps of a project that was moved"


def test_a_project_made_by_another_process_meanwhile_is_kept(path, bars, monkeypatch):
    from inkmeans.naming import _create

    put = _create.put_in_place

    def put_late(*args, **more):
        path.write_bytes(b"theirs")
        put(*args, **more)

    monkeypatch.setattr(_create, "put_in_place", put_late)
    with pytest.raises(FileError) as caught:
        Project.create(path, bars)
    assert str(caught.value) == f"{path} was made by another process meanwhile; choose another name."
    assert path.read_bytes() == b"theirs"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("linkless", [OSError, PermissionError])
def test_a_file_system_without_links_will_do(path, bars, monkeypatch, linkless):
    def no_links(*_args):
        raise linkless

    monkeypatch.setattr(os, "link", no_links)
    with Project.create(path, bars) as project:
        assert len(project) == 8
    assert list(path.parent.iterdir()) == [path]


def test_a_disk_that_fills_leaves_nothing(path, bars, monkeypatch):
    from inkmeans.naming import _store

    def full(rows):
        next(iter(rows))
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    monkeypatch.setattr(_store, "_glyph_rows", full)
    with pytest.raises(FileError) as caught:
        Project.create(path, bars)
    assert str(caught.value) == f"{path} cannot be written: the disk is full; nothing was changed."
    assert list(path.parent.iterdir()) == []


# Open, closed, shared


def test_a_closed_project_says_so(project, path):
    project.close()
    project.close()
    for use in (lambda: project.clusters, lambda: project.name(0, "a"), lambda: project.images[0], project.undo):
        with pytest.raises(ProjectError) as caught:
            use()
        assert str(caught.value) == f"{path} is closed; open it again with Project.open('{path}')."


def test_while_open_a_step_waits_for_the_disk_and_the_journal_is_a_log(project):
    ask = project._replay.store._connection.execute
    assert ask("PRAGMA synchronous").fetchone() == (2,)  # FULL
    assert ask("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_closed_project_is_one_file_without_a_log(project, path):
    project.name(0, "a")
    assert path.with_name("bars.ink-wal").exists()
    project.close()
    assert list(path.parent.iterdir()) == [path]
    assert path.read_bytes()[18:20] == b"\x01\x01"  # SQLite's header: 1 is the rollback journal, 2 the log


def test_steps_can_neither_be_changed_nor_deleted(project, path):
    project.close()
    connection = sqlite3.connect(path)
    for sql in ("UPDATE steps SET kind = 'x'", "DELETE FROM steps"):
        with pytest.raises(sqlite3.IntegrityError, match="steps are append-only"):
            connection.execute(sql)
    connection.close()


def test_two_that_have_it_open_see_each_others_steps(project, path):
    with Project.open(path) as other:
        project.name(0, "a")
        assert names_of(other) == ["a", None]
        assert len(other.history) == 2
        other.name(1, "b")
        assert names_of(project) == ["a", "b"]
        assert str(project.undo()) == "cluster 1 named b"
        assert str(other.redo()) == "cluster 1 named b"
        project.cluster(3)
        assert (other.labels == project.labels).all()
        assert other.centers.shape == (3, 28, 28)
        project.undo()
        assert other.names[:1] == project.names[:1]
        project.close()
        other.name(0, "c")
    assert list(path.parent.iterdir()) == [path]
    with Project.open(path) as again:
        assert names_of(again) == ["c", "b"]


def test_a_name_for_clusters_that_another_replaced_is_refused(project, path):
    with Project.open(path) as other:
        assert len(other.clusters) == 2
        project.cluster(3)
        with pytest.raises(ProjectError) as caught:
            other.name(0, "a")
        assert str(caught.value) == (
            f"{path} was clustered anew by another process; look at its clusters again before you name them."
        )
        assert names_of(other) == [None, None, None]
        other.name(0, "a")
    assert names_of(project) == ["a", None, None]


def test_a_writer_that_does_not_finish_is_waited_for_and_then_named(project, path, monkeypatch):
    from inkmeans.naming import _sqlite

    monkeypatch.setattr(_sqlite, "WAIT", 0.3)
    with Project.open(path) as impatient:
        hog = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        hog.execute("BEGIN IMMEDIATE")
        with pytest.raises(ProjectError) as caught:
            impatient.name(0, "a")
        assert str(caught.value) == (
            f"{path} is being written by another process, for longer than 0.3 seconds; nothing was changed, so"
            " try again when it is done."
        )
        assert names_of(impatient) == [None, None]
        soon = threading.Timer(0.3, hog.execute, ["ROLLBACK"])
        soon.start()
        project.name(0, "a")  # waits up to 10 seconds
        soon.join()
        hog.close()
        assert names_of(impatient) == ["a", None]


def test_threads_may_share_a_project(project):
    def name(letter):
        for i in range(20):
            project.name(i % 2, f"{letter}{i}")

    threads = [threading.Thread(target=name, args=(letter,)) for letter in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(project.history) == 1 + 60


@pytest.mark.parametrize("put_another_there", [False, True])
def test_nothing_is_acknowledged_once_the_file_was_moved(project, path, put_another_there):
    away = path.with_name("away.ink")
    path.rename(away)
    if put_another_there:
        path.write_bytes(b"another file")
    with pytest.raises(FileError) as caught:
        project.name(0, "a")
    assert str(caught.value) == f"{path} was moved or replaced while it was open, so nothing more is saved."
    assert names_of(project) == [None, None]
    project.close()
    if put_another_there:
        assert path.read_bytes() == b"another file"


@pytest.mark.slow  # all 1,797 digits
def test_the_digits_of_scikit_learn_named_by_one_look_at_each_middle(path):
    from sklearn.datasets import load_digits

    from inkmeans.evaluate import named_accuracy

    digits = load_digits()
    with Project.create(path, digits.images, truths=digits.target) as project:
        project.cluster(64)
        middles = [project.middle(cluster.number) for cluster in project.clusters]
        project.name_many({number: project.truths[middle] for number, middle in enumerate(middles)})
        right = np.mean([name == truth for name, truth in zip(project.names, project.truths, strict=True)])
        assert right == pytest.approx(named_accuracy(project.truths, project.labels, middles), abs=1e-12)
        assert right > 0.97


def test_clusters_found_elsewhere_are_taken_over(tmp_path: Path) -> None:
    images = np.zeros((5, 12, 12), dtype=np.uint8)
    for i in range(4):
        images[i, 2:10, 2 + 2 * i : 4 + 2 * i] = 255  # the last is blank
    with Project.create(tmp_path / "logs.ink", images) as project:
        project.cluster(2)
        project.name(0, "old")
        project.set_clusters([1, 0, 1, 1, -1], [0.5, 0.0, 0.2, 0.3, 0.0])
        assert [(cluster.name, cluster.members.tolist()) for cluster in project.clusters] == [
            (None, [1]),
            (None, [2, 3, 0]),
        ]
        project.name(1, "1")
    with Project.open(tmp_path / "logs.ink") as project:
        assert project.names == ["1", None, "1", "1", None]
        assert project.next_to_name() == 0
        project.undo()
        project.undo()
        assert project.clusters[0].name == "old"


@pytest.mark.parametrize(
    ("labels", "distances", "message"),
    [
        ([0, 0], [0.0, 0.0], "labels must have one number for each of 3 images; got int64 of shape (2,)."),
        ([0.0, 0, -1], [0.0] * 3, "labels must have one number for each of 3 images; got float64 of shape (3,)."),
        ([0, 1, -1], [0.0] * 2, "distances must have one number for each of 3 images; got float64 of shape (2,)."),
        ([0, 1, -1], [0.0, float("nan"), 0], "distances must be finite, in float32 too, and not below 0."),
        ([0, 1, -1], [0.0, 1e300, 0], "distances must be finite, in float32 too, and not below 0."),
        (
            [0, 3, -1],
            [0.0] * 3,
            "labels must be from -1, for an image in no cluster, to 2, and not all -1; got -1 to 3.",
        ),
        ([0, 1, 1], [0.0] * 3, "labels[2] must be -1, because that image shows no character; got 1."),
    ],
)
def test_clusters_that_do_not_fit_the_images_are_refused(
    tmp_path: Path, labels: list[float], distances: list[float], message: str
) -> None:
    images = np.zeros((3, 12, 12), dtype=np.uint8)
    images[:2, 2:10, 4:6] = 255
    with Project.create(tmp_path / "logs.ink", images) as project:
        with pytest.raises(InputError) as caught:
            project.set_clusters(labels, distances)
        assert str(caught.value) == message
        assert not project.history
