"""The page with a reader of a person's own whose names are not the ten digits."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from inkmeans.images import rasterize, read_strokes
from inkmeans.reader import Reader

SHAPES = {
    "Λ": [[(30, 85), (50, 15), (70, 85)]],
    "Γ": [[(30, 85), (30, 15), (75, 15)]],
    "Π": [[(25, 20), (75, 20)], [(32, 20), (32, 85)], [(68, 20), (68, 85)]],
}


@pytest.fixture(scope="module")
def server(
    start_server: Callable[..., AbstractContextManager[Any]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    pens = range(6, 13)
    images = [
        rasterize(read_strokes({"strokes": strokes, "width": 100, "height": 100, "pen": pen})[0])
        for strokes in SHAPES.values()
        for pen in pens
    ]
    model = tmp_path_factory.mktemp("model") / "greek.safetensors"
    Reader().fit(images, np.repeat(list(SHAPES), len(pens))).save(model)
    with start_server("--model", str(model)) as server:
        yield server


def test_the_page_asks_for_characters_and_offers_no_samples_of_digits(tab: Any) -> None:
    page = tab.page
    expect(page.get_by_role("heading", name="Draw characters")).to_be_visible()
    expect(page).to_have_title("Draw characters · inkmeans")
    expect(page.get_by_text("draw a character", exact=True)).to_have_count(4)
    expect(page.get_by_role("button", name="Sample")).to_have_count(0)
    expect(page.get_by_text("Use a sample year")).to_have_count(0)
    for box, shape in enumerate(SHAPES, start=1):
        tab.draw(box, SHAPES[shape])
        expect(tab.reading(box)).to_have_text(shape)
    expect(tab.year()).to_have_text("The text reads Λ Γ Π blank")
    expect(page.get_by_text("1 more to draw.")).to_be_visible()
    expect(page.get_by_label("Box 1 was another character").get_by_role("option")).to_have_text(["other", "Γ", "Π"])


def test_the_lesson_is_still_about_digits(tab: Any) -> None:
    page = tab.page
    expect(page.get_by_role("heading", name="Draw characters")).to_be_visible()
    tab.choose_way("lesson")
    expect(page.get_by_role("heading", name="In which year will robots take over the world?")).to_be_visible()
    page.get_by_role("button", name="Propose the rest").click()
    for cluster in range(10):
        expect(tab.center(cluster)).to_have_accessible_name(re.compile(r"named \d"))
    tab.choose_way("looking")
    tab.pick_sample(1, 0)
    expect(tab.reading(1)).to_have_text(re.compile(r"^\d$"))
