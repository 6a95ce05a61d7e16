"""A picture is given to the page, and its text comes back with its doubts."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def page(open_page: Any, server: Any) -> Any:
    page = open_page(permissions=["clipboard-read", "clipboard-write"]).page
    page.goto(f"{server.base}read")
    expect(page.get_by_role("heading", name="Read a picture")).to_be_visible()
    return page


def give(page: Any, name: str, how: str = "choose") -> None:
    file = EXAMPLES / name
    if how == "choose":
        page.get_by_label("A picture to read").set_input_files(file)
        return
    data = page.evaluate_handle(
        """([bytes, name]) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], name, { type: "image/png" }));
            return data;
        }""",
        [list(file.read_bytes()), name],
    )
    if how == "drop":
        page.dispatch_event("main", "drop", {"dataTransfer": data})
    else:
        page.evaluate("data => dispatchEvent(new ClipboardEvent('paste', { clipboardData: data }))", data)


@pytest.mark.parametrize("how", ["choose", "drop", "paste"])
def test_a_picture_is_read_however_it_comes(page: Any, how: str) -> None:
    give(page, "year.png", how)
    expect(page.get_by_role("listitem")).to_have_text("1 2036")
    expect(page.get_by_role("heading", name="Nothing is in doubt")).to_be_visible()
    page.get_by_role("button", name="Copy text").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "2036"


def test_doubt_is_marked_in_the_picture_in_the_text_and_in_the_list(page: Any) -> None:
    give(page, "numbers.jpg")
    expect(page.get_by_role("heading", name="One character is not read")).to_be_visible()
    box = page.get_by_role("button", name="Line 2: ?, in doubt")
    mark = page.get_by_role("button", name="?, in doubt, or 7")
    entry = page.get_by_role("button", name="Line 2: ? 7 (55 %) or 2 (42 %)")
    expect(mark).to_have_text("?7")
    entry.click()
    for one in (box, mark, entry):
        expect(one).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    for one in (box, mark, entry):
        expect(one).to_have_attribute("aria-pressed", "false")
    # The line stands beside the line on the picture, the box on the ink.
    ink, text = box.bounding_box(), mark.bounding_box()
    assert abs(ink["y"] + ink["height"] / 2 - text["y"] - text["height"] / 2) < 20
    sheet = page.locator(".sheet canvas").bounding_box()
    assert (ink["x"] - sheet["x"]) / sheet["width"] == pytest.approx(166 / 1040, abs=0.02)


def test_a_file_that_is_no_picture_is_told_beside_it_and_the_open_one_stays(page: Any, watched: Any) -> None:
    give(page, "year.png")
    expect(page.get_by_role("button", name="Copy text")).to_be_visible()
    give(page, "truth.csv")
    expect(page.get_by_role("alert")).to_contain_text(
        "truth.csv: the picture is of no kind that can be read; it must be PNG"
    )
    expect(page.get_by_text("2036")).to_be_visible()
    give(page, "numbers.jpg")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_text("301846")).to_be_visible()
    watched.complaints.clear()


def test_a_picture_stays_while_another_view_is_looked_at(page: Any) -> None:
    give(page, "year.png")
    expect(page.get_by_text("2036")).to_be_visible()
    page.get_by_role("link", name="Name", exact=True).click()
    expect(page.get_by_role("heading", name="What comes of it")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("2036")).to_be_visible()


def test_a_picture_without_writing_says_what_it_must_show(page: Any) -> None:
    blank = page.evaluate(
        """async () => {
            const canvas = new OffscreenCanvas(300, 200);
            const context = canvas.getContext("2d");
            context.fillStyle = "white";
            context.fillRect(0, 0, 300, 200);
            return [...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())];
        }"""
    )
    page.get_by_label("A picture to read").set_input_files(
        {"name": "blank.png", "mimeType": "image/png", "buffer": bytes(blank)}
    )
    expect(page.get_by_role("heading", name="No writing was found")).to_be_visible()
    expect(page.get_by_role("button", name="Copy text")).to_have_count(0)
