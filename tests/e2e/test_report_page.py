"""The report in a browser: one file for everyone, in light and dark and on each screen."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from live_page import SCREENS, Watched, violations
from playwright.sync_api import Browser, Page

from inkmeans.evaluate import Confusion
from inkmeans.pictures import ClusterEntry, Figure, MistakeEntry, ReadingEntry, ReportData, report
from inkmeans.records import GlyphReading, Reading


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a report with every part that one can have."""
    ink = np.eye(8)
    glyphs = (
        GlyphReading("7", 0.99, (5, 5, 30, 40)),
        GlyphReading("7", 0.7, (60, 5, 30, 40), (("7", 0.7), ("9", 0.2))),
        GlyphReading("?", 0.2, (120, 5, 30, 40)),
    )
    counts = np.array([[40 * (i == j) + (i + 1) * (j == 9) for j in range(10)] for i in range(10)])
    data = ReportData(
        "Log books, 1899 to 1904",
        lead="3,000 images in 12 clusters, 11 of which have a name.",
        figures=[Figure("accuracy", "97.1 %"), Figure("images", "3,000"), Figure("clusters", "12")],
        clusters=[
            ClusterEntry(
                i,
                [*"0123456789", "a longer name", None][i],
                [ink] * 50,
                sources=[f"scans/{j}.png" for j in range(50)],
                doubtful=i,
                center=ink,
                truths={"7": 40, "1": 10},
            )
            for i in range(12)
        ],
        readings=[ReadingEntry(np.ones((60, 200)), Reading("77?", 0.2, True, (0, 0, 1, 1), glyphs), "page.png")],
        confusion=Confusion(tuple("0123456789"), counts, np.arange(10)),
        mistakes=[MistakeEntry(ink, "7", 0.61, "9", "scan.png"), MistakeEntry(ink, "?", 0.31, "7")],
        made={"k": 12, "normalizer": {"version": 1}},
    )
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(report(data), encoding="utf-8")
    return path


@pytest.fixture
def open_report(browser: Browser, file: Path) -> Iterator[Any]:
    """Return what opens the report on a screen; nothing else is asked for, and the console stays empty."""
    contexts, watched = [], Watched()

    def open_one(**settings: Any) -> Page:
        contexts.append(browser.new_context(**settings))
        page: Page = contexts[-1].new_page()
        watched.watch(page)
        page.goto(file.as_uri())
        page.evaluate("document.fonts.ready.then(() => null)")
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert [url for url in watched.requests if not url.startswith("data:") and url != file.as_uri()] == []
    assert watched.complaints == []


@pytest.mark.parametrize("screen", ["phone", "tablet", "desktop"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(open_report: Any, screen: str) -> None:
    page = open_report(**SCREENS[screen])
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page, of_color=scheme == "dark") == []
    width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width[0] <= width[1]


def test_the_fonts_that_it_brings_along_are_used(open_report: Any) -> None:
    page = open_report(**SCREENS["desktop"])
    assert page.evaluate("[...document.fonts].map(font => font.family.replaceAll('\"', '') + ' ' + font.weight)") == [
        "Inkmeans Sans 400",
        "Inkmeans Sans 600",
        "Inkmeans Serif 500",
    ]
    assert page.evaluate("[...document.fonts].map(font => font.status)") == ["loaded"] * 3
    assert page.evaluate("document.fonts.check('500 30px \"Inkmeans Serif\"')")


def test_ink_turns_with_the_theme_and_not_on_paper(open_report: Any) -> None:
    page = open_report(**SCREENS["desktop"])
    filters = "[...document.querySelectorAll('.ink, .sheet')].map(each => getComputedStyle(each).filter)"
    page.emulate_media(color_scheme="dark")
    assert set(page.evaluate(filters)) == {"invert(1) hue-rotate(180deg)"}
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(16, 18, 24)"
    page.emulate_media(color_scheme="dark", media="print")
    assert set(page.evaluate(filters)) == {"none"}
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_a_center_leads_to_its_cluster_by_keyboard(open_report: Any) -> None:
    page = open_report(**SCREENS["desktop"])
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('href')") == "#cluster-2":
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "2px"
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector(':target').id") == "cluster-2"
