"""``inkmeans evaluate``: shares with their interval, confusion, and figures of a clustering."""

import json
from pathlib import Path

import numpy as np
import pytest

from inkmeans import Project, Reader, load
from inkmeans.cli._tables import columns, confusion_table
from inkmeans.evaluate import confusion_matrix, wilson_interval

pytestmark = pytest.mark.usefixtures("few_patches")


def test_a_reader_is_measured_on_images_with_truths(invoke, model: Path, held_out: Path) -> None:
    done = invoke("evaluate", model, held_out)
    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("right ") and " of 60; 95 % interval " in lines[0]
    assert [line.split()[0] for line in lines[:4]] == ["right", "wrong", "rejected", "right"]
    assert lines[5].split() == ["truth", "\\", "read", *"0123456789", "?"]
    assert len(lines) == 16


def test_json_holds_what_the_reader_really_reads(
    invoke, model: Path, held_out: Path, scans: list[np.ndarray], shown: list[str]
) -> None:
    document = json.loads(invoke("evaluate", model, held_out, "--json").stdout)
    read = load(model).predict(scans[700:760], reject=True)
    right = int((read == np.array(shown[700:760])).sum())
    assert (document["format"], document["version"], document["of"]) == ("inkmeans evaluation", 1, "reader")
    assert document["total"] == 60
    assert document["accuracy"] == right / 60
    assert document["interval"] == list(wilson_interval(right, 60))
    assert sum(document["rejected"]) == int((read == "?").sum())
    assert document["likeliest"]["accuracy"] == load(model).score(scans[700:760], shown[700:760])


def test_truths_may_be_a_file_and_an_input_may_fail(invoke, model: Path, held_out: Path) -> None:
    (held := Path("held")).mkdir()
    (held / "one.png").write_bytes(next((held_out / "7").iterdir()).read_bytes())
    (held / "bad.png").write_text("bad")
    Path("truths.csv").write_text("file,truth\none.png,7\nbad.png,3\n")
    done = invoke("evaluate", model, "held", "--truths", "truths.csv")
    assert done.exit_code == 3
    assert " of 1" in done.stdout
    assert done.stderr.startswith("Error: held/bad.png is not a picture that can be read;")


def test_a_named_project_is_measured(invoke, named: Path) -> None:
    done = invoke("evaluate", named)
    assert done.exit_code == 0
    figures = dict(line.rsplit("  ", 1) for line in done.stdout.split("\n\n")[0].splitlines())
    names = [name.strip() for name in figures]
    assert names == [
        "images, clusters",
        "clustering accuracy",
        "purity",
        "normalized mutual information",
        "adjusted Rand index",
        "right if named by the middle image",
        "right by the names given",
        "without a name",
    ]
    assert "truth \\ read" in done.stdout


def test_a_project_as_json(invoke, named: Path, clustered: Path, tmp_path: Path) -> None:
    document = json.loads(invoke("evaluate", named, "--json").stdout)
    assert (document["of"], document["images"], document["clusters"]) == ("project", 240, 24)
    assert document["names"]["accuracy"] == document["named_by_middle"]  # the fixture names by the middle
    assert document["purity"] >= document["named_by_middle"] > document["clustering_accuracy"] > 0.2
    with Project.open(named) as project:
        project.undo()
    assert json.loads(invoke("evaluate", named, "--json").stdout)["names"] is None


@pytest.mark.parametrize(
    ("line", "code", "told"),
    [
        (["{model}"], 2, "Error: Give a MODEL and an INPUT, or one PROJECT.\n"),
        (["{model}", "a", "b"], 2, "Error: Give a MODEL and an INPUT, or one PROJECT.\n"),
        (["{project}", "--truths", "x"], 2, "Error: A project brings its own truths; leave --truths out.\n"),
        (["{model}", "nowhere"], 1, "Error: nowhere does not exist; check the path.\n"),
        (["{model}", "{project}"], 1, "Error: {project} is a project, but a picture is needed here; give the files "),
        (["none", "{held}"], 1, "Error: none does not exist; name a model file, or "),
        (["{model}", "{held}/7"], 1, "Error: Evaluation needs the truth of each image, but {held}/7 gives no truths: "),
    ],
)
def test_what_cannot_be_is_told(
    invoke, line: list[str], code: int, told: str, model: Path, project: Path, held_out: Path
) -> None:
    names = {"model": model, "project": project, "held": held_out}
    done = invoke("evaluate", *(part.format(**names) for part in line))
    assert (done.exit_code, done.stdout) == (code, "")
    assert done.stderr.startswith(told.format(**names)), done.stderr


def test_truths_of_whole_lines_are_told(invoke, model: Path, line: Path) -> None:
    Path("truths.txt").write_text("0955")
    done = invoke("evaluate", model, line, "--truths", "truths.txt")
    assert done.exit_code == 1
    assert done.stderr == (
        f"Error: None of the truths of {line} is a name that {model} reads (0, 1, 2, 3, 4, 5, 6, 7, 8, 9); evaluation "
        "takes images of one glyph each.\n"
    )


def test_a_project_without_truths_or_clusters_is_told(invoke, scans: list[np.ndarray]) -> None:
    with Project.create("a.ink", scans[:5]) as project:
        assert invoke("evaluate", "a.ink").stderr == ("Error: a.ink has no clusters yet; run: inkmeans cluster a.ink\n")
        project.cluster(2)
    assert invoke("evaluate", "a.ink").stderr == (
        "Error: a.ink does not know the truth of each image; make it from a folder with one folder for each truth, or "
        "with --truths.\n"
    )


def test_columns_are_set_side_by_side() -> None:
    assert columns([["a", "1"], ["long", "20"]]) == "a     1\nlong  20"
    assert columns([["a", "1"], ["long", "20"]], right=True) == "a      1\nlong  20"


def test_the_confusion_of_few_names_is_a_table() -> None:
    table = confusion_table(confusion_matrix(["1", "1", "7", "7"], ["1", "7", "7", "?"]))
    assert table == "truth \\ read  1  7  ?\n1             1  1  .\n7             .  1  1"


def test_the_confusion_of_many_names_is_a_list_of_the_worst() -> None:
    truths = [f"n{i}" for i in range(40)] + ["n1", "n1", "n2"]
    read = [f"n{i}" for i in range(40)] + ["n2", "n2", "n3"]
    assert confusion_table(confusion_matrix(truths, read)) == "truth  read  times\nn1     n2    2\nn2     n3    1"


def test_a_reader_never_sees_truths(invoke, model: Path, held_out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    read_glyphs = Reader.read_glyphs

    def spy(self, images, *args, **settings):
        seen.append((args, settings))
        return read_glyphs(self, images, *args, **settings)

    monkeypatch.setattr(Reader, "read_glyphs", spy)
    invoke("evaluate", model, held_out, "--ink", "dark")
    assert seen == [((), {"ink": "dark"})]
