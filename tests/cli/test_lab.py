"""``inkmeans lab``: the files of the lab, never over others' work."""

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LEARNERS = {
    "lab.html": "docs/class/lab.html",
    "lab.ipynb": "docs/class/lab.ipynb",
    "sample-drawings.json": "examples/drawings.json",
}
TEACHERS = {**LEARNERS, "teacher.md": "docs/class/teacher.md", "solutions.ipynb": "docs/class/solutions.ipynb"}


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Act as if the notebook's packages were there."""
    monkeypatch.setattr("inkmeans.cli._lab.find_spec", lambda name: find_spec("inkmeans"))


def test_sheet_notebook_and_drawings_are_written(invoke, installed: None) -> None:
    done = invoke("lab")
    assert done.exit_code == 0
    assert done.stdout == "".join(f"lab/{name}\n" for name in LEARNERS)
    assert done.stderr == "Next: jupyter lab lab/lab.ipynb  (lab/lab.html is the sheet to print)\n"
    assert sorted(path.name for path in Path("lab").iterdir()) == sorted(LEARNERS)
    for name, source in LEARNERS.items():
        assert (Path("lab") / name).read_bytes() == (ROOT / source).read_bytes(), "install inkmeans again"
    assert len(json.loads(Path("lab/sample-drawings.json").read_text())["drawings"]) == 60


def test_the_teacher_gets_the_plan_and_the_solutions(invoke, installed: None) -> None:
    done = invoke("lab", "--teacher", "deep/er")
    assert (done.exit_code, done.stdout) == (0, "".join(f"deep/er/{name}\n" for name in TEACHERS))
    for name, source in TEACHERS.items():
        assert (Path("deep/er") / name).read_bytes() == (ROOT / source).read_bytes(), "install inkmeans again"


def test_what_the_notebook_runs_with_is_told_where_it_is_missing(invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inkmeans.cli._lab.find_spec", lambda name: None)
    assert invoke("lab").stderr.startswith(
        "Next: pip install matplotlib jupyterlab  (once, for the notebook)\nNext: jupyter"
    )


def test_work_that_is_there_stays_without_force(invoke, installed: None) -> None:
    assert invoke("lab", "mine").exit_code == 0
    assert invoke("lab", "mine").exit_code == 0  # nothing was changed in it
    Path("mine/lab.ipynb").write_text("work")
    Path("mine/lab.html").write_text("notes")
    Path("mine/sample-drawings.json").unlink()
    done = invoke("lab", "--teacher", "mine")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        "Error: mine/lab.html and mine/lab.ipynb are already there, perhaps with work in it; choose another folder, or "
        "replace it with --force.\n"
    )
    assert Path("mine/lab.ipynb").read_text() == "work"
    assert sorted(path.name for path in Path("mine").iterdir()) == ["lab.html", "lab.ipynb"]
    assert invoke("lab", "mine", "--force").exit_code == 0
    assert Path("mine/lab.ipynb").read_bytes() == (ROOT / "docs/class/lab.ipynb").read_bytes()


def test_other_files_in_the_folder_stay(invoke, installed: None) -> None:
    Path("mine").mkdir()
    Path("mine/letter.txt").write_text("dear")
    assert invoke("lab", "mine").exit_code == 0
    assert Path("mine/letter.txt").read_text() == "dear"


def test_places_that_cannot_be_a_folder(invoke, installed: None) -> None:
    Path("file").touch()
    for place in ("file", "file/lab"):
        assert invoke(
            "lab", place
        ).stderr == "Error: file is a file, but a folder is needed here; choose another name.\n" or (
            invoke("lab", place).stderr.endswith("file is a file, but a folder is needed here; choose another name.\n")
        )
    Path("mine/lab.html").mkdir(parents=True)
    done = invoke("lab", "mine", "--force")
    assert (done.exit_code, done.stderr) == (1, "Error: mine/lab.html is a folder; give the name of a file.\n")


def test_an_installation_without_them_says_so(invoke, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("inkmeans.lab._kit.files", lambda _: tmp_path)
    done = invoke("lab")
    assert (done.exit_code, done.stderr) == (
        1,
        "Error: This installation of inkmeans lacks lab.html of the lab; install it again.\n",
    )
    assert not Path("lab").exists()
