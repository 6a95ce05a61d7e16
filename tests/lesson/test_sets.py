"""The sets that k-means can be watched on: digits, what was fetched, projects, and drawings."""

import gzip
import os
import struct
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from inkmeans import Project
from inkmeans.datasets import load_digits
from inkmeans.images import Drawing
from inkmeans.lesson import Abandoned, LearnSet, LearnSets, pad_numbers, trace
from inkmeans.lesson._kept import Kept
from inkmeans.lesson._plane import draw_rows, fit_plane
from inkmeans.normalize import normalize

DIGITS = load_digits()


def found(sets: LearnSets, name: str) -> LearnSet:
    each = sets.find(name)
    assert each is not None
    return each


def make_project(path: Path, n: int = 40, truths: bool = True) -> Path:
    images = [*DIGITS.images[:n].astype(np.uint8), np.zeros((8, 8), dtype=np.uint8)]  # the last shows nothing
    shown = [*DIGITS.truths[:n].tolist(), "0"]
    Project.create(path, images, truths=shown if truths else None, ink="bright").close()
    return path


def line(x: float, truth: str | None = None) -> Drawing:
    return Drawing((((x, 40.0), (x, 240.0)), ((x, 240.0), (x + 60, 240.0))), 280, 280, 18.0, truth)


def test_the_digits_come_raw_and_normalized_with_all_of_them_as_marks() -> None:
    sets = LearnSets()
    digits = found(sets, "digits")
    raw, normalized = sets.glyphs(digits, "raw"), sets.glyphs(digits, "normalized")
    np.testing.assert_array_equal(raw.images, DIGITS.images)
    np.testing.assert_array_equal(normalized.images, normalize(DIGITS.images.astype(np.uint8)).glyphs)
    assert (raw.ink_max, normalized.ink_max) == (16, 255)
    assert len(raw.marks) == len(normalized.marks) == digits.n_glyphs == 1797
    np.testing.assert_array_equal(sets.truths(digits), DIGITS.truths)


def test_a_fetched_set_has_all_its_rows_and_2000_marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INKMEANS_CACHE", str(tmp_path))
    assert [each.set for each in LearnSets().known()] == ["digits"]
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (2600, 28, 28), dtype=np.uint8)
    labels = random.integers(0, 10, 2600, dtype=np.uint8)
    (tmp_path / "mnist").mkdir()
    for part, rows in (("train", slice(2200)), ("t10k", slice(2200, None))):
        for kind, array in (("images-idx3", images[rows]), ("labels-idx1", labels[rows])):
            head = struct.pack(f">{1 + array.ndim}I", 0x800 + array.ndim, *array.shape)
            (tmp_path / "mnist" / f"{part}-{kind}-ubyte.gz").write_bytes(gzip.compress(head + array.tobytes(), 1))
    sets = LearnSets()
    mnist = found(sets, "mnist")
    assert (mnist.kind, mnist.n_glyphs, mnist.pixels) == ("fetched", 70_000, ("raw", "normalized"))
    assert [each.set for each in sets.known()] == ["digits", "mnist"]
    glyphs = sets.glyphs(mnist, "raw")
    np.testing.assert_array_equal(glyphs.images, images)
    assert len(glyphs.marks) == len(set(glyphs.marks.tolist())) == 2000
    run = trace(glyphs, 3)
    assert run.steps[-1].counts.sum() == 2600
    assert run.labels.shape[1] == 2000


def test_a_project_gives_its_readable_glyphs_and_their_truths(tmp_path: Path) -> None:
    path = make_project(tmp_path / "logs.ink")
    sets = LearnSets([path])
    digits, project = sets.known()
    assert digits.set == "digits"
    assert (project.title, project.kind, project.n_glyphs, project.has_truths) == ("logs", "project", 40, True)
    assert project.set.startswith("project-") and found(sets, project.set).set == project.set
    with Project.open(path) as opened:
        np.testing.assert_array_equal(sets.glyphs(project, "normalized").images, opened.glyphs[:40])
    assert sets.truths(project).tolist() == DIGITS.truths[:40].tolist()
    with pytest.raises(ValueError, match=r"^pixels must be 'normalized' for the set 'logs'; got 'raw'\.$"):
        sets.glyphs(project, "raw")


def test_folders_are_searched_for_projects_at_each_listing(tmp_path: Path) -> None:
    sets = LearnSets([tmp_path])
    assert [each.kind for each in sets.known()] == ["builtin"]
    make_project(tmp_path / "b.ink", truths=False)
    make_project(tmp_path / "a.ink")
    (tmp_path / "notes.txt").write_text("no project")
    assert [(each.title, each.has_truths) for each in sets.known()[1:]] == [("a", True), ("b", False)]
    (tmp_path / "a.ink").unlink()
    assert [each.title for each in sets.known()[1:]] == ["b"]


