"""Learn plays k-means as the engine runs it: every half-step, from any start, and a link opens what was seen."""

import re
from typing import Any

import numpy as np
import pytest
from learn_view import STILL, LearnTab, by_hand, half_steps
from live_page import Server, cut_off
from numpy.typing import NDArray
from playwright.sync_api import expect
from sklearn.datasets import load_digits
from sklearn.metrics import confusion_matrix

ROWS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]  # the first ten images, one of each digit
QUICK = [0, 1]  # converges after few iterations


@pytest.fixture(scope="module")
def digits() -> NDArray[np.uint8]:
    """Return scikit-learn's digits as they are: 8 x 8 pixels, ink 0 to 16."""
    return load_digits().data.astype(np.uint8)


@pytest.fixture
def open_learn(open_page: Any) -> Any:
    def open_one(place: str, **settings: Any) -> LearnTab:
        tab = LearnTab(open_page(place, **settings).page)
        expect(tab.title).to_be_visible()
        return tab

    return open_one


def words(labels: NDArray[np.int32]) -> str:
    return " ".join(map(str, labels.tolist()))


def test_each_half_step_is_the_engines_own(open_learn: Any, digits: NDArray[np.uint8]) -> None:
    model, told = half_steps(digits, ROWS)
    learn = open_learn(by_hand(ROWS), **STILL)
    expect(learn.title).to_have_text("Start")
    expect(learn.slider).to_have_attribute("aria-valuemax", str(len(told)))
    for step, half in enumerate(told, start=1):
        learn.page.keyboard.press("ArrowRight")
        learn.is_at(step)
        expect(learn.plane).to_have_attribute("data-labels", words(half.labels))
        shown = learn.player.locator(".fig b")
        assert shown.inner_text() == f"{half.inertia:,.0f}"
        assert float(learn.plane.get_attribute("data-inertia")) == half.inertia
        assert learn.counts() == np.bincount(half.labels, minlength=10).tolist()
        if step < len(told):
            expect(learn.title).to_have_text(f"{half.half_step.capitalize()} {half.n_iter}")
    expect(learn.title).to_have_text("Converged")
    assert float(learn.plane.get_attribute("data-inertia")) == model.inertia_
    assert learn.labels() == model.labels_.tolist()


def test_it_plays_to_convergence_and_says_why_it_ends(open_learn: Any, digits: NDArray[np.uint8]) -> None:
    model, told = half_steps(digits, QUICK)
    learn = open_learn(by_hand(QUICK))
    learn.page.get_by_text("fast", exact=True).click()
    learn.button("Play").click()
    expect(learn.button("Pause")).to_be_visible()
    expect(learn.title).to_have_text("Converged", timeout=60_000)
    expect(learn.button("Play")).to_be_visible()
    learn.is_at(len(told))
    expect(learn.plane).to_have_attribute("data-labels", words(model.labels_))
    assert float(learn.plane.get_attribute("data-inertia")) == model.inertia_
    expect(learn.page.get_by_text(f"converged after {model.n_iter_} iterations")).to_be_visible()
    expect(learn.button("End")).to_be_disabled()
    learn.button("Play").click()  # once more, from the start
    expect(learn.slider).to_have_attribute("aria-valuenow", re.compile("^[1-4]$"))
    learn.button("Pause").click()


def test_marks_are_painted_in_the_tints_of_their_clusters(open_learn: Any, digits: NDArray[np.uint8]) -> None:
    _, told = half_steps(digits, ROWS)
    learn = open_learn(by_hand(ROWS, step=3), **STILL)
    expect(learn.plane).to_have_attribute("data-labels", words(told[2].labels))
    painted = learn.tints_of_lone_marks()
    assert len(painted) >= 20
    assert len(set(painted.values())) >= 6
    assert painted == {mark: int(told[2].labels[mark]) for mark in painted}


def test_steps_back_and_forth_show_the_same_pictures(open_learn: Any) -> None:
    learn = open_learn(by_hand(ROWS, step=5), **STILL)
    page = learn.page
    learn.is_at(5)
    pictures = {5: learn.settled()}
    for step in (6, 7, 8):
        page.keyboard.press("ArrowRight")
        learn.is_at(step)
        pictures[step] = learn.settled()
    assert len({picture.tobytes() for picture in pictures.values()}) == 4
    for step in (7, 6, 5):
        page.keyboard.press("ArrowLeft")
        learn.is_at(step)
        learn.looks_like(pictures[step])
    learn.slider.press("End")
    learn.slider.press("Home")
    learn.is_at(0)
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    learn.is_at(8)
    learn.looks_like(pictures[8])


