"""The table of robustness, its file and its page."""

import importlib.util
import sys

import bench_robustness
import numpy as np
import pytest
from PIL import Image
from recognition.changes import AS_IT_IS, KINDS
from recognition.robustness import Row, by_amount, page, read_rows, row, write_rows

from inkmeans.records import GlyphReading

ABOUT = {"date": "2026-11-23", "commit": "abc1234", "processor": "one"}
KIND = {kind.name: kind for kind in KINDS}


class AlwaysOne:
    """A reader that takes each image for a 1, and rejects those with ink in the upper half."""

    def read_glyphs(self, images):
        return [GlyphReading("?" if image[:14].any() else "1", 1.0, (0, 0, 28, 28), (("1", 1.0),)) for image in images]


@pytest.fixture
def rows() -> list[Row]:
    """Return a row for each change, each with numbers of its own."""
    amounts = [(kind.name, str(amount)) for kind in (AS_IT_IS, *KINDS) for amount in kind.amounts]
    return [Row(*amount, 99 - i, 98.5 - i, 0.25 * i, 500) for i, amount in enumerate(amounts)]


def test_a_change_toward_four_sides_is_averaged():
    images = np.zeros((3, 28, 28), dtype=np.uint8)
    images[:2, 10:18, 10:18] = 255
    images[2, 2:18, 10:18] = 255
    # Only the four rows cut at the top leave no ink in the upper half, and only of the first two.
    found = row(AlwaysOne(), images, np.array([1, 2, 1]), KIND["cut edges"], 4)
    assert found == Row("cut edges", "4", 66.67, 16.67, 8.33, 3)
    unchanged = row(AlwaysOne(), images, np.array([1, 2, 1]), AS_IT_IS, "as it is")
    assert unchanged == Row("as it is", "as it is", 66.67, 0, 0, 3)


def test_no_page_is_made_from_a_tree_that_no_commit_holds(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(bench_robustness, "commit", lambda: "abc1234-dirty")
    monkeypatch.setattr(sys, "argv", ["bench_robustness.py", "--data", str(tmp_path)])
    assert bench_robustness.main() == 2
    assert capsys.readouterr().err == (
        "bench-robustness writes down the commit that it measures; commit first, or try --images N.\n"
    )


def test_the_file_gives_back_the_rows(rows, tmp_path):
    write_rows(tmp_path / "robustness.csv", rows, ABOUT)
    assert read_rows(tmp_path / "robustness.csv") == (rows, ABOUT)


def test_unchanged_images_stand_where_the_amount_changes_nothing(rows):
    rotation, pixels = by_amount(rows, KIND["rotation"]), by_amount(rows, KIND["8 x 8 pixels"])
    assert list(rotation) == [-20, -15, -10, -5, 0, 5, 10, 15, 20]
    assert list(by_amount(rows, KIND["scale"])) == [0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3]
    assert list(pixels) == ["as it is", "of the box", "of the image"]
    assert rotation[0] == pixels["as it is"] == rows[0]


def test_the_page_holds_every_kind_with_what_is_asked(rows):
    text = page(rows, ABOUT, "pictures/robustness.png")
    assert [line[3:].lower() for line in text.splitlines() if line.startswith("## ")] == list(KIND)
    assert max(map(len, text.splitlines())) <= 120
    assert "(abc1234)" in text
    assert "](pictures/robustness.png)" in text
    table = text.partition("## Inversion")[2].split("\n\n")[2]
    assert table.splitlines() == [
        "|  | as it is | inverted |",
        "| --- | --: | --: |",
        f"| right | 99.00 | {rows[-1].right:.2f} |",
        f"| answered | 98.50 | {rows[-1].answered:.2f} |",
        f"| answered, wrong | 0.00 | {rows[-1].wrong:.2f} |",
        "| asked of right |  | no loss |",
    ]
    assert "| \N{MINUS SIGN}1 px | 0 px | +1 px |" in text
    assert "|  | ≥ 98 |  | ≥ 98 |  |  |" in text


def test_what_is_asked_is_asked_of_an_amount_that_is_measured():
    assert all(amount in kind.amounts for kind in KINDS for amount in kind.asked)


@pytest.mark.skipif(importlib.util.find_spec("matplotlib") is None, reason="the figure needs matplotlib")
def test_the_figure_is_drawn(rows, tmp_path):
    from recognition.robustness_figure import draw

    digit = np.zeros((28, 28), dtype=np.uint8)
    digit[4:24, 12:16] = 255
    draw(rows, digit, tmp_path / "pictures" / "robustness.png")
    with Image.open(tmp_path / "pictures" / "robustness.png") as picture:
        assert picture.width > 1000
        assert picture.height > 600
