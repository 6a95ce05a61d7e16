"""Choose k: the figures are choose_k's own, and clusters are named there by keys or touch, saved, and read by."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import HANDWRITING
from live_page import PHONE, SCREENS, Server, violations
from playwright.sync_api import Locator, Page, expect

from inkmeans import KMeans, Project, choose_k
from inkmeans.datasets import load_digits

N = 150  # digits of a project: all of them would take long
DIGITS = load_digits()
IMAGES, TRUTHS = DIGITS.images[:N].astype(np.uint8), DIGITS.truths[:N]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("projects")
    Project.create(folder / "logs.ink", IMAGES, truths=TRUTHS).close()
    return folder


@pytest.fixture(scope="module")
def server(folder: Path, start_server: Callable[..., AbstractContextManager[Server]]) -> Iterator[Server]:
    with start_server(str(folder)) as server:
        yield server


@pytest.fixture
def open_logs(open_page: Any) -> Callable[..., Page]:
    """Return what opens Choose k on the project, and waits for its clusters."""

    def open_logs(query: str = "", **settings: Any) -> Page:
        page: Page = open_page("/learn?part=k", **settings).page
        if page.viewport_size is not None and page.viewport_size["width"] <= 640:
            page.get_by_role("button", name=re.compile("^scikit-learn's digits")).click()
            page.get_by_role("button", name=re.compile("^ *logs")).click()
        else:
            page.get_by_role("button", name="Set: scikit-learn's digits").click()
            page.get_by_role("menuitemradio", name=re.compile("^logs")).click()
        expect(page).to_have_url(re.compile("set=project-"))
        if query:
            page.goto(f"{page.url}&{query}")
        expect(naming_button(page)).to_be_visible(timeout=60_000)
        expect(naming_button(page)).not_to_have_attribute("aria-disabled", "true", timeout=30_000)
        return page

    return open_logs


def naming_button(page: Page) -> Locator:
    return page.get_by_role("button", name=re.compile("^Name these"))


def slider(page: Page, figure: str) -> Locator:
    return page.get_by_role("slider", name=f"Number of clusters, by {figure}")


def tiles(page: Page) -> Locator:
    return page.get_by_role("button", name=re.compile(r"^Cluster \d+, "))


def said(figure: float) -> str:
    if figure < 0.1:
        return f"{figure:#.2g}"
    decimals = 0 if figure >= 1000 else 1 if figure >= 10 else 2
    return f"{figure:,.{decimals}f}"


def share(value: float) -> str:
    percent = 100 * value
    if percent == 100:
        return "100 %"
    if 99.95 < percent < 100:
        return ">99.9 %"
    return f"{percent:.{1 if percent < 10 or percent >= 90 else 0}f} %"


def test_the_figures_are_those_of_choose_k(open_logs: Callable[..., Page]) -> None:
    page = open_logs()
    numbers = [2, 3, 5, 7, 10, 12, 15, 20, 30, 40, 50, 70]
    found = choose_k(IMAGES, numbers)
    inertia, silhouette, right = (slider(page, figure) for figure in ("inertia", "silhouette", "expected accuracy"))
    expect(right).to_have_attribute("aria-valuenow", str(found.suggested))
    expect(page.get_by_text("This is the suggested number")).to_be_visible()
    inertia.focus()
    page.keyboard.press("Home")
    for i, k in enumerate(numbers):
        expect(inertia).to_have_attribute("aria-valuetext", f"{k} clusters: inertia {said(found.inertia[i])}")
        expect(silhouette).to_have_attribute("aria-valuetext", f"{k} clusters: silhouette {found.silhouette[i]:.2f}")
        low, high = share(found.low[i]), share(found.high[i])
        expected = f"{k} clusters: {share(found.accuracy[i])} expected, {low} to {high}"
        expect(right).to_have_attribute("aria-valuetext", expected)
        page.keyboard.press("ArrowRight")
    expect(inertia).to_have_attribute("aria-valuenow", "70")  # the last stays
    expect(page).to_have_url(re.compile("k=70"))
    expect(page.get_by_role("heading", name="The 70 centers")).to_be_visible()


def test_a_number_is_chosen_on_any_chart_and_in_the_menu(open_logs: Callable[..., Page]) -> None:
    page = open_logs("k=10")
    chart = slider(page, "silhouette")
    place = chart.bounding_box()
    assert place is not None
    page.mouse.move(place["x"] + 60, place["y"] + 60)
    page.mouse.down()
    page.mouse.move(place["x"] + place["width"] - 16, place["y"] + 60, steps=5)
    page.mouse.up()
    expect(slider(page, "inertia")).to_have_attribute("aria-valuenow", "70")
    page.get_by_role("button", name=re.compile("^k, the number of clusters")).click()
    page.get_by_role("menuitemradio", name=re.compile("^20 ")).click()
    expect(naming_button(page)).to_have_text("Name these 20")
    expect(page).to_have_url(re.compile("k=20"))
    page.reload()
    expect(naming_button(page)).to_have_text("Name these 20", timeout=30_000)


def test_pixels_are_clustered_as_kmeans_does_and_compared(open_logs: Callable[..., Page], folder: Path) -> None:
    page = open_logs("k=10")
    page.locator("label", has_text="Normalized pixels").first.click()
    with Project.open(folder / "logs.ink") as project:
        model = KMeans(10, n_init=4, random_state=0).fit(project.glyphs.reshape(N, -1))
    expected = f"10 clusters: inertia {said(model.inertia_ / 255**2)}"
    expect(slider(page, "inertia")).to_have_attribute("aria-valuetext", expected, timeout=30_000)
    expect(page).to_have_url(re.compile("by=normalized"))
    expect(page.get_by_text("As inkmeans clusters them, as many looks bring")).to_be_visible()


def test_the_truth_is_shown_only_on_a_press(open_logs: Callable[..., Page]) -> None:
    page = open_logs("k=20")
    right = slider(page, "expected accuracy")
    expect(right).to_have_attribute("aria-valuetext", re.compile(r"^20 clusters: [^;]*$"))
    page.get_by_role("button", name="The truth, if you want to see it").click()
    expect(right).to_have_attribute("aria-valuetext", re.compile(r"; in truth \d\d(\.\d)? %$"))
    page.get_by_role("button", name="Hide the truth").click()
    expect(right).to_have_attribute("aria-valuetext", re.compile(r"^20 clusters: [^;]*$"))


def names_by_look(page: Page, folder: Path, k: int) -> list[str]:
    """Return the name of each tile, as a person sees it, from what the project's own clusters hold."""
    with Project.open(folder / "logs.ink", read_only=True) as project:
        glyphs = project.glyphs
    from inkmeans.cluster import GlyphClustering

    found = GlyphClustering(k, random_state=0).fit_glyphs(glyphs)
    sizes = np.bincount(found.labels_, minlength=k)
    order = sorted(range(k), key=lambda cluster: (-sizes[cluster], cluster))
    expect(tiles(page)).to_have_count(k)
    for i, cluster in enumerate(order):
        noun = "image" if sizes[cluster] == 1 else "images"
        expect(tiles(page).nth(i)).to_have_accessible_name(re.compile(f"^Cluster {i + 1}, {sizes[cluster]} {noun}: "))
    return [str(TRUTHS[found.middles_[cluster]]) for cluster in order]


