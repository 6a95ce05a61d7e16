"""``inkmeans choose-k``: a table, JSON or CSV of what numbers of clusters would bring, and a suggestion."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.usefixtures("few_patches")


def test_a_table_and_a_suggested_number(invoke, image_set: Path) -> None:
    done = invoke("choose-k", image_set, "-k", 5, "-k", 20)
    assert done.exit_code == 0, done.stderr
    head, five, twenty, blank, suggested = done.stdout.splitlines()
    assert head.split() == ["clusters", "expected", "right", "interval", "inertia", "silhouette"]
    assert five.split()[0] == "5" and twenty.split()[0] == "20" and twenty.split()[2] == "%"
    assert blank == "" and suggested == "Suggested number of clusters: 20"
    guess, following = done.stderr.splitlines()
    assert guess == "This is a guess: it rests on 240 readable images, and takes 400 to be more."
    assert following.startswith(f"Next: inkmeans cluster {image_set} -k 20 -o PROJECT")


def test_json_has_each_number_and_nothing_that_is_no_json(invoke, image_set: Path) -> None:
    done = invoke("choose-k", image_set, "-k", 1, "-k", 20, "--json")
    document = json.loads(done.stdout, parse_constant=lambda name: 1 / 0)
    assert (document["images"], document["readable"], document["suggested"]) == (240, 240, 20)
    assert document["problems"] == []
    one, twenty = document["numbers"]
    assert one["silhouette"] is None
    assert 0 <= twenty["low"] < twenty["accuracy"] < twenty["high"] <= 1
    assert done.stderr == ""


@pytest.mark.slow  # 420 images, as the sentence asks for
def test_blank_images_are_none_that_an_estimate_rests_on(invoke, scans: list[np.ndarray]) -> None:
    few = np.stack(scans[:30])
    np.save("mostly-blank.npy", np.concatenate([few, np.full((400, *few.shape[1:]), few.max(), few.dtype)]))
    done = invoke("choose-k", "mostly-blank.npy", "-k", 5)
    assert done.stderr.startswith("This is a guess: it rests on 30 readable images,")
    np.save("many.npy", np.concatenate([few] * 14))
    assert invoke("choose-k", "many.npy", "-k", 5).stderr.startswith("Next: ")


def test_csv_for_a_spreadsheet(invoke, held_out: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(invoke("choose-k", held_out, "-k", 10, "--csv").stdout)))
    assert [list(row) for row in rows] == [["clusters", "accuracy", "low", "high", "inertia", "silhouette"]]
    assert rows[0]["clusters"] == "10" and 0 < float(rows[0]["accuracy"]) < 1


def test_json_and_csv_cannot_go_together(invoke, image_set: Path) -> None:
    done = invoke("choose-k", image_set, "--json", "--csv")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "--json and --csv cannot go together; choose one." in done.stderr


def test_an_input_that_cannot_be_read_is_told_and_the_rest_goes_on(invoke, image_set: Path) -> None:
    Path("bad.png").write_text("bad")
    done = invoke("choose-k", image_set / "0", "bad.png", "-k", 3)
    assert done.exit_code == 3
    assert done.stderr.startswith("Error: bad.png is not a picture that can be read;")
    assert "Suggested number of clusters: 3" in done.stdout


def test_more_clusters_than_images_are_refused(invoke, scans: list[np.ndarray]) -> None:
    np.save("some.npy", np.stack(scans[:4]))
    done = invoke("choose-k", "some.npy", "-k", 5)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "Error: n_clusters must be at most the number of readable images, 4; got 5.\n"


@pytest.mark.slow  # three clusterings
def test_a_project_is_an_image_set_too(invoke, image_set: Path) -> None:
    invoke("cluster", image_set, "-k", 5, "-o", "image_set.ink")
    of_files, of_project = (invoke("choose-k", each, "-k", 5, "-k", 20) for each in (image_set, "image_set.ink"))
    assert of_project.exit_code == 0, of_project.stderr
    assert of_project.stdout == of_files.stdout
    assert of_project.stderr.splitlines()[1].startswith("Next: inkmeans cluster image_set.ink -k 20  (")
