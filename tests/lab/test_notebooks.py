"""The lab's notebooks: what their source gives, and what they show when they are run."""

import base64
import copy
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from notebooks import FOLDER, SOURCE, files, lines_of, notebook, read_cells
from PIL import Image

from inkmeans import Project
from inkmeans.datasets import load_digits

Run = Callable[[Any], Any]

TEXT = SOURCE.read_text(encoding="utf-8")
N_TASKS = 18

WRONG: dict[str, list[tuple[str, str]]] = {
    "check_look": [
        ("n_images = images.size", "the number of all pixels"),
        ("side = 64", "the number of pixels of a whole image"),
        ("full_ink = 255", "255 is full ink in many pictures"),
    ],
    "check_description": [("n_writers = 43", "43 people wrote in all"), ("block_side = 16", "how many small pixels")],
    "check_assign": [
        ("def assign(X, centers):\n    return ((X[:, np.newaxis] - centers) ** 2).sum(axis=2)", "the distances"),
        (
            "def assign(X, centers):\n    return ((X[:, np.newaxis] - centers) ** 2).sum(axis=2).argmax(axis=1)",
            "farthest",
        ),
        ("def assign(X, centers):\n    return X @ centers", "stops in line "),
    ],
    "check_update": [
        (
            "def update(X, labels, centers):\n"
            "    return np.array([X[labels == j].mean(axis=0) for j in range(len(centers))])",
            "without images is NaN",
        ),
        (
            "def update(X, labels, centers):\n    return np.array([X[labels == j].sum(axis=0) for j in range(len(centers))])",
            "sums",
        ),
    ],
    "check_kmeans": [
        (
            "def kmeans(X, centers):\n"
            "    for _ in range(4):\n"
            "        labels = assign(X, centers)\n"
            "        centers = update(X, labels, centers)\n"
            "    return labels, centers, ((X - centers[labels]) ** 2).sum()",
            "it has not converged",
        ),
        (
            "def kmeans(X, centers):\n"
            "    run = KMeans(len(centers), init=centers, tol=0).fit(X)\n"
            "    return run.labels_, run.cluster_centers_, np.linalg.norm(X - run.cluster_centers_[run.labels_])",
            "the root of the sum",
        ),
    ],
    "check_pictures": [
        ("pictures = model.cluster_centers_", "reshape them"),
        ("pictures = images[model.transform(X).argmin(axis=0)]", "these are images of the data"),
    ],
    "check_names": [
        ("names = list('0921684573')", "the list that is copied most"),
        ("names = list('4980895612')", "look at the centers of your own"),
        ("names[0] = '7'", "look again at center 0"),
    ],
    "check_accuracy": [
        ("accuracy = (model.labels_ == truths.astype(int)).mean()", "compare their names"),
        ("accuracy = 100 * (named == truths).mean()", "is it percent?"),
    ],
    "check_readings": [("readings = model.predict(pad.reshape(len(pad), -1))", "the numbers of the clusters")],
    "check_ink": [("scaled = pad * (PAD_INK / 16)", "fainter"), ("scaled = pad", "nothing has changed")],
    "check_shift": [
        (
            "kept = (model.predict(np.roll(images, 1, axis=1).reshape(len(X), -1)) == model.labels_).mean()",
            "moved down",
        ),
        (
            "kept = (KMeans(10, random_state=my_seed).fit(moved.reshape(len(X), -1)).labels_ == model.labels_).mean()",
            "anew",
        ),
        (
            "there = moved.reshape(len(X), -1)\n"
            "right_model = model\n"
            "model = KMeans(10, random_state=my_seed)\n"
            "kept = (model.fit_predict(there) == model.labels_).mean()",
            "the model was fitted anew",
        ),
    ],
    "check_step": [("step = 'slant'", "which step brought most"), ("step = 'ink'", "'ink' brings")],
    "check_k": [
        ("k = 10", "where the inertia bends most"),
        ("k = 15", "the highest silhouette"),
        ("k = 60", "fewer looks would do"),
    ],
    "check_middles": [
        ("middles = distances.argmin(axis=1)", "axis=0"),
        ("middles = distances.min(axis=0)", "argmin in place of min"),
    ],
    "check_few_labels": [
        ("few_accuracy = (given_names == truths).mean()", "What was learned from is no test"),
        ("chosen = range(30)", "have none of your images"),
        ("chosen = range(40)", "only 30 may be asked for"),
    ],
    "check_train_and_test": [
        (
            "def train_and_test(X_train, y_train, X_test, y_test, k):\n"
            "    run = KMeans(k, random_state=0).fit(X_train)\n"
            "    right = commonest(run.labels_, y_train, k)[run.labels_] == y_train\n"
            "    return right.mean(), right.mean()",
            "measured on the training images",
        ),
        (
            "def train_and_test(X_train, y_train, X_test, y_test, k):\n"
            "    run = KMeans(k, random_state=0).fit(X_train)\n"
            "    there = run.predict(X_test)\n"
            "    right = commonest(run.labels_, y_train, k)[run.labels_] == y_train\n"
            "    return right.mean(), (commonest(there, y_test, k)[there] == y_test).mean()",
            "from the truths of the training images only",
        ),
    ],
    "check_bias_and_variance": [
        ("bias, variance = 'rises', 'falls'", "the other way round"),
        ("best_k = 600", "best on the images that it learned from"),
        ("best_k = 5", "the bias is still large"),
    ],
    "check_rejects": [
        ("n_answered = len(answers)", "have no answer"),
        ("n_wrong = (answers != drawn_truths).sum()", "counts each ? as wrong"),
    ],
}
"""For each check what is planted in place of the solution, and a part of the hint."""