def test_a_project_made_anew_is_read_anew(tmp_path: Path) -> None:
    path = make_project(tmp_path / "logs.ink", 30)
    sets = LearnSets([path])
    project = sets.known()[1]
    assert len(sets.glyphs(project, "normalized").images) == 30
    path.unlink()
    make_project(path, 50)
    again = found(sets, project.set)
    assert (again.n_glyphs, len(sets.glyphs(again, "normalized").images)) == (50, 50)


def test_a_project_that_cannot_be_used_is_told_and_left_out(tmp_path: Path) -> None:
    make_project(tmp_path / "good.ink")
    (tmp_path / "broken.ink").write_bytes(b"SQLite format 3\0 and no more")
    blank = np.zeros((2, 8, 8), dtype=np.uint8)
    Project.create(tmp_path / "blank.ink", blank).close()
    sets = LearnSets([tmp_path, tmp_path / "gone.ink"])
    assert [each.title for each in sets.known()] == ["scikit-learn's digits", "good"]
    first, second, third = sets.problems()
    assert first == f"{tmp_path}/blank.ink must hold 1 to 250,000 readable glyphs to be watched; it has 0."
    assert "broken.ink" in second and second.endswith(".")
    assert third.startswith(f"{tmp_path}/gone.ink does not exist;")


def test_a_project_that_is_named_twice_is_one_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_project(tmp_path / "b.ink")
    make_project(tmp_path / "a.ink")
    monkeypatch.chdir(tmp_path)
    sets = LearnSets([Path("b.ink"), Path(), tmp_path, tmp_path / "a.ink"])
    assert [each.title for each in sets.known()] == ["scikit-learn's digits", "b", "a"]


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="file names are text there")
def test_a_file_name_that_is_not_utf_8_is_written_out(tmp_path: Path) -> None:
    make_project(tmp_path / os.fsdecode(b"caf\xe9.ink"), 3)
    (tmp_path / os.fsdecode(b"th\xe9.ink")).write_text("no project")
    sets = LearnSets([tmp_path])
    assert sets.known()[1].title == "caf\\udce9"
    assert found(sets, sets.known()[1].set).n_glyphs == 3
    assert sets.problems() == [f"{tmp_path}/th\\udce9.ink is not an inkmeans project: it is not an SQLite file."]


def test_a_file_that_may_not_even_be_looked_at_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: object, **_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Project, "open", refuse)
    assert LearnSets([tmp_path / "a.ink"]).problems() == [f"{tmp_path}/a.ink cannot be used: Permission denied."]


def test_a_project_is_read_once_while_it_stays_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_project(tmp_path / "logs.ink")
    sets = LearnSets([path])
    opened: list[object] = []
    real = Project.open
    monkeypatch.setattr(Project, "open", lambda path, **more: opened.append(path) or real(path, **more))
    for _ in range(3):
        assert len(sets.known()) == 2
    assert opened == [path]
    project = sets.known()[1]
    for load in (lambda: sets.glyphs(project, "normalized"), lambda: sets.truths(project)):
        opened.clear()
        load()
        assert found(sets, project.set) is project
        assert opened == [path]


def test_a_project_that_is_offered_is_not_written_to(tmp_path: Path) -> None:
    path = make_project(tmp_path / "logs.ink")
    before = path.stat().st_mtime_ns, path.read_bytes()
    sets = LearnSets([path])
    sets.glyphs(sets.known()[1], "normalized")
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_project_that_is_being_named_is_offered(tmp_path: Path) -> None:
    path = make_project(tmp_path / "logs.ink")
    with Project.open(path) as project:
        project.cluster(3)
        sets = LearnSets([path])
        assert [each.n_glyphs for each in sets.known()] == [1797, 40]
        project.name_many({0: "7"})
        assert sets.glyphs(sets.known()[1], "normalized").images.shape == (40, 28, 28)
    with Project.open(path) as project:
        assert project.clusters[0].name == "7"


def test_drawings_are_a_set_whose_name_is_their_hash() -> None:
    sets = LearnSets()
    blank = Drawing((), 280, 280, 18.0)
    drawn = sets.add("mine", [line(100, "L"), blank, line(120), line(140, "L")])
    assert (drawn.title, drawn.kind, drawn.n_glyphs, drawn.has_truths) == ("mine", "drawings", 3, True)
    assert found(sets, drawn.set) is drawn is sets.add("mine", [line(100, "L"), blank, line(120), line(140, "L")])
    assert sets.add("mine", [line(100, "L"), line(120), line(140)]).set != drawn.set
    assert sets.truths(drawn).tolist() == ["L", "", "L"]
    np.testing.assert_allclose(
        sets.glyphs(drawn, "raw").images[1] * 7.63 / 255, pad_numbers(line(120)), atol=7.63 / 255
    )
    assert sets.glyphs(drawn, "normalized").images.shape == (3, 28, 28)
    assert drawn in sets.known()
    assert trace(sets.glyphs(drawn, "normalized"), 2).steps[-1].counts.sum() == 3
    with pytest.raises(ValueError, match="k must be no more than the number of images, 3; got 4"):
        trace(sets.glyphs(drawn, "normalized"), 4)
    with pytest.raises(
        ValueError, match=r"^None of the drawings shows a character; draw some larger, with more ink\.$"
    ):
        sets.add("nothing", [blank])


