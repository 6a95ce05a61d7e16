"""The lesson beside inkmeans: the same drawing is read wrong and right, and the page names the stage that changed it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from live_page import cut_off, intercept
from playwright.sync_api import expect

from inkmeans.images import read_strokes

EXAMPLES = Path(__file__).parents[2] / "examples"
LOOKS = "1634210579"
"""What a person who looks at each of the ten centers calls it."""
STAGES = ["names by looking", "ink scale", "place and size", "slant", "more clusters", "the reader"]
SWITCHES = ["Names by looking", "Ink scale", "Place and size", "Slant", "More clusters", "The reader"]
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 3, "has_touch": True, "is_mobile": True}


def drawings(name: str) -> list[tuple[str, list[list[tuple[float, float]]]]]:
    """Return drawings of a file, in a box of 100 x 100, with their truths."""
    return [
        (one.truth or "", [[(x * 100 / one.width, y * 100 / one.height) for x, y in stroke] for stroke in one.strokes])
        for one in read_strokes(EXAMPLES / name)
    ]


def draw_year(tab: Any) -> None:
    for box, (_, strokes) in enumerate(drawings("year.json"), start=1):
        tab.draw(box, strokes)
    expect(tab.year("inkmeans")).to_have_text(re.compile(r"^\s*2036\s*$"))


def text(locator: Any) -> str:
    return re.sub(r"\s", "", locator.text_content())


@pytest.mark.slow  # twenty drawings, stroke by stroke
def test_of_twenty_drawings_most_are_read_wrong_as_the_lesson_does_it_and_right_as_inkmeans_does_it(tab: Any) -> None:
    """The first twenty of examples/drawings.json: two of each digit, in order, drawn with the page's own pen."""
    page = tab.page
    tab.name_centers(LOOKS)
    twenty = drawings("drawings.json")[:20]
    wrong, right, told = 0, 0, []
    for start in range(0, 20, 4):
        if start > 0:
            page.get_by_role("button", name="Clear all").first.click()
        four = twenty[start : start + 4]
        for box, (_, strokes) in enumerate(four, start=1):
            tab.draw(box, strokes)
        page.reload()  # the drawings are kept; now all four are read as they are, not as they were half drawn
        expect(tab.year("inkmeans")).to_have_text(re.compile(r"^\s*[\d?]{4}\s*$"))
        lesson, inkmeans = text(tab.year("lesson")), text(tab.year("inkmeans"))
        for box, (truth, _) in enumerate(four, start=1):
            first, last = lesson[box - 1], inkmeans[box - 1]
            wrong += first != truth
            right += last == truth
            turn = tab.turn(box).text_content()
            told.append(f"{truth}: {first} {last} {turn}")
            if first == last:
                continue
            found = re.search(rf"Settled by ({'|'.join(STAGES)}): (\S)\s→\s(\S)\.", turn)
            assert found, turn
            assert found[3] == last
    print("\n".join(told))
    assert wrong >= 12
    assert right >= 19


def test_the_year_goes_from_wrong_to_right_before_ones_eyes(tab: Any) -> None:
    page = tab.page
    draw_year(tab)
    tab.name_centers(LOOKS)
    tab.choose_way("lesson")
    expect(tab.year()).not_to_have_text("The year reads 2 0 3 6")
    lesson = text(tab.year("lesson"))
    expect(tab.year()).to_have_text(f"The year reads {' '.join(lesson)}")
    assert all(read != drawn for read, drawn in zip(lesson, "2036", strict=True))
    expect(page.get_by_text("inkmeans reads 2036: all four digits differ.")).to_be_visible()
    for truth, box in zip("2036", range(1, 5), strict=True):
        page.get_by_role("button", name=f"That was a {truth}").first.click()
        expect(page.get_by_role("button", name=f"Do not keep box {box}")).to_be_visible()
    expect(page.get_by_text("Not one digit is the one you drew.")).to_be_visible()
    tab.choose_way("inkmeans")
    expect(tab.year()).to_have_text("The year reads 2 0 3 6")


def test_each_stage_is_a_switch_and_all_of_them_lead_from_the_lesson_to_inkmeans(open_page: Any) -> None:
    tab = open_page("/draw?way=lesson")
    page = tab.page
    draw_year(tab)
    tab.name_centers(LOOKS)
    for switch in SWITCHES:
        expect(tab.switch(switch)).not_to_be_checked()
    for stage, switch in enumerate(SWITCHES, start=1):
        tab.switch(switch).press("Space")
        expect(tab.switch(switch)).to_be_checked()
        # The columns of the road tell the same as the year, now that the stages are taken in its order.
        row = page.get_by_role("row").nth(stage + 1)
        texts = [re.sub(r"changed to|→|\s", "", cell) for cell in row.get_by_role("cell").all_text_contents()]
        expect(tab.year()).to_have_text(f"The year reads {' '.join(texts)}")
    expect(page.locator("label[data-way=inkmeans] input")).to_be_checked()
    expect(tab.year()).to_have_text("The year reads 2 0 3 6")
    expect(page).not_to_have_url(re.compile("way=|stages="))


