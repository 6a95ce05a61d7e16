"""The whole road, as a person goes it: a folder of images to a reader of one's own, each step a process of its own."""

import json
from pathlib import Path

import pytest

from inkmeans import Project


@pytest.mark.slow  # each step is a process of its own
def test_from_a_folder_of_images_to_text(
    run, invoke, image_set: Path, held_out: Path, line: Path, tmp_path: Path
) -> None:
    def step(*args: object) -> str:
        done = run(*args)
        assert done.returncode == 0, done.stderr
        assert "Error" not in done.stderr and "Traceback" not in done.stderr
        return done.stdout

    def look(*args: object) -> str:
        """Look, within this process, at what the steps have made."""
        done = invoke(*args)
        assert done.exit_code == 0, done.stderr
        return done.stdout

    assert "240 images in 40 clusters" in step("cluster", image_set, "-k", 40, "-o", "logs.ink")
    assert step("name", "logs.ink", "--write-csv", "names.csv").startswith("logs.ink: 0 of 40 clusters named")
    with Project.open(tmp_path / "logs.ink") as project:  # the look at each cluster's middle image
        assert project.truths is not None
        looks = [f"{each.number},{project.truths[each.members[0]]}" for each in project.clusters]
    (tmp_path / "names.csv").write_text("\n".join(["cluster,name", *looks]))
    assert step("name", "logs.ink", "--csv", "names.csv").startswith("logs.ink: 40 of 40 clusters named")
    assert "by 76 centers" in step("train", "logs.ink", "-o", "logs.safetensors")
    lines = step("read", "-m", "logs.safetensors", "--min-confidence", 0, held_out / "0").splitlines()
    assert sum(text.endswith("\t0") for text in lines) >= 0.65 * len(lines)
    assert len(look("read", "-m", "logs.safetensors", "--min-confidence", 0, line).strip()) == 4
    measured = json.loads(look("evaluate", "logs.safetensors", held_out, "--json"))
    assert measured["likeliest"]["accuracy"] > 0.65
    assert json.loads(look("evaluate", "logs.ink", "--json"))["named_by_middle"] > 0.85
    assert look("report", "logs.ink", "-o", "report.html").startswith("report.html: ")
    assert "40 of which have a name" in (tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.mark.slow  # whole sets of real handwriting
@pytest.mark.parametrize("name", ["semeion.npz", "optdigits.npz#train"])
def test_real_handwriting_goes_the_same_road(name: str, data_folder: Path, invoke) -> None:
    assert invoke("cluster", data_folder / name, "-k", 80, "-o", "real.ink").exit_code == 0
    with Project.open("real.ink") as project:
        truths = project.truths
        assert truths is not None
        table = "\n".join(f"{each.number},{truths[each.members[0]]}" for each in project.clusters)
    assert invoke("name", "real.ink", "--csv", "-", input=table).exit_code == 0
    found = json.loads(invoke("evaluate", "real.ink", "--json").stdout)
    assert found["names"]["accuracy"] > 0.8
    assert invoke("train", "real.ink", "-o", "real.safetensors").exit_code == 0
    assert invoke("report", "real.ink", "-o", "real.html").exit_code == 0