def test_many_drawings_are_forgotten_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inkmeans.lesson._library._MOST_DRAWN_BYTES", 3 * 848)
    sets = LearnSets()
    names = [sets.add(f"set {i}", [line(60 + 20 * i)]).set for i in range(4)]
    assert sets.find(names[0]) is None
    assert all(sets.find(name) for name in names[1:])


def test_values_are_made_once_and_dropped_by_size() -> None:
    kept: Kept[bytes] = Kept(len, 10)
    calls: list[str] = []

    def make(key: str, size: int) -> bytes:
        calls.append(key)
        return bytes(size)

    assert kept.get("a", lambda: make("a", 4)) is kept.get("a", lambda: make("a", 4))
    kept.get("b", lambda: make("b", 4))
    kept.get("a", lambda: make("a", 4))
    kept.get("c", lambda: make("c", 4))  # "b" was used least recently
    assert (kept.find("b"), len(kept.values())) == (None, 2)
    kept.get("d", lambda: make("d", 50))
    assert (calls, kept.values()) == (["a", "b", "c", "d"], [bytes(50)])


def test_a_value_that_could_not_be_made_is_made_again() -> None:
    kept: Kept[int] = Kept(lambda _: 1, 10)

    def fail() -> int:
        raise ValueError("not now")

    with pytest.raises(ValueError, match="not now"):
        kept.get("a", fail)
    assert kept.get("a", lambda: 3) == 3


def test_who_asks_for_a_value_that_is_being_made_waits_for_it() -> None:
    kept: Kept[int] = Kept(lambda _: 1, 10)
    started, go_on = threading.Event(), threading.Event()

    def slow() -> int:
        started.set()
        go_on.wait(10)
        return 1

    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(kept.get("a", slow)))]
    threads[0].start()
    started.wait(10)
    threads.append(threading.Thread(target=lambda: found.append(kept.get("a", lambda: 2))))
    threads[1].start()
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert found == [1, 1]


def test_a_trace_that_nobody_wants_ends() -> None:
    sets = LearnSets()
    digits = found(sets, "digits")
    answers = iter([True, True, True])
    with pytest.raises(Abandoned):
        sets.trace(digits, "raw", 10, is_wanted=lambda: next(answers, False))
    assert sets.trace(digits, "raw", 10).n_iter > 3  # and the next one is run


def test_the_plane_is_that_of_the_first_two_principal_components() -> None:
    rows = DIGITS.images.reshape(1797, -1).astype(np.uint8)
    plane = fit_plane(rows)
    centered = rows - rows.mean(axis=0)
    _, spread, axes = np.linalg.svd(centered, full_matrices=False)
    np.testing.assert_allclose(np.abs(np.sum(plane.axes * axes[:2].T, axis=0)), 1, atol=1e-5)
    assert plane.explained == pytest.approx((spread[:2] ** 2 / (spread**2).sum()).tolist(), rel=1e-4)
    assert plane.axes[np.abs(plane.axes).argmax(axis=0), [0, 1]].min() > 0
    np.testing.assert_allclose(plane.project(rows), centered @ plane.axes, atol=1e-3)
    assert fit_plane(np.full((5, 64), 7, dtype=np.uint8)).explained == (0.0, 0.0)


def test_the_plane_is_the_same_with_any_number_of_threads() -> None:
    rows = normalize(DIGITS.images.astype(np.uint8)).glyphs.reshape(1797, -1)
    found = []
    for n_threads in (1, 2, 3):
        with threadpool_limits(n_threads, user_api="blas"):
            plane = fit_plane(rows)
            found.append((plane.axes.tobytes(), plane.project(rows).tobytes()))
    assert found[0] == found[1] == found[2]


def test_rows_are_drawn_without_repeats_and_always_the_same() -> None:
    assert draw_rows(4, 5).tolist() == [0, 1, 2, 3]
    drawn = draw_rows(70_000, 2000)
    assert len(set(drawn.tolist())) == 2000 and drawn.tolist() == sorted(drawn.tolist())
    np.testing.assert_array_equal(drawn, draw_rows(70_000, 2000))