def test_the_files_are_what_their_sources_give() -> None:
    for name, text in files().items():
        kept = (FOLDER / name).read_text(encoding="utf-8")
        assert kept == text, "run: make notebooks"
        if name.endswith(".ipynb"):
            assert [cell for cell in nbformat.reads(kept, 4).cells if cell.get("outputs")] == []


def tagged(name: str, tag: str) -> list[str]:
    return [cell.source for cell in notebook(name, TEXT).cells if tag in cell.metadata.get("tags", [])]


def test_both_have_the_same_checks_and_only_one_has_the_solutions() -> None:
    checks = tagged("lab", "check")
    assert checks == tagged("solutions", "check") and len(checks) == N_TASKS
    blanks, solved = tagged("lab", "task"), tagged("solutions", "task")
    assert len(blanks) == len(solved) == N_TASKS + 1  # task 15 has two
    for blank, solution in zip(blanks, solved, strict=True):
        assert "..." in blank or "# your turn" in blank
        assert "..." not in solution and "your turn" not in solution
        assert not {line for line in solution.splitlines() if " = " in line} & set(blank.splitlines())
    for text in ("\n".join(blanks), "\n".join(solved)):
        assert "# |" not in text and "# end" not in text and "# solution" not in text


def test_what_only_the_solutions_have() -> None:
    answer = "**An answer.**"
    assert any(answer in cell.source for cell in notebook("solutions", TEXT).cells)
    assert not any(answer in cell.source for cell in notebook("lab", TEXT).cells)


def test_the_lines_of_a_cell() -> None:
    lines = (
        "def f():",
        "    # solution",
        "    return 1",
        "    # blank",
        "    # | return ...",
        "    # |",
        "    # end",
        "f()",
    )
    assert lines_of(lines, solved=True) == ["def f():", "    return 1", "f()"]
    assert lines_of(lines, solved=False) == ["def f():", "    return ...", "    ", "f()"]