def test_any_mix_of_stages_has_a_reading_and_an_address(open_page: Any) -> None:
    tab = open_page("/draw?stages=names,slant,place")
    page = tab.page
    draw_year(tab)
    for switch, on in zip(SWITCHES, [True, False, True, True, False, False], strict=True):
        expect(tab.switch(switch)).to_be_checked(checked=on)
    expect(page.get_by_role("radio", name=re.compile("^As|^Raw"), checked=True)).to_have_count(0)
    expect(page.get_by_text("Your mix: names, place, slant.")).to_be_visible()
    expect(tab.year()).to_have_text(re.compile(r"^The year reads \d \d \d \d$"))
    tab.switch("The reader").press("Space")
    expect(page).to_have_url(re.compile("stages=names%2Cplace%2Cslant%2Creader|stages=names,place,slant,reader"))
    page.reload()
    expect(tab.switch("The reader")).to_be_checked()
    tab.choose_way("lesson")
    expect(page).to_have_url(re.compile(r"way=lesson$"))


@pytest.mark.parametrize(
    "screen", [{}, {"viewport": {"width": 768, "height": 1024}}, PHONE], ids=["wide", "tablet", "phone"]
)
def test_nothing_moves_whatever_the_way(open_page: Any, screen: dict[str, Any]) -> None:
    tab = open_page(**screen)
    page = tab.page
    draw_year(tab)
    where = """() => [...document.querySelectorAll(
        ".ask .year span, canvas[aria-label^='Box'], .how label, .step, table, [data-center], .fieldset, .tools"
    )].filter(element => element.checkVisibility()).map(element => {
        const { x, y, width, height } = element.getBoundingClientRect();
        return [x, y, width, height].map(Math.round);
    })"""
    seen = []
    for names in ("", LOOKS):
        if names:
            tab.name_centers(names)
        for way in ("lesson", "looking", "inkmeans"):
            tab.choose_way(way)
            page.evaluate("scrollTo(0, 0)")
            seen.append(page.evaluate(where))
    for stage in ("Slant", "Place and size", "The reader", "More clusters"):
        tab.switch(stage).press("Space")
        page.evaluate("scrollTo(0, 0)")
        seen.append(page.evaluate(where))
    for other in seen[1:]:
        assert other == seen[0]
    for step in page.locator(".step").all():
        if step.is_visible():
            assert step.evaluate("element => element.scrollHeight <= element.clientHeight + 1")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [1120, 1280, 1920])
def test_nothing_touches_the_year(open_page: Any, width: int) -> None:
    page = open_page("/draw", viewport={"width": width, "height": 800}).page
    page.get_by_role("button", name="Use a sample year").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    pen, year, verdict = (page.locator(f".ask .{part}").first.bounding_box() for part in ("pen", "year", "verdict"))
    assert year["y"] - (pen["y"] + pen["height"]) >= 10
    assert verdict["y"] - (year["y"] + year["height"]) >= 10


def test_on_a_phone_nothing_lies_over_the_words_about_ones_own_set(open_page: Any) -> None:
    page = open_page("/draw", **PHONE).page
    page.get_by_role("button", name="Use a sample year").click()
    words = page.locator(".lab.r7").bounding_box()
    tell = page.get_by_role("button", name="That was a").locator("visible=true")
    expect(tell).to_be_visible()
    assert tell.bounding_box()["y"] >= words["y"] + words["height"]
    road = "document.querySelector('table').getBoundingClientRect().top + scrollY"
    before = page.evaluate(road)
    tell.click()
    expect(page.get_by_text("1 drawing of yours")).to_be_visible()
    assert page.evaluate(road) == before


# --- the ten centers ----------------------------------------------------------------------------------------------