def test_clusters_are_named_by_a_key_each_saved_and_read_by(open_logs: Callable[..., Page], folder: Path) -> None:
    page = open_logs("k=20")
    naming_button(page).click()
    looks = names_by_look(page, folder, 20)
    expect(tiles(page).first).to_be_focused()
    keyboard = page.keyboard
    keyboard.press("x")
    keyboard.press("Enter")  # skips the second
    expect(tiles(page).nth(2)).to_be_focused()
    keyboard.press("Backspace")  # takes the x back
    expect(tiles(page).first).to_be_focused()
    expect(page.get_by_text("0 of 20 named")).to_be_visible()
    keyboard.press(" ")  # a longer one
    keyboard.type("an A")
    keyboard.press("Enter")
    expect(tiles(page).nth(1)).to_be_focused()
    expect(tiles(page).first).to_have_accessible_name(re.compile(": an A$"))
    keyboard.press("ArrowLeft")
    keyboard.press("?")
    expect(page.get_by_text("“?” means that nothing was read")).to_be_visible()
    for look in looks:
        keyboard.press(look)
    expect(page.get_by_text(f"20 of 20 named: {N} images")).to_be_visible()

    known = page.get_by_role("group", name="Names to press")
    known.get_by_role("button", name=looks[-1], exact=True).click()
    keyboard.press("ArrowLeft")  # moves among the tiles, and leaves k as it is
    expect(tiles(page).nth(18)).to_be_focused()
    expect(page).to_have_url(re.compile("k=20"))

    page.get_by_role("textbox", name="Its title").fill("Our logs")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved as")).to_contain_text("our-logs.ink")
    expect(page.get_by_text(re.compile("inkmeans train .*our-logs.ink -o .*our-logs.safetensors"))).to_be_visible()
    with Project.open(folder / "our-logs.ink") as project:
        named = [name for name in project.names if name]
        assert len(named) == N and np.mean([a == b for a, b in zip(named, TRUTHS, strict=True)]) > 0.9
        assert sorted(cluster.name for cluster in project.clusters if cluster.name) == sorted(looks)
    page.get_by_role("button", name=re.compile("^Set: logs")).click()
    expect(page.get_by_role("menuitemradio", name=re.compile("^our-logs"))).to_be_visible()
    keyboard.press("Escape")

    draw(page, "7")
    expect(page.locator(".read .name")).to_have_text("7")
    page.reload()  # the names are kept
    naming_button(page).click()
    expect(page.get_by_text(f"20 of 20 named: {N} images")).to_be_visible()


