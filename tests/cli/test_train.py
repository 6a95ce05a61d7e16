"""``inkmeans train``: a model file from names or from truths."""

from pathlib import Path

import numpy as np
import pytest

from inkmeans import Project, load
from inkmeans.cli._train import _shortened
from inkmeans.features import FIVE_VIEWS

pytestmark = pytest.mark.usefixtures("few_patches")


def test_a_named_project_becomes_a_reader(invoke, named: Path) -> None:
    done = invoke("train", named, "-o", "logs.safetensors")
    assert done.exit_code == 0, done.stderr
    with Project.open(named) as project:
        names = {cluster.name for cluster in project.clusters}
    assert done.stdout.startswith(f"logs.safetensors: reads {len(names)} names (")
    assert done.stdout.endswith(" by 76 centers from 240 glyphs, seed 0\n")
    assert done.stderr == "Next: inkmeans read -m logs.safetensors PICTURE  (read with it)\n"
    assert set(load("logs.safetensors").classes_) == names


def said(n: int) -> str:
    return f"{n} image has" if n == 1 else f"{n} images have"


@pytest.mark.slow  # two readers
def test_what_has_no_name_is_told_to_be_left_out(invoke, named: Path) -> None:
    with Project.open(named) as project:
        project.name(3, None)
        sizes = [project.clusters[number].size for number in (3, 4)]
    done = invoke("train", named, "-o", "a.safetensors")
    assert done.stderr.startswith(f"{said(sizes[0])} no name and")
    with Project.open(named) as project:
        project.name(4, None)
    done = invoke("train", named, "-o", "b.safetensors")
    assert done.stderr.startswith(f"{said(sum(sizes))} no name and are left out.\nNext: ")


def test_a_folder_for_each_truth_becomes_a_reader(invoke, image_set: Path) -> None:
    done = invoke("train", image_set, "-o", "m.safetensors", "--quality", "best")
    assert done.exit_code == 0, done.stderr
    reader = load("m.safetensors")
    assert reader.classes_.tolist() == list("0123456789")
    assert reader._model.points.dictionary.views == FIVE_VIEWS
    assert reader.trained_on_ == {"images": {"n_images": 240, "inputs": ["image_set"]}}


def test_truths_may_be_a_file(invoke, scans: list[np.ndarray], shown: list[str]) -> None:
    np.save("some.npy", np.stack(scans[:200]))
    np.save("truths.npy", np.array(shown[:200]))
    assert invoke("train", "some.npy", "--truths", "truths.npy", "-o", "m.safetensors").exit_code == 0
    assert load("m.safetensors").classes_.tolist() == list("0123456789")


def test_an_input_that_cannot_be_read_is_told_and_the_rest_goes_on(invoke, image_set: Path) -> None:
    done = invoke("train", image_set, "missing", "-o", "m.safetensors")
    assert done.exit_code == 3
    assert done.stderr.startswith("Error: missing does not exist; check the path.\n")
    assert Path("m.safetensors").exists()


def test_many_names_are_shortened() -> None:
    from inkmeans.cli._train import _shortened

    assert _shortened(["a", "b"]) == "a b"
    assert _shortened([chr(97 + i) for i in range(26)]) == "a b c d e f g h i j ... z"


@pytest.mark.parametrize(
    ("line", "code", "told"),
    [
        (
            ["{image_set}/7", "-o", "m"],
            1,
            "Error: Training needs the truth of each image, but {image_set}/7 gives no truths: ",
        ),
        (
            ["{project}", "-o", "m"],
            1,
            "Error: No cluster of {project} has a name yet; name them first: inkmeans name {project}\n",
        ),
        (["{project}", "--truths", "x", "-o", "m"], 2, "Error: A project is trained from the names of its clusters; "),
        (["{project}"], 2, "Error: Missing option '-o' / '--output': the model file, such as -o logs.safetensors\n"),
        (
            ["x", "y", "-o", "m"],
            1,
            "Error: x does not exist; check the path.\nError: y does not exist; check the path.\n",
        ),
        (["{image_set}", "-o", "no/m"], 1, "Error: no/m cannot be written: there is no folder no.\n"),
        (["{image_set}", "-o", "{project}"], 1, "Error: {project} already exists; choose another name, or replace it "),
        (
            ["{image_set}", "-o", "{project}", "--force"],
            1,
            "Error: {project} is a project, which only inkmeans cluster ",
        ),
        (["{project}", "-o", "{project}", "--force"], 1, "Error: {project} is an input, which is not written over; "),
    ],
)
def test_what_cannot_be_is_told(invoke, line: list[str], code: int, told: str, image_set: Path, project: Path) -> None:
    done = invoke("train", *(part.format(image_set=image_set, project=project) for part in line))
    assert (done.exit_code, done.stdout) == (code, "")
    assert done.stderr.startswith(told.format(image_set=image_set, project=project)), done.stderr
    with Project.open(project) as opened:
        assert len(opened.clusters) == 24
    assert not Path("m").exists()


def test_why_there_are_no_truths_is_told(invoke, image_set: Path) -> None:
    first = min((image_set / "7").iterdir(), key=lambda path: int(path.stem))
    assert invoke("train", image_set / "7", "-o", "m").stderr == (
        f"Error: Training needs the truth of each image, but {image_set}/7 gives no truths: {first} lies directly in it, not in "
        "a folder named by what it shows; give a file of them with --truths.\n"
    )


def test_names_are_told_in_the_order_of_numbers() -> None:
    assert _shortened(["0", "1", "10", "11", "2", "A", "B"]) == "0 1 2 10 11 A B"
    assert _shortened([str(n) for n in range(20)]) == "0 1 2 3 4 5 6 7 8 9 ... 19"