def test_a_link_opens_what_was_seen(open_learn: Any) -> None:
    learn = open_learn("/learn", **STILL)
    page = learn.page
    page.get_by_text("Raw", exact=True).click()
    page.get_by_role("textbox", name="k, the number of clusters").fill("7")
    page.get_by_role("textbox", name="k, the number of clusters").press("Enter")
    page.get_by_role("button", name="Start: k-means++").click()
    page.get_by_role("menuitemradio", name=re.compile("^Random")).click()
    expect(page.get_by_role("button", name="Start: Random")).to_be_visible()
    expect(learn.title).to_have_text("Start")
    page.locator("body").press("r")
    expect(page).to_have_url(re.compile("seed=1"))
    for step in range(1, 5):
        page.keyboard.press("ArrowRight")
        learn.is_at(step)
    expect(page).to_have_url(re.compile("step=4"))
    asked = {"set": "digits", "pixels": "raw", "k": "7", "start": "random", "seed": "1", "step": "4"}
    assert learn.query() == asked
    drawn, labels = learn.drawn(), learn.labels()
    other = open_learn(page.url[page.url.index("/learn") :], **STILL)
    other.is_at(4)
    expect(other.title).to_have_text("Update 2")
    expect(other.page.get_by_role("button", name="Start: Random")).to_be_visible()
    expect(other.page.get_by_role("textbox", name="k, the number of clusters")).to_have_value("7")
    expect(other.page.get_by_role("radio", name="Raw")).to_be_checked()
    expect(other.plane).to_have_attribute("data-labels", " ".join(map(str, labels)))
    assert other.drawn() == drawn


def test_images_are_picked_by_hand_on_the_plane(open_learn: Any) -> None:
    learn = open_learn("/learn?set=digits&pixels=normalized&k=3", **STILL)
    page = learn.page
    page.get_by_role("button", name="Start: k-means++").click()
    page.get_by_role("menuitemradio", name=re.compile("^By hand")).click()
    expect(page.get_by_text("0 of 3 chosen").first).to_be_visible()
    places = learn.lone_marks()[:4]
    for _, x, y in places:
        page.mouse.click(x, y)
    expect(page.get_by_text("3 of 3 chosen").first).to_be_visible()  # a fourth is one too many
    page.mouse.click(*places.pop(1)[1:])  # a second press takes an image back
    expect(page.get_by_text("2 of 3 chosen").first).to_be_visible()
    page.mouse.click(*places[2][1:])
    expect(page.get_by_text("3 of 3 chosen").first).to_be_visible()
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page).to_have_url(re.compile("start=hand"))
    rows = [mark for mark, _, _ in places]  # all images are marks here, so a mark is its row
    assert learn.query()["rows"] == ",".join(map(str, rows))
    expect(page.get_by_text("The 3 images you chose are the first centers.")).to_be_visible()


def test_a_bad_start_shows_the_empty_cluster_and_where_it_is_put(open_learn: Any) -> None:
    learn = open_learn("/learn?set=digits&pixels=raw&k=10&start=bad&seed=0", **STILL)
    page = learn.page
    page.keyboard.press("ArrowRight")
    learn.is_at(1)
    expect(page.get_by_text("Cluster 9 holds no image.")).to_be_visible()
    assert learn.counts()[9] == 0
    expect(page.get_by_role("button", name="Look into cluster 9: empty")).to_contain_text("empty")
    page.keyboard.press("ArrowRight")
    learn.is_at(2)
    expect(page.get_by_text("Cluster 9 held no image; its center is put on the image farthest")).to_be_visible()
    assert learn.counts()[9] == 1
    expect(page.get_by_role("button", name=re.compile("^Look into cluster 9: 1 image, refilled"))).to_be_visible()


def test_the_truths_are_shown_when_they_are_asked_for(open_learn: Any, watched: Any, digits: Any) -> None:
    model, told = half_steps(digits, QUICK)
    learn = open_learn(by_hand(QUICK, step=len(told)), **STILL)
    page = learn.page
    learn.is_at(len(told))
    assert not [url for url in watched.requests if "truths" in url]
    page.get_by_role("button", name="Show what they really are").click()
    held = confusion_matrix(load_digits().target, model.labels_)
    right = round(100 * held.max(axis=0).sum() / len(digits))
    expect(page.get_by_role("region", name="What they really are")).to_contain_text(f"{right} % of the 1,797")
    page.get_by_role("button", name="Hide what they really are").click()
    expect(page.get_by_text("Guess first, then look.")).to_be_visible()