def draw(page: Page, digit: str) -> None:
    canvas = page.get_by_role("img", name=re.compile("^Box 1: "))
    canvas.scroll_into_view_if_needed()
    place = canvas.bounding_box()
    assert place is not None
    for stroke in HANDWRITING[digit]:
        points = [(place["x"] + x * place["width"] / 100, place["y"] + y * place["width"] / 100) for x, y in stroke]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point)
        page.mouse.up()


def test_clusters_are_named_by_touch(open_logs: Callable[..., Page]) -> None:
    page = open_logs("k=5", **PHONE)
    naming_button(page).tap()
    field = page.get_by_role("textbox", name=re.compile("^Cluster 1 "))
    field.tap()
    page.keyboard.type("a")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name=re.compile("^Cluster 2 "))).to_be_focused()
    known = page.get_by_role("group", name="Names to press")
    known.get_by_role("button", name="a", exact=True).tap()
    expect(page.get_by_text("2 of 5 named")).to_be_visible()
    tiles(page).nth(4).tap()
    page.get_by_role("textbox", name=re.compile("^Cluster 5 ")).fill("b")
    page.get_by_role("button", name="Name", exact=True).tap()
    expect(tiles(page).nth(4)).to_have_accessible_name(re.compile(": b$"))
    page.get_by_role("button", name="Take back").tap()
    expect(tiles(page).nth(4)).to_have_accessible_name(re.compile(": no name yet$"))


@pytest.mark.parametrize("screen", ["phone", "tablet", "desktop"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_choose_k_has_no_fault_that_axe_finds(open_logs: Callable[..., Page], screen: str, theme: str) -> None:
    page = open_logs("k=20", **SCREENS[screen], color_scheme=theme)
    assert violations(page) == []
    page.get_by_role("button", name="The truth, if you want to see it").click()
    naming_button(page).click()
    page.keyboard.press("7")
    expect(page.get_by_text("1 of 20 named")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth")