def test_the_ten_centers_come_blank_and_are_named_by_a_key_each(open_page: Any) -> None:
    tab = open_page("/draw?way=looking")
    page, keyboard = tab.page, tab.page.keyboard
    draw_year(tab)
    for cluster in range(10):
        expect(tab.center(cluster)).to_have_accessible_name(re.compile("not named"))
    expect(tab.year()).to_have_text("The year reads unread unread unread unread")
    expect(page.get_by_text("The nearest centers have no names yet.")).to_be_visible()
    page.get_by_role("button", name="Look at the ten centers and name them").press("Enter")
    expect(tab.center(0)).to_be_focused()
    for cluster, name in enumerate(LOOKS):
        expect(tab.center(cluster)).to_be_focused()
        keyboard.press(name)
        expect(tab.center(cluster)).to_have_accessible_name(re.compile(f"named {name}"))
    expect(page.get_by_text("10 of 10 named")).to_be_visible()
    expect(tab.year()).to_have_text(re.compile(r"^The year reads \d \d \d \d$"))
    expect(tab.pad(1)).to_have_accessible_name(re.compile("strokes? drawn"))  # a key on a center is a name only
    # Corrected: arrows go from center to center, Backspace takes a name away.
    keyboard.press("ArrowLeft")
    expect(tab.center(8)).to_be_focused()
    keyboard.press("Backspace")
    expect(tab.center(8)).to_have_accessible_name(re.compile("not named"))
    keyboard.press("x")
    expect(tab.center(8)).to_have_accessible_name(re.compile("named x"))
    page.reload()
    expect(tab.center(8)).to_have_accessible_name(re.compile("named x"))
    page.get_by_role("button", name="Forget names").click()
    expect(page.get_by_text("0 of 10 named")).to_be_visible()
    page.get_by_role("button", name="Propose the rest").click()
    expect(page.get_by_text("10 of 10 named")).to_be_visible()


def test_ten_centers_that_never_came_leave_no_heading(tab: Any, watched: Any) -> None:
    page = tab.page
    cut_off(page)
    page.reload()
    expect(page.get_by_role("button", name="Try now")).to_be_visible()
    expect(page.get_by_role("heading", name="The ten centers")).to_have_count(0)
    page.unroute("**/api/**")
    page.get_by_role("button", name="Try now").click()
    expect(page.get_by_role("heading", name="The ten centers")).to_be_visible()
    watched.complaints.clear()


def test_the_run_that_found_the_ten_centers_can_be_watched(tab: Any) -> None:
    page = tab.page
    page.get_by_role("link", name="Watch how they were found").click()
    expect(page).to_have_url(re.compile(r"/learn\?.*pixels=raw.*k=10.*seed=42"))
    expect(page.get_by_role("heading", level=1).or_(page.get_by_role("heading", level=2)).first).to_be_visible()


def test_a_new_name_changes_the_reading_at_once(open_page: Any) -> None:
    tab = open_page("/draw?way=looking")
    page = tab.page
    tab.name_centers(LOOKS)
    tab.draw(3, "0")
    page.reload()  # read as it is, not as it was half drawn
    expect(tab.reading(3)).to_have_text(re.compile(r"^\d$"))
    cluster = re.search(r"Center (\d):", page.locator(".step.r6.b3").text_content())
    assert cluster
    tab.center(int(cluster[1])).focus()
    page.keyboard.press("x")
    expect(tab.reading(3)).to_have_text("x")
    tab.choose_way("lesson")
    expect(page.locator(".step.r6.b3")).to_contain_text(f"The list says {cluster[1]} →")
    expect(page.locator(".step.r6.b3")).to_contain_text("you named it x")


def test_the_copied_list_names_clusters_of_another_run(open_page: Any) -> None:
    tab = open_page("/draw?way=lesson")
    draw_year(tab)
    for box in range(1, 5):
        found = re.search(r"The list says\s+(\d) → (\d)", tab.page.locator(f".step.r6.b{box}").text_content())
        assert found
        assert found[2] == "0921684573"[int(found[1])]
        expect(tab.reading(box)).to_have_text(found[2])


def test_centers_are_named_by_finger_on_a_phone(open_page: Any) -> None:
    tab = open_page("/draw?way=looking", **PHONE)
    page = tab.page
    tab.draw(1, "0", by="touch")
    expect(page.get_by_text("The nearest centers have no names yet.")).to_be_visible()
    tab.center(0).tap()
    for cluster, name in enumerate(LOOKS):
        key = page.get_by_role("button", name=f"Name center {cluster} {name}")
        box = key.bounding_box()
        assert min(box["width"], box["height"]) >= 44
        key.tap()
    expect(page.get_by_text("10 of 10 named")).to_be_visible()
    expect(tab.reading(1)).to_have_text(re.compile(r"^\d$"))


# --- one's own set ------------------------------------------------------------------------------------------------


