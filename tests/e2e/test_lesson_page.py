"""The page of ``inkmeans export lesson``: Learn in one file, opened without a server."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from live_page import SCREENS, Watched, violations
from playwright.sync_api import Browser, Page, expect

from inkmeans.cli import main

LARGEST = 4_000_000
"""Bytes that a learning platform takes."""


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the page as it is exported: its many runs take some seconds."""
    path = tmp_path_factory.mktemp("lesson") / "lesson.html"
    main(["export", "lesson", "-o", str(path)], standalone_mode=False)
    return path


@pytest.fixture
def open_lesson(browser: Browser, lesson: Path) -> Iterator[Any]:
    """Hold every page to this: it asks for nothing but itself, and the console stays empty."""
    watched = Watched()
    contexts = []

    def open_one(state: str = "", **settings: Any) -> Page:
        context = browser.new_context(**({"viewport": {"width": 1280, "height": 800}} | settings))
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        watched.watch(page)
        page.goto(f"{lesson.as_uri()}{state}")
        expect(page.get_by_role("region", name="Player")).to_be_visible(timeout=20_000)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert {url.partition("#")[0] for url in watched.requests if not url.startswith("data:")} == {lesson.as_uri()}
    assert watched.complaints == []


def centers(page: Page) -> Any:
    return page.get_by_role("button", name=re.compile("^Look into cluster "))


@pytest.mark.slow  # records all runs
def test_it_is_one_file_of_at_most_4_mb(lesson: Path) -> None:
    assert lesson.stat().st_size <= LARGEST
    text = lesson.read_text()
    assert re.findall(r"<(?:script|link|img)[^>]*(?:src|href)=\"(?!data:)", text) == []


def test_it_plays_from_a_file_without_a_request(open_lesson: Any) -> None:
    page = open_lesson("#set=digits&pixels=raw&k=2")
    page.get_by_text("fast", exact=True).click()
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.get_by_role("heading", name="Converged")).to_be_visible(timeout=60_000)
    expect(page).to_have_url(re.compile(r"#.*step=\d+"))


def test_it_offers_what_was_recorded_and_nothing_else(open_lesson: Any) -> None:
    page = open_lesson()
    expect(page.get_by_role("button", name="k, the number of clusters: one more")).to_have_count(0)
    page.get_by_role("button", name="k, the number of clusters").click()
    offered = [int(text.strip(" ✓")) for text in page.get_by_role("menuitemradio").all_inner_texts()]
    assert len(offered) > 4
    page.get_by_role("menuitemradio", name=str(offered[0]), exact=True).click()
    expect(centers(page)).to_have_count(offered[0])
    page.keyboard.press("+")
    expect(centers(page)).to_have_count(offered[1])

    page.get_by_role("button", name="Start: ").click()
    expect(page.get_by_role("menuitemradio", name="By hand")).to_have_count(0)
    page.get_by_role("menuitem", name="Another start of this kind").click()
    expect(page).to_have_url(re.compile("seed=1"))
    page.get_by_role("button", name="Start: ").click()
    page.get_by_role("menuitemradio", name="Bad on purpose").click()
    page.get_by_role("button", name="Assign", exact=True).click()
    expect(page.get_by_role("button", name=re.compile("^Look into cluster .*: empty"))).to_have_count(1)


def test_its_state_stands_after_the_hash(open_lesson: Any) -> None:
    page = open_lesson("#set=digits&pixels=raw&k=3&start=random&seed=1&step=4")
    expect(centers(page)).to_have_count(3)
    expect(page.get_by_role("heading", name="Update 2")).to_be_visible()
    expect(page.get_by_role("button", name="Start: ")).to_contain_text("Random")
    # What was not recorded is shown with the nearest k that was.
    page = open_lesson("#set=digits&pixels=raw&k=100&start=hand&rows=1,2,3")
    expect(page.get_by_role("heading", name="Start", exact=True)).to_be_visible()


def test_another_link_to_the_same_file_opens_its_state(open_lesson: Any) -> None:
    page = open_lesson("#set=digits&pixels=raw&k=3&start=random&seed=1&step=4")
    expect(centers(page)).to_have_count(3)
    page.evaluate("location.hash = '#set=digits&pixels=raw&k=5&step=1'")
    expect(centers(page)).to_have_count(5)
    expect(page.get_by_role("heading", name="Assignment 1")).to_be_visible()


def test_the_truths_lie_in_the_page_and_are_shown_on_a_press(open_lesson: Any) -> None:
    page = open_lesson("#k=10&step=9")
    page.get_by_role("button", name="Show what they really are").click()
    expect(page.get_by_role("region", name="What they really are")).to_contain_text("of the 1,797 would be right")
    centers(page).nth(0).click()
    sheet = page.get_by_role("dialog", name="Cluster 0")
    expect(sheet.get_by_role("listbox").first).to_be_visible()
    expect(sheet).to_contain_text("It takes")


def test_it_has_dots_as_well_and_no_part_that_needs_a_server(open_lesson: Any) -> None:
    page = open_lesson("#set=digits&pixels=raw&k=3&start=random&seed=1&step=4")
    tabs = page.get_by_role("navigation", name="Parts of Learn").get_by_role("link")
    assert tabs.all_inner_texts() == ["Glyphs", "Dots"]
    tabs.nth(1).click()
    plane = page.get_by_role("application", name="The plane with 240 dots")
    expect(plane).to_be_visible()
    expect(tabs.nth(1)).to_be_focused()
    page.get_by_role("button", name=re.compile("^Two moons ")).click()
    page.get_by_text("fast", exact=True).click()
    expect(page.get_by_role("heading", name="Converged")).to_be_visible(timeout=60_000)
    plane.click(position={"x": 40, "y": 40})
    expect(page).to_have_url(re.compile(r"#.*part=dots.*dots=moons.*start=hand.*added="))
    centers_of_dots = page.get_by_role("application").get_attribute("data-centers")
    again = open_lesson(page.url.partition("#")[1] + page.url.partition("#")[2])
    expect(again.get_by_role("application")).to_have_attribute("data-centers", centers_of_dots or "")
    tabs.nth(0).click()
    expect(centers(page)).to_have_count(3)
    expect(page.get_by_role("heading", name="Update 2")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("application", name="The plane with 241 dots")).to_be_visible()


@pytest.mark.parametrize("state", ["#k=10&step=5", "#part=dots&dots=long&step=3"], ids=["glyphs", "dots"])
@pytest.mark.parametrize("screen", ["phone", "tablet", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_lesson: Any, state: str, screen: str, scheme: str) -> None:
    page = open_lesson(state, color_scheme=scheme, **SCREENS[screen])
    assert violations(page) == []