def test_a_source_of_its_own() -> None:
    cells = read_cells("# not a cell\n\n# %% [markdown]\n# # Title\n#\n# text\n\n# %% check\nlab.check()\n")
    assert [(cell.kind, cell.lines) for cell in cells] == [
        ("markdown", ("# Title", "", "text")),
        ("check", ("lab.check()",)),
    ]


def test_every_task_has_its_text_and_its_row() -> None:
    numbers = [int(number) for number in re.findall(r"\*\*Task (\d+)\.\*\*", TEXT)]
    assert numbers == list(range(1, N_TASKS + 1))
    assert [row[0] for row in rows()] == numbers
    sheet = (FOLDER / "lab.md").read_text(encoding="utf-8")
    listed = [
        int(each)
        for row in re.findall(r"^\| [^|]*\| ([\d, ]+) \| \d+ \|$", sheet, re.MULTILINE)
        for each in row.split(", ")
    ]
    assert listed == numbers


def test_the_minutes_of_the_lab_are_three_hours() -> None:
    sheet = (FOLDER / "lab.md").read_text(encoding="utf-8")
    assert sum(map(int, re.findall(r"^\| [^|]* \| [\d, ]+ \| (\d+) \|$", sheet, re.MULTILINE))) == 180
    assert sum(row[1] for row in rows()) == 180


def rows() -> list[tuple[int, int, str]]:
    """Return the teacher's table of tasks: number, minutes, and what the check says of the solution."""
    table = (
        (FOLDER / "teacher.md").read_text(encoding="utf-8").split("<!-- tasks -->")[1].split("<!-- end of tasks -->")[0]
    )
    found = re.findall(r"^\| (\d+) [^|]*\| (\d+) \|[^|]*\| ([^|]*) \|$", table, re.MULTILINE)
    return [(int(number), int(minutes), says) for number, minutes, says in found]


def shown(cell: Any) -> str:
    """Return the text that a cell shows; fail where it shows an error or a warning."""
    text = []
    for output in cell.outputs:
        assert output.output_type in {"stream", "display_data", "execute_result"}, output
        assert output.get("name") != "stderr", output.text
        text.append(output.text if output.output_type == "stream" else output.data.get("text/plain", ""))
    return "\n".join(text)


def answers(done: Any) -> list[str]:
    """Return what each check of a notebook says."""
    for cell in done.cells:
        if cell.cell_type == "code":
            shown(cell)
    return [shown(cell) for cell in done.cells if "check" in cell.metadata.get("tags", [])]