def test_that_was_a_4_keeps_the_drawing_as_a_set_of_ones_own(tab: Any, tmp_path: Path) -> None:
    page = tab.page
    tab.draw(1, "4")
    tab.draw(2, "7")
    expect(tab.reading(2)).to_have_text("7")
    page.get_by_role("button", name="That was a 4").click()
    expect(page.get_by_text("Kept as a 4")).to_be_visible()
    page.get_by_label("Box 2 was another digit").select_option("1")
    expect(page.get_by_text("Kept as a 1")).to_be_visible()
    expect(page.get_by_text("2 drawings of yours")).to_be_visible()
    page.reload()
    expect(page.get_by_text("2 drawings of yours")).to_be_visible()
    expect(page.get_by_text("Kept as a 4")).to_be_visible()  # not offered to be kept twice
    expect(page.get_by_role("link", name="learn", exact=True)).to_have_attribute(
        "href", re.compile(r"^/learn\?set=drawings")
    )
    with page.expect_download() as download:
        page.get_by_role("button", name="save", exact=True).click()
    download.value.save_as(tmp_path / "drawings.json")
    kept = read_strokes(tmp_path / "drawings.json")
    assert [(one.truth, one.width, one.height, one.pen) for one in kept] == [("4", 280, 280, 18), ("1", 280, 280, 18)]
    assert [len(one.strokes) for one in kept] == [2, 1]
    page.get_by_role("button", name="delete", exact=True).click()
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_text("2 drawings of yours")).to_be_visible()
    page.get_by_role("button", name="delete", exact=True).click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("it is kept in this browser only")).to_be_visible()
    assert json.loads(page.evaluate("localStorage.getItem('inkmeans.drawings')")) == []
    expect(page.get_by_text("Kept as")).to_have_count(0)


def test_what_was_told_by_mistake_is_taken_back_and_a_new_stroke_is_a_new_drawing(tab: Any) -> None:
    page = tab.page
    tab.draw(1, "7")
    page.get_by_role("button", name="That was a 7").click()
    expect(page.get_by_text("1 drawing of yours")).to_be_visible()
    expect(page.get_by_role("button", name="Do not keep box 1")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("it is kept in this browser only")).to_be_visible()
    expect(page.get_by_role("button", name="That was a 7")).to_be_focused()
    page.get_by_role("button", name="That was a 7").click()
    tab.draw(1, [[(30, 50), (70, 50)]])
    page.get_by_role("button", name=re.compile("^That was an? .$")).click()
    expect(page.get_by_text("2 drawings of yours")).to_be_visible()


def test_a_late_answer_says_nothing_of_the_next_drawing(tab: Any) -> None:
    page = tab.page
    page.wait_for_load_state("networkidle")
    late: list[Any] = []
    intercept(page, "**/api/v1/lesson/readings", lambda route: late.append(route))
    tab.pick_sample(1, 3)
    page.get_by_role("button", name="Clear box 1").click()
    tab.pick_sample(1, 8)
    expect(tab.reading(1)).to_have_text("")
    with page.expect_response("**/api/v1/lesson/readings"):
        late[0].continue_()
    page.wait_for_timeout(100)
    expect(tab.reading(1)).to_have_text("")
    late[1].continue_()
    expect(tab.reading(1)).to_have_text("8")


def test_drawings_names_and_the_way_survive_a_reload_and_another_view(open_page: Any) -> None:
    tab = open_page("/draw?way=looking")
    page = tab.page
    tab.name_centers(LOOKS)
    tab.draw(1, "0")
    expect(tab.reading(1)).to_have_text(re.compile(r"^\d$"))
    page.reload()
    expect(page.locator("label[data-way=looking] input")).to_be_checked()
    expect(tab.pad(1)).to_have_accessible_name("Box 1: one stroke drawn")
    expect(page.get_by_text("10 of 10 named")).to_be_visible()
    tab.draw(1, "1")
    page.get_by_role("link", name="Learn", exact=True).click()
    expect(page).to_have_url(re.compile("/learn"))
    page.get_by_role("link", name="Draw", exact=True).click()
    expect(page.locator("label[data-way=looking] input")).to_be_checked()
    expect(tab.pad(1)).to_have_accessible_name("Box 1: 2 strokes drawn")
    page.get_by_role("button", name="Undo in box 1").click()  # the steps are kept as well
    expect(tab.pad(1)).to_have_accessible_name("Box 1: one stroke drawn")


def test_the_centers_of_many_clusters_come_when_they_are_shown(tab: Any, watched: Any) -> None:
    tab.pick_sample(1, 4)
    expect(tab.reading(1)).to_have_text("4")
    tab.choose_way("looking")
    assert not [url for url in watched.requests if "/lesson/pictures/" in url]
    tab.switch("More clusters").press("Space")
    center = tab.page.get_by_role("img", name="Center named").first
    expect(center).to_be_visible()
    painted = "canvas => canvas.toDataURL() !== Object.assign(document.createElement('canvas'), {width: 8, height: 8}).toDataURL()"
    for _ in range(100):
        if center.evaluate(painted):
            break
        tab.page.wait_for_timeout(50)
    assert center.evaluate(painted)
    assert [url.rpartition("/")[2] for url in watched.requests if "/lesson/pictures/" in url] == ["raw-64"]