@pytest.mark.parametrize("k", [2, 100])
def test_the_fewest_and_the_most_clusters(open_learn: Any, k: int) -> None:
    learn = open_learn(f"/learn?set=digits&pixels=normalized&k={k}&step=3", **STILL)
    learn.is_at(3)
    expect(learn.plane).to_have_attribute("data-labels", re.compile("[0-9]"))
    assert set(learn.labels()) == set(range(k))
    assert sum(learn.counts()) == 1797
    expect(learn.plane.locator("[data-cluster]")).to_have_count(k)
    step = learn.page.get_by_role("button", name=f"k, the number of clusters: one {'less' if k == 2 else 'more'}")
    expect(step).to_be_disabled()
    assert learn.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_click_looks_into_a_cluster(open_learn: Any, digits: Any) -> None:
    model, told = half_steps(digits, ROWS)
    learn = open_learn(by_hand(ROWS, step=len(told)), **STILL)
    page = learn.page
    learn.is_at(len(told))
    page.get_by_role("button", name=re.compile("^Look into cluster 3:")).click()
    sheet = page.get_by_role("dialog", name="Cluster 3")
    members = np.flatnonzero(model.labels_ == 3)
    expect(sheet).to_contain_text(f"{len(members)} images")
    order = members[np.argsort(((digits[members] - model.cluster_centers_[3]) ** 2).sum(axis=1), kind="stable")]
    listed = sheet.get_by_role("listbox", name="Members, the middle first").get_by_role("option")
    assert [listed.nth(i).get_attribute("aria-label") for i in range(5)] == [f"Image {row}" for row in order[:5]]
    expect(sheet.get_by_role("heading", name=re.compile("^Why is this one in cluster 3"))).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def test_a_set_that_is_not_there_and_numbers_that_make_no_sense_open_what_is_there(open_learn: Any) -> None:
    learn = open_learn("/learn?set=nothing&pixels=blue&k=1000&start=luck&seed=-1&step=99999", **STILL)
    expect(learn.title).to_have_text("Converged")
    expect(learn.page).to_have_url(re.compile("k=100&"))  # the address follows a moment later
    assert learn.query() | {"step": ""} == {
        "set": "digits",
        "pixels": "normalized",
        "k": "100",
        "start": "k-means++",
        "seed": "0",
        "step": "",
    }


def test_a_run_goes_on_when_the_server_is_away_and_the_next_waits_for_it(
    open_learn: Any, server: Server, watched: Any
) -> None:
    learn = open_learn(by_hand(ROWS), **STILL)
    page = learn.page
    cut_off(page)
    page.keyboard.press("ArrowRight")
    learn.is_at(1)
    before = learn.labels()
    page.locator("body").press("r")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The server is away.")
    learn.is_at(1)
    assert learn.labels() == before
    page.keyboard.press("ArrowRight")
    learn.is_at(2)
    page.unroute("**/api/**")
    page.get_by_role("button", name="Try now").click()
    expect(alert).to_have_count(0)
    expect(page).to_have_url(re.compile("start=random"))
    expect(learn.title).to_have_text("Start")
    assert set(watched.complaints) == {"Failed to load resource: net::ERR_FAILED"}
    watched.complaints.clear()


def test_a_press_on_the_plane_leaves_the_keys_to_the_run(open_learn: Any) -> None:
    learn = open_learn(by_hand(QUICK))
    _, x, y = learn.lone_marks()[0]
    learn.page.mouse.click(x, y)
    learn.page.keyboard.press("ArrowRight")
    learn.is_at(1)
    learn.page.keyboard.press("Space")
    expect(learn.button("Pause")).to_be_visible()


def test_a_press_that_ends_outside_the_plane_is_over(open_learn: Any) -> None:
    learn = open_learn(by_hand(QUICK))
    box = learn.plane.bounding_box()
    assert box
    mouse = learn.page.mouse
    mouse.move(box["x"] + box["width"] - 1, box["y"] + 60)
    mouse.down()
    mouse.move(box["x"] + box["width"] + 2, box["y"] + 60)
    mouse.up()
    _, x, y = learn.lone_marks()[0]
    mouse.move(x, y)
    expect(learn.page.get_by_role("region", name="The image looked at")).to_contain_text("Under the pointer")


def test_the_last_step_keeps_the_focus(open_learn: Any) -> None:
    learn = open_learn(by_hand(QUICK, step=1))
    step = learn.page.locator(".next")
    step.focus()
    for _ in range(60):
        if step.is_disabled():
            break
        learn.page.keyboard.press("Enter")
    expect(learn.button("End")).to_be_disabled()
    expect(step).to_be_focused()
