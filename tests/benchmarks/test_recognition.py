"""What the benchmark of recognition keeps and prints."""

import re
import subprocess
from pathlib import Path

import pytest
from bench_recognition import WORKS, measured, summary
from recognition.clusterings import drawn
from recognition.kept import carry, code_version, finished, keep
from recognition.work import Work, averaged
from run import ROOT


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a repository with a committed file in each of two folders."""
    for folder in ("core", "page"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "file").write_text("first")
    git(tmp_path, "init", "-q")
    commit(tmp_path)
    return tmp_path


def git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.name=test", "-c", "user.email=test@localhost")
    subprocess.run(["git", "-C", str(folder), *identity, *words], check=True)


def commit(folder: Path) -> None:
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "now")


def test_a_version_changes_with_its_own_folders_only(repository):
    before = code_version(("core",), repository)
    (repository / "page" / "file").write_text("second")
    commit(repository)
    assert code_version(("core",), repository) == before
    (repository / "core" / "file").write_text("second")
    commit(repository)
    assert code_version(("core",), repository) != before


def test_what_is_not_committed_is_never_the_same_version(repository):
    (repository / "core" / "new").write_text("")
    versions = {code_version(("core", "page"), repository) for _ in range(2)}
    assert len(versions) == 2
    assert all(version.startswith("changed-") for version in versions)


def test_finished_runs_are_those_of_the_same_code_and_work(tmp_path):
    results = tmp_path / "kept" / "results.csv"
    keep("a", "digits", 0, {"right, %": 98.7654, "seconds": 2.0}, results)
    keep("a", "digits", 2, {"right, %": 97.0}, results)
    keep("b", "digits", 1, {"right, %": 1.0}, results)
    keep("a", "semeion", 3, {"right, %": 1.0}, results)
    assert finished("a", "digits", results) == {0: {"right, %": 98.765, "seconds": 2.0}, 2: {"right, %": 97.0}}
    assert finished("a", "digits", tmp_path / "none.csv") == {}


def test_runs_are_carried_over_to_code_with_the_same_outputs(tmp_path):
    results = tmp_path / "results.csv"
    keep("old", "digits", 0, {"right, %": 98.0}, results)
    keep("other", "digits", 1, {"right, %": 97.0}, results)
    keep("old", "letters", 2, {"right, %": 96.0}, results)
    assert carry("old", {"digits": "new"}, results) == 1
    assert finished("new", "digits", results) == {0: {"right, %": 98.0}}
    assert finished("other", "digits", results) == {1: {"right, %": 97.0}}
    assert finished("old", "letters", results) == {2: {"right, %": 96.0}}


def test_a_finished_run_is_not_done_again(tmp_path, monkeypatch):
    monkeypatch.setattr("bench_recognition.code_version", lambda parts: "+".join(parts))
    results = tmp_path / "results.csv"
    monkeypatch.setattr("bench_recognition.finished", lambda code, work: finished(code, work, results))
    monkeypatch.setattr("bench_recognition.keep", lambda *row: keep(*row, results))
    done = []

    def measure(data: Path, run: int) -> dict[str, float]:
        done.append(run)
        return {"right, %": 90.0 + run}

    work = Work("digits", 3, measure, {}, ("core",))
    keep("core", "digits", 1, {"right, %": 50.0}, results)
    assert measured(work, tmp_path, 3) == [{"right, %": 90.0}, {"right, %": 50.0}, {"right, %": 92.0}]
    assert done == [0, 2]
    measured(work, tmp_path, 3)
    assert done == [0, 2]


def test_median_and_worst_stand_beside_what_is_asked():
    work = Work("x", 3, lambda data, run: {}, {"right, %": ">= 98 (97)", "seconds": "<= 75"})
    reached = [{"right, %": a, "seconds": b, "free": 1.0} for a, b in ((99.0, 3.0), (97.5, 80.0), (98.0, 1.0))]
    lines = [re.sub(" +", " ", line).strip() for line in summary(work, reached)]
    assert lines == [
        "right, % median (worst) 98.00 (97.50) asked >= 98 (97)",
        "seconds median (worst) 3.00 (80.00) asked <= 75",
        "free median (worst) 1.00 (1.00) asked -",
    ]
    assert re.sub(" +", " ", summary(work, reached[:1])[0]).strip() == "right, % 99.00 asked >= 98 (97)"


def test_the_mean_is_printed_of_runs_that_are_parts_of_one_whole():
    work = Work("x", 3, lambda data, run: {}, {}, average="mean")
    lines = summary(work, [{"right, %": right} for right in (99.0, 98.0, 91.0)])
    assert re.sub(" +", " ", lines[0]).strip() == "right, % mean (worst) 96.00 (91.00) asked -"


def test_every_work_has_its_own_name_and_asks_for_a_direction():
    assert len({work.name for work in WORKS}) == len(WORKS)
    assert all(asked[:3] in (">= ", "<= ") for work in WORKS for asked in work.asked.values())


def test_what_a_work_depends_on_is_there():
    assert all((ROOT / part).exists() for work in WORKS for part in work.code)


def test_the_first_run_takes_all_as_it_lies_and_the_others_nine_in_ten_in_an_order_of_their_own():
    assert drawn(100, 0).tolist() == list(range(100))
    one, other = drawn(100, 1), drawn(100, 2)
    assert len(set(one.tolist())) == len(one) == len(other) == 90
    assert one.tolist() != other.tolist()


def test_a_count_of_glyphs_is_whole_and_a_share_is_not():
    work = Work("some", 1, lambda data, run: {}, {})
    assert averaged(work, "answered and wrong, glyphs", [{"answered and wrong, glyphs": 16.0}]) == "16"
    assert averaged(work, "right, %", [{"right, %": 16.0}]) == "16.00"