@pytest.mark.slow  # a kernel, and every fit of the lab
def test_the_solutions_run_from_top_to_bottom_and_every_check_is_right(run: Run) -> None:
    done = run(notebook("solutions", TEXT))
    assert answers(done) == [f"Right. {says}" for _, _, says in rows()], "docs/class/teacher.md has this column"
    assert f"{N_TASKS} of {N_TASKS} tasks are right." in shown(done.cells[-2])
    pictures = [
        output.data["image/png"]
        for cell in done.cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    assert len(pictures) == 18
    for picture in pictures:
        with Image.open(BytesIO(base64.b64decode(picture))) as image:
            assert image.width <= 1100 and np.asarray(image.convert("L")).std() > 5


@pytest.mark.slow  # a kernel, and most fits of the lab
def test_the_learners_notebook_runs_as_it_is_handed_out(run: Run) -> None:
    found = answers(run(notebook("lab", TEXT)))
    assert len(found) == N_TASKS
    assert [text for text in found if not text.startswith("Not yet: ")] == []


@pytest.mark.slow  # a kernel, and every fit of the lab
def test_each_check_tells_a_planted_wrong_answer_so(run: Run) -> None:
    planted = notebook("solutions", TEXT)
    cells: list[Any] = []
    expected: list[str] = []
    solution: list[str] = []
    for cell in planted.cells:
        tags = cell.metadata.get("tags", [])
        cells.append(cell)
        if "task" in tags:
            solution.append(cell.source)
        if "check" not in tags:
            continue
        name = re.match(r"lab\.(\w+)\(", cell.source)[1]  # type: ignore[index]
        for number, (wrong, hint) in enumerate(WRONG.pop(name)):
            code = nbformat.v4.new_code_cell("\n".join([*solution, wrong]), id=f"{cell.id}-w{number}")
            check = nbformat.v4.new_code_cell(cell.source, id=f"{cell.id}-c{number}", metadata={"tags": ["planted"]})
            cells += [code, check]
            expected.append(hint)
        again = "\n".join(["model = globals().get('right_model', globals().get('model'))", *solution])
        cells.append(nbformat.v4.new_code_cell(again, id=f"{cell.id}-again"))
        cells.append(nbformat.v4.new_code_cell(cell.source, id=f"{cell.id}-right", metadata={"tags": ["check"]}))
        solution = []
    assert not WRONG
    planted.cells = cells
    done = run(planted)
    found = answers(done)
    assert len(found) == 2 * N_TASKS and all(text.startswith("Right. ") for text in found)
    told = [shown(cell) for cell in done.cells if "planted" in cell.metadata.get("tags", [])]
    wrong = [
        (text, hint)
        for text, hint in zip(told, expected, strict=True)
        if not text.startswith("Not yet") or hint not in text
    ]
    assert wrong == []


def cells_with(*parts: str) -> Any:
    """Return a notebook of the cells of the solutions that hold these parts of code."""
    cells = [cell for cell in notebook("solutions", TEXT).cells if cell.cell_type == "code"]
    found = [next(cell for cell in cells if part in cell.source) for part in ("lab.use_style()", *parts)]
    return nbformat.v4.new_notebook(cells=found)


@pytest.mark.slow  # a kernel, and a project of all digits
def test_each_choice_of_task_15_begins_with_no_truths(run: Run) -> None:
    few = cells_with("digits = load_digits()", 'Project.create("few-labels.ink"', "project.propagate", "few_accuracy =")
    create, propagate, measure = few.cells[-3:]

    def code(text: str) -> Any:
        return nbformat.v4.new_code_cell(text)

    middle = code("chosen = [each.members[0] for each in clusters]")
    outermost = code("chosen = [each.members[-1] for each in clusters]")
    once = [create, outermost, propagate, measure, code("print(few_accuracy)")]
    tried = [create, middle, propagate, outermost, propagate, measure, code("print(few_accuracy)")]
    few.cells = [*few.cells[:-3], *(copy.deepcopy(cell) for cell in (*once, *tried))]
    for number, cell in enumerate(few.cells):
        cell.id = f"cell-{number}"
    done = run(few)
    shares = [shown(cell) for cell in done.cells if "print(few_accuracy)" in cell.source]
    assert len(shares) == 2 and shares[0] == shares[1]


@pytest.mark.slow  # a kernel
def test_own_drawings_and_those_of_the_class_are_taken(run: Run, tmp_path: Path) -> None:
    own = '{"drawings": [{"truth": "1", "width": 80, "height": 80, "pen": 9, "strokes": [[[40, 10], [40, 70]]]}]}'
    (tmp_path / "drawings.json").write_text(own)
    digits = load_digits()
    Project.create(tmp_path / "our-handwriting.ink", digits.images[:30], truths=list(digits.truths[:30])).close()
    Project.create(tmp_path / "no-truths.ink", digits.images[:5]).close()
    few = cells_with("drawn_truths = ", "my_seed = ", 'load("digits")', 'glob("*.ink")')
    few.cells.insert(
        2, nbformat.v4.new_code_cell("print(len(pad), drawn_truths)\nX = pad.repeat(20, axis=0).reshape(20, -1)")
    )
    done = run(few)
    assert shown(done.cells[2]).strip() == "1 ['1']"
    assert shown(done.cells[-1]).startswith("our-handwriting.ink: answered 97%, right of these 100%")
    assert [output.output_type for output in done.cells[-1].outputs].count("display_data") == 2
