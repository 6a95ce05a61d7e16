"""``inkmeans cluster``: images to a project, and the sentences where that cannot be."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inkmeans import Project
from inkmeans.errors import FileError, InputError

pytestmark = pytest.mark.usefixtures("few_patches")


def test_a_folder_becomes_a_project_with_clusters(invoke, image_set: Path) -> None:
    done = invoke("cluster", image_set, "-k", 12, "-o", "logs.ink")
    assert done.exit_code == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "logs.ink: 240 images in 12 clusters"
    assert lines[1].endswith(", seed 0")
    assert lines[2] == "  truths known (10 different), not looked at"
    assert done.stderr == "Next: inkmeans name logs.ink  (give the clusters their names)\n"
    with Project.open("logs.ink") as project:
        assert (len(project), len(project.clusters)) == (240, 12)
        assert project.sources is not None and project.sources[0].startswith(str(image_set))


def test_nothing_else_is_written(invoke, held_out: Path, tmp_path: Path) -> None:
    invoke("cluster", held_out, "-k", 12, "-o", "logs.ink")
    assert [entry.name for entry in tmp_path.iterdir()] == ["logs.ink"]


@pytest.mark.slow  # three clusterings
def test_the_seed_decides_the_clusters(invoke, held_out: Path) -> None:
    def labels(path: str, seed: int) -> list[int]:
        assert invoke("cluster", held_out, "-k", 12, "-o", path, "--seed", seed).exit_code == 0
        with Project.open(path) as project:
            found = project.labels
            assert found is not None
            return found.tolist()

    assert labels("a.ink", 5) == labels("b.ink", 5) != labels("c.ink", 6)


def test_sheets_are_written_where_asked(invoke, held_out: Path, tmp_path: Path) -> None:
    done = invoke("cluster", held_out, "-k", 12, "-o", "logs.ink", "--sheets", "sheets")
    assert "13 pictures in sheets" in done.stdout
    names = sorted(path.name for path in (tmp_path / "sheets").iterdir())
    assert names == ["centers.png", *(f"cluster-{number:02d}.png" for number in range(12))]
    with Image.open(tmp_path / "sheets" / "centers.png") as picture:
        assert picture.size[0] > 500


@pytest.mark.slow  # a clustering for each
@pytest.mark.parametrize("name", ["centers.png", "cluster-11.png"])
def test_sheets_that_are_there_are_told_before_the_work(invoke, held_out: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "sheets").mkdir()
    (tmp_path / "sheets" / name).write_bytes(b"mine")
    done = invoke("cluster", held_out, "-k", 12, "-o", "logs.ink", "--sheets", "sheets")
    assert (done.exit_code, done.stdout, done.stderr) == (
        1,
        "",
        f"Error: sheets/{name} already exists; choose another name, or replace it with --force.\n",
    )
    assert not (tmp_path / "logs.ink").exists()
    assert invoke("cluster", held_out, "-k", 12, "-o", "logs.ink", "--sheets", "sheets", "--force").exit_code == 0


def test_sheets_that_need_a_folder_are_told_before_the_work(invoke, image_set: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    for folder in ("letter.txt", "letter.txt/sheets"):
        done = invoke("cluster", image_set, "-k", 12, "-o", "logs.ink", "--sheets", folder)
        assert done.exit_code == 1
        assert done.stderr.endswith("letter.txt is a file, but a folder is needed here; choose another name.\n")
    assert not (tmp_path / "logs.ink").exists()


def test_several_inputs_make_one_image_set(invoke, image_set: Path, held_out: Path) -> None:
    assert invoke("cluster", image_set, held_out, "-k", 5, "-o", "logs.ink").exit_code == 0
    with Project.open("logs.ink") as project:
        assert len(project) == 300
        assert project.truths is not None


def test_truths_are_lost_where_one_input_has_none(invoke, held_out: Path, scans: list[np.ndarray]) -> None:
    np.save("more.npy", np.stack(scans[:5]))
    assert invoke("cluster", held_out, "more.npy", "-k", 5, "-o", "logs.ink").exit_code == 0
    with Project.open("logs.ink") as project:
        assert (len(project), project.truths) == (65, None)


def test_truths_from_a_file(invoke, scans: list[np.ndarray], shown: list[str]) -> None:
    np.save("some.npy", np.stack(scans[:40]))
    Path("truths.txt").write_text("\n".join(shown[:40]))
    assert invoke("cluster", "some.npy", "--truths", "truths.txt", "-k", 5, "-o", "logs.ink").exit_code == 0
    with Project.open("logs.ink") as project:
        assert project.truths == shown[:40]


def test_an_input_that_cannot_be_read_is_told_and_the_rest_goes_on(invoke, image_set: Path) -> None:
    Path("bad.png").write_text("bad")
    done = invoke("cluster", image_set / "0", "bad.png", "-k", 3, "-o", "logs.ink")
    assert done.exit_code == 3
    assert done.stderr.startswith("Error: bad.png is not a picture that can be read;")
    assert "logs.ink: 25 images in 3 clusters" in done.stdout


def test_odd_images_are_counted(invoke, scans: list[np.ndarray]) -> None:
    np.save("some.npy", np.stack([*scans[:10], np.full((8, 8), 255, np.uint8)]))
    done = invoke("cluster", "some.npy", "-k", 3, "-o", "logs.ink")
    assert "  looks like no glyph: 1 blank (in no cluster)\n" in done.stdout


@pytest.mark.slow  # a second clustering
def test_a_project_is_grouped_again_in_its_place(invoke, named: Path) -> None:
    done = invoke("cluster", named, "-k", 9, "--force")
    assert done.exit_code == 0
    with Project.open(named) as project:
        assert len(project.clusters) == 9
        assert project.undo() is not None
        assert len(project.clusters) == 24
        assert all(cluster.name for cluster in project.clusters)


@pytest.mark.parametrize(
    ("line", "code", "told"),
    [
        (["nowhere", "-o", "a.ink"], 1, "Error: nowhere does not exist; check the path.\n"),
        (["nowhere"], 2, "Error: Missing option '-o' / '--output': the project file to make, such as -o logs.ink\n"),
        (
            ["x", "-k", "0", "-o", "a.ink"],
            2,
            "Error: Invalid value for '-k' / '--clusters': it must be a whole number, at least 1; got '0'.\n",
        ),
        (
            ["x", "-k", "abc", "-o", "a.ink"],
            2,
            "Error: Invalid value for '-k' / '--clusters': it must be a whole number, at least 1; got 'abc'.\n",
        ),
        (["x", "--ink", "blue", "-o", "a.ink"], 2, "Error: Invalid value for '--ink': 'blue' is not one of"),
        (
            ["x", "--seed", "-1", "-o", "a.ink"],
            2,
            "Error: Invalid value for '--seed': it must be a whole number, from 0 to 4294967295; got '-1'.\n",
        ),
        (
            ["x", "--seed", "4294967296", "-o", "a.ink"],
            2,
            "Error: Invalid value for '--seed': it must be a whole number, from 0 to 4294967295; got '4294967296'.\n",
        ),
        (["x", "y", "--truths", "t", "-o", "a.ink"], 2, "Error: --truths goes with one INPUT; put the images in one"),
        (["x", "-o", "no/a.ink"], 1, "Error: no/a.ink cannot be written: there is no folder no.\n"),
        (["x", "-o", "."], 1, "Error: . is a folder; give the name of a file.\n"),
        (["x", "y", "-o", "a.ink"], 1, "Error: x does not exist; check the path.\nError: y does not exist; check the "),
        (["no.ink", "-k", "3"], 1, "Error: no.ink does not exist"),
    ],
)
def test_what_cannot_be_is_told(invoke, line: list[str], code: int, told: str, tmp_path: Path) -> None:
    done = invoke("cluster", *line)
    assert (done.exit_code, done.stdout) == (code, "")
    assert done.stderr.startswith(told), done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_is_told(invoke, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = invoke("cluster", "empty", "-o", "a.ink")
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: empty holds no pictures;")


def test_more_clusters_than_images_are_told_before_anything_is_written(invoke, image_set: Path, tmp_path: Path) -> None:
    done = invoke("cluster", image_set, "-k", 241, "-o", "a.ink")
    assert (done.exit_code, done.stderr) == (
        1,
        "Error: 240 images cannot make 241 clusters; choose -k 240 or fewer.\n",
    )
    assert list(tmp_path.iterdir()) == []


def test_where_only_blanks_are_too_few_the_images_are_kept(invoke, scans: list[np.ndarray]) -> None:
    np.save("some.npy", np.stack([scans[0], *[np.full((8, 8), 255, np.uint8)] * 4]))
    done = invoke("cluster", "some.npy", "-k", 3, "-o", "a.ink")
    assert done.exit_code == 1
    assert done.stderr.startswith("a.ink keeps the 5 images.\nNext: inkmeans cluster a.ink -k 3")
    assert "Error: n_clusters must be at most the number of glyphs, 1" in done.stderr
    assert invoke("cluster", "a.ink", "-k", 1).exit_code == 0


def test_a_project_that_is_there_stays_without_force(invoke, held_out: Path, named: Path) -> None:
    done = invoke("cluster", held_out, "-k", 3, "-o", named)
    assert (done.exit_code, done.stderr) == (
        1,
        f"Error: {named} already exists; choose another name, replace it with --force, or cluster its images again: "
        f"inkmeans cluster {named} -k N\n",
    )
    with Project.open(named) as project:
        assert all(cluster.name for cluster in project.clusters)
    assert invoke("cluster", held_out, "-k", 3, "-o", named, "--force").exit_code == 0
    with Project.open(named) as project:
        assert len(project.clusters) == 3


def test_a_project_with_names_is_grouped_again_by_force_only(invoke, named: Path) -> None:
    done = invoke("cluster", named, "-k", 9)
    assert (done.exit_code, done.stdout, done.stderr) == (
        1,
        "",
        f"Error: {named} has names for 24 clusters, which new clusters would not have; --force clusters it again "
        "all the same, and its history keeps the names.\n",
    )
    with Project.open(named) as project:
        assert (len(project.clusters), len(project.history)) == (24, 2)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), InputError("No luck.")], ids=["ctrl-c", "failure"])
def test_a_project_is_replaced_by_a_complete_one_only(
    error: BaseException, invoke, image_set: Path, named: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    def fail(project: Project, *_: object, **__: object) -> None:
        assert len(project) == 240
        raise error

    monkeypatch.setattr(Project, "cluster", fail)
    done = invoke("cluster", image_set, "-k", 3, "-o", named, "--force")
    assert done.exit_code in (1, 130)
    assert done.stderr.startswith(f"{named} is as it was.\n")
    assert "Next:" not in done.stderr
    with Project.open(named) as project:
        assert all(cluster.name for cluster in project.clusters)
    assert [path.name for path in named.parent.iterdir()] == [named.name]


def test_where_a_replacement_cannot_be_written_the_project_is_named(
    invoke, image_set: Path, named: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path, *_: object, **__: object) -> None:
        raise FileError(f"{path} cannot be written: the disk is full.")

    monkeypatch.setattr(Project, "create", fail)
    done = invoke("cluster", image_set, "-k", 3, "-o", named, "--force")
    assert done.stderr == f"{named} is as it was.\nError: {named} cannot be written: the disk is full.\n"


def test_force_does_not_make_a_project_of_another_file(invoke, image_set: Path) -> None:
    Path("letter.txt").write_text("dear")
    done = invoke("cluster", image_set, "-k", 3, "-o", "letter.txt", "--force")
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: letter.txt ")
    assert Path("letter.txt").read_text() == "dear"


def test_strokes_are_images_too(invoke) -> None:
    drawings = [
        {"strokes": [[[10 + i, 10], [60, 90]]], "width": 100, "height": 100, "pen": 8, "truth": "1"} for i in range(6)
    ]
    Path("drawn.json").write_text(json.dumps(drawings))
    assert invoke("cluster", "drawn.json", "-k", 2, "-o", "a.ink").exit_code == 0
    with Project.open("a.ink") as project:
        assert project.truths == ["1"] * 6


def test_clustering_goes_from_standard_input(invoke, scans: list[np.ndarray]) -> None:
    np.save("some.npy", np.stack(scans[:20]))
    assert invoke("cluster", "-", "-k", 2, "-o", "a.ink", input=Path("some.npy").read_bytes()).exit_code == 0
    with Project.open("a.ink") as project:
        assert project.sources is not None and project.sources[3] == "-[3]"
