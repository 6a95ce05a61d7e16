"""A class draws on phones; its teacher nods; the projector shows, plays k-means and reads."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from class_room import PHONE, SIDE, PhoneTab, Room, ask, open_phone, wall
from live_page import Server, Watched, cut_off, intercept, violations
from playwright.sync_api import Browser, BrowserContext, Page, expect

from inkmeans import Project

SMALL = {**PHONE, "viewport": {"width": 320, "height": 568}}
HEARD = 8000
"""Milliseconds until a phone has heard: it asks every five seconds."""
ON_ITS_SIDE = {**PHONE, "viewport": {"width": 667, "height": 375}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("projects")


@pytest.fixture(scope="module")
def class_server(start_server: Callable[..., AbstractContextManager[Server]], folder: Path) -> Iterator[Server]:
    with start_server("--class", "--class-host", "127.0.0.1", "--class-port", "0", str(folder)) as server:
        yield server


@pytest.fixture
def room(class_server: Server, handwriting: dict[str, Any]) -> Room:
    room = Room(class_server, handwriting)
    room.begin()
    return room


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    contexts: list[BrowserContext] = []

    def make(**settings: Any) -> BrowserContext:
        contexts.append(browser.new_context(**settings))
        return contexts[-1]

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def phone(new_context: Any, room: Room) -> PhoneTab:
    return open_phone(new_context(**PHONE), room)


@pytest.fixture
def teacher(new_context: Any) -> BrowserContext:
    """The teacher's browser: the projector's window and the desk's share a cookie."""
    context: BrowserContext = new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(10_000)
    return context


def open_view(teacher: BrowserContext, room: Room, place: str) -> Page:
    page = teacher.new_page()
    page.goto(room.server.at(place))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    return page


def test_a_drawing_goes_from_a_phone_by_a_nod_to_the_wall(teacher: BrowserContext, phone: PhoneTab, room: Room) -> None:
    projector, desk = open_view(teacher, room, "/class"), open_view(teacher, room, "/class?part=desk")
    expect(projector.get_by_role("img", name=f"QR code of {room.server.phones}")).to_be_visible()
    expect(projector.get_by_text(re.compile("phones? (is|are) here"))).to_be_visible()
    digit = phone.send()
    expect(phone.status).to_have_text("Sent. 1 of yours so far. It appears on the wall once your teacher nods.")
    expect(phone.pad).to_have_accessible_name("Your drawing: empty")
    tile = desk.get_by_role("button", name=f"Nod drawing {room.state()['drawings'][0]['id']}, asked for {digit}")
    expect(tile).to_be_visible(timeout=1000)
    expect(wall(projector)).to_have_count(0)
    tile.click()
    shown = f"The wall: 1 drawing. For the newest, {'an' if digit == '8' else 'a'} {digit} was asked."
    expect(wall(projector)).to_have_accessible_name(shown, timeout=1000)
    expect(projector.get_by_text("1 on the wall")).to_be_visible()
    on_wall = desk.get_by_role("list", name="On the wall").get_by_role("button")
    on_wall.click()
    expect(wall(projector)).to_have_count(0, timeout=1000)
    desk.get_by_role("button", name="Put back", exact=True).click()
    expect(desk.get_by_role("list", name="Taken out")).to_have_count(0)
    desk.get_by_role("button", name=re.compile("^Nod drawing")).click()
    expect(wall(projector)).to_be_visible(timeout=1000)


def test_the_wall_is_there_in_a_window_that_is_covered(teacher: BrowserContext, room: Room) -> None:
    # Its frames stop, and with them what an observer of sizes tells.
    teacher.add_init_script("window.ResizeObserver = class { observe() {} unobserve() {} disconnect() {} }")
    projector = open_view(teacher, room, "/class")
    room.draw(1)
    room.nod()
    expect(wall(projector)).to_be_visible()


def test_of_what_waits_the_projectors_page_gets_no_picture(teacher: BrowserContext, room: Room) -> None:
    projector = teacher.new_page()
    told: list[Any] = []

    def keep(response: Any) -> None:
        if "/api/v1/class" in response.url:
            told.append(response)

    projector.on("response", keep)
    projector.goto(room.server.at("/class"))
    expect(projector.get_by_text(re.compile("phones? (is|are) here"))).to_be_visible()
    room.draw(6)
    shown = [one["id"] for one in room.state()["drawings"]][:3]
    room.teacher("POST", "/class/drawings", {"ids": shown, "state": "shown"})
    expect(projector.get_by_text("3 on the wall · 3 wait for a nod")).to_be_visible(timeout=2000)
    room.teacher("POST", "/class/drawings", {"ids": shown[:1], "state": "out"})
    expect(projector.get_by_text("2 on the wall")).to_be_visible(timeout=2000)
    drawings = [one for response in told for one in response.json().get("drawings", [])]
    assert {one["state"] for one in drawings} == {"waiting", "shown", "out"}
    assert all((one["glyph"] is None) == (one["state"] != "shown") for one in drawings)


def test_the_desk_nods_all_by_a_key_and_each_by_the_keyboard(teacher: BrowserContext, room: Room) -> None:
    desk = open_view(teacher, room, "/class?part=desk")
    room.draw(5)
    tiles = desk.get_by_role("list", name="Waiting for your nod").get_by_role("button", name=re.compile("^Nod drawing"))
    expect(tiles).to_have_count(5)
    tiles.first.focus()
    desk.keyboard.press("ArrowRight")
    expect(tiles.nth(1)).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="On the wall, 1")).to_be_visible()
    desk.keyboard.press("ArrowRight")
    desk.keyboard.press("Delete")
    expect(desk.get_by_role("heading", name="Taken out, 1")).to_be_visible()
    desk.wait_for_timeout(1200)  # what came in the last second is not nodded with all
    desk.locator("body").press("a")
    expect(desk.get_by_role("heading", name="On the wall, 4")).to_be_visible()
    # What was nodded stays where it was until nobody presses for a moment: a second press would else meet the next.
    expect(desk.get_by_role("list", name="Waiting for your nod").get_by_role("listitem")).to_have_count(5)
    expect(desk.get_by_text("Nothing waits.")).to_be_visible()


def test_a_phone_that_misbehaves_is_stopped_and_may_come_again(
    teacher: BrowserContext, phone: PhoneTab, room: Room
) -> None:
    desk = open_view(teacher, room, "/class?part=desk")
    phone.send()
    desk.get_by_role("button", name=re.compile("^Nod drawing")).click()
    phone.send()
    expect(desk.get_by_role("button", name=re.compile("^Nod drawing"))).to_have_count(1)
    desk.get_by_role("list", name="Waiting for your nod").get_by_role(
        "button", name=re.compile("^Take out")
    ).last.click()
    desk.get_by_role("button", name="Take nothing more from this phone").click()
    expect(desk.get_by_role("heading", name="Taken out, 2")).to_be_visible()
    expect(desk.get_by_text(re.compile("Nothing more is taken from phone"))).to_be_visible()
    phone.send(phone.page.get_by_role("heading", level=1).inner_text()[-1])
    expect(phone.status).to_contain_text("No more drawings are taken from this phone.")
    desk.get_by_role("button", name="Take again, and put back").click()
    expect(desk.get_by_role("heading", name="On the wall, 1")).to_be_visible()
    expect(desk.get_by_role("heading", name="Taken out, 1")).to_be_visible()
    phone.hear()
    expect(phone.page.get_by_role("heading", level=1)).to_have_text(re.compile("^Draw an? "), timeout=HEARD)


def test_settings_reach_the_phones(teacher: BrowserContext, phone: PhoneTab, room: Room) -> None:
    projector, desk = open_view(teacher, room, "/class"), open_view(teacher, room, "/class?part=desk")
    desk.get_by_text("Ask for digits", exact=True).click()
    phone.hear()
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("Draw any digit", timeout=HEARD)
    desk.get_by_text("Show without my nod", exact=True).click()
    phone.send("3")
    expect(wall(projector)).to_have_accessible_name("The wall: 1 drawing.", timeout=2000)
    desk.get_by_text("Phones may send", exact=True).click()
    phone.hear()
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("Closed for now", timeout=HEARD)
    phone.send("4")
    expect(phone.status).to_contain_text("Your last drawing is kept here.")
    desk.get_by_text("Phones may send", exact=True).click()
    phone.hear()
    expect(wall(projector)).to_have_accessible_name("The wall: 2 drawings.", timeout=HEARD)


def test_a_flood_is_slowed_and_loses_nothing(phone: PhoneTab, room: Room) -> None:
    digit = phone.asked()
    flood = [{"strokes": room.strokes(digit), "width": SIDE, "height": SIDE, "pen": 18} for _ in range(8)]
    send = """flood => Promise.all(flood.map(body => fetch(location.pathname + "/drawings", {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    }).then(answer => answer.status)))"""
    statuses = phone.page.evaluate(send, flood)
    assert sorted(statuses) == [201] * 5 + [429] * 3
    phone.send()
    phone.send()
    expect(phone.status).to_contain_text("That was fast.")
    expect(phone.status).to_contain_text("Sent. 7 of yours so far.")
    assert room.state()["n_waiting"] == 7


def test_two_quick_presses_send_one_drawing(phone: PhoneTab, room: Room) -> None:
    phone.draw(phone.asked())
    phone.button("Send").evaluate("button => { button.click(); button.click(); }")
    expect(phone.status).to_contain_text("Sent. 1 of yours so far.")
    phone.button("Undo").evaluate("button => { button.click(); }")
    assert room.state()["n_waiting"] == 1
    expect(phone.pad).to_have_accessible_name("Your drawing: empty")


def test_what_is_not_sent_outlives_a_reload(phone: PhoneTab, room: Room) -> None:
    page = phone.page
    cut_off(page, "**/drawings")
    phone.send()
    phone.send()
    expect(phone.status).to_have_text("No connection. 2 drawings are kept here and go out by themselves.")
    phone.draw("5")
    page.reload()
    expect(phone.pad).to_have_accessible_name("Your drawing: 2 strokes")
    expect(phone.status).to_have_text("No connection. 2 drawings are kept here and go out by themselves.")
    page.unroute("**/drawings")
    expect(phone.status).to_contain_text("2 of yours so far.")
    assert room.state()["n_waiting"] == 2


def test_an_answer_that_is_lost_doubles_no_drawing(phone: PhoneTab, room: Room) -> None:
    lost = []

    def lose(route: Any) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch())  # it arrives there, and its answer does not arrive here
            route.abort()

    intercept(phone.page, "**/drawings", lose)
    phone.send()
    expect(phone.status).to_contain_text("Sent. 1 of yours so far.")
    assert [one["state"] for one in room.state()["drawings"]] == ["waiting"]


def test_the_teachers_phone_is_a_desk_by_a_code_that_holds_once(
    teacher: BrowserContext, phone: PhoneTab, room: Room, new_context: Any
) -> None:
    desk = open_view(teacher, room, "/class?part=desk")

    def new_code(button: str) -> str:
        with desk.expect_response("**/api/v1/class/desk") as answer:
            desk.get_by_role("button", name=button).click()
        expect(desk.get_by_role("img", name="QR code of the desk")).to_be_visible()
        return str(answer.value.json()["address"])

    address = new_code("Use my phone as the desk")
    pocket = new_context(**PHONE).new_page()
    pocket.goto(address)
    expect(pocket.get_by_role("heading", level=1)).to_have_text(re.compile("^The teacher.s desk$"))
    assert pocket.url.endswith("/desk")
    thief = new_context(**PHONE).new_page()
    assert thief.goto(address).status == 401
    digit = phone.send()
    pocket.get_by_role("button", name=re.compile(f"^Nod drawing .* {digit}$")).tap()
    expect(pocket.get_by_role("heading", name="On the wall, 1")).to_be_visible()
    assert room.state()["n_shown"] == 1
    pocket.get_by_text("Phones may send", exact=True).tap()
    phone.hear()
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("Closed for now", timeout=HEARD)
    new_code("Make a new code")
    room.teacher("POST", "/class/settings", {"is_open": True})
    expect(pocket.get_by_role("alert")).to_contain_text("This phone is not the desk, or no longer")
    expect(pocket.get_by_role("listitem")).to_have_count(0)  # who is let in no more keeps no picture


def test_k_means_plays_on_the_wall(teacher: BrowserContext, room: Room) -> None:
    projector = open_view(teacher, room, "/class")
    room.draw(25)
    room.nod()
    projector.get_by_role("button", name="Play k-means on these 25").click()
    expect(projector.get_by_role("heading", level=1)).to_have_text("Learn: Glyphs")
    expect(projector).to_have_url(re.compile(r"/learn\?set=class-"))
    expect(projector.get_by_text("Our class, 25 drawings").first).to_be_visible()
    expect(projector.get_by_role("button", name=re.compile("^Look into cluster 0"))).to_be_visible()
    projector.get_by_role("navigation", name="Views").get_by_role("link", name="Class").click()
    expect(wall(projector)).to_have_accessible_name(re.compile("^The wall: 25 drawings"))


def test_clusters_that_the_class_named_read_the_next_drawing(
    teacher: BrowserContext, phone: PhoneTab, room: Room
) -> None:
    projector = open_view(teacher, room, "/class")
    room.draw(30)
    room.nod()
    projector.get_by_role("button", name="Choose k and name").click()
    expect(projector).to_have_url(re.compile("/learn.part=k&set=class-[0-9a-f]+&for=class"))
    begin = projector.get_by_role("button", name=re.compile(r"^Name these \d+$"))
    expect(begin).to_be_enabled(timeout=60_000)
    k = int(begin.inner_text().split()[-1])
    begin.click()
    for _ in range(k):
        projector.keyboard.press("7")  # a class that calls all of them so
    expect(projector.get_by_text(f"{k} of {k}")).to_be_visible()
    projector.get_by_role("button", name=re.compile("^Read the class.s next drawings with these names$")).click()
    expect(projector.get_by_text(f"New drawings are read by the {k} clusters that you named.")).to_be_visible()
    phone.send()
    expect(phone.status).to_contain_text(re.compile("^The class.s model reads it as 7"))
    room.nod()
    expect(projector.get_by_text("Read as", exact=True)).to_be_visible(timeout=2000)
    expect(projector.get_by_text(re.compile(r"^\d of 1 read as asked$"))).to_be_visible()
    projector.get_by_role("button", name="Read no more").click()
    expect(projector.get_by_text("Read as", exact=True)).to_have_count(0)


def test_what_is_kept_is_a_project_and_the_end_deletes_the_rest(
    teacher: BrowserContext, phone: PhoneTab, room: Room, folder: Path
) -> None:
    projector = open_view(teacher, room, "/class")
    room.draw(12)
    room.nod()
    phone.send()
    projector.get_by_role("button", name="Keep as a project").click()
    projector.get_by_label("Its title").fill("Room 12, Friday")
    projector.get_by_role("button", name="Keep 12 drawings").click()
    expect(projector.get_by_text(re.compile("^Kept: "))).to_be_visible()
    kept = Path(room.state()["kept"])
    expect(projector.get_by_text(str(kept)).first).to_be_visible()
    assert kept.parent == folder
    with Project.open(kept) as project:
        assert len(project.glyphs) == 12
    projector.get_by_role("button", name="Play k-means").click()
    expect(projector).to_have_url(re.compile("set=class-"))
    made = re.search(r"set=([\w-]+)", projector.url)[1]  # type: ignore[index]
    projector.go_back()
    projector.get_by_role("button", name="End the class").click()
    dialog = projector.get_by_role("dialog", name="End the class?")
    expect(dialog).to_contain_text("12 on the wall, 1 waits for a nod,")
    dialog.get_by_role("button", name="End: delete all drawings").click()
    expect(projector.get_by_role("heading", name="This class has ended")).to_be_visible()
    phone.hear()
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("This class has ended", timeout=HEARD)
    assert room.state()["drawings"] == []
    assert made not in json.dumps(room.teacher("GET", "/learn/sets"))
    assert kept.is_file()
    projector.get_by_role("button", name="Begin another class").click()
    phone.hear()
    expect(phone.page.get_by_role("heading", level=1)).to_have_text(re.compile("^Draw an? "), timeout=HEARD)


def test_each_server_has_its_own_pages_only(room: Room) -> None:
    teacher, phones = room.server.base, re.sub(r"\w+$", "", room.server.phones)
    for path in ("phone.html", "phone/phone.html", "phone/favicon.svg"):
        assert ask(teacher + path, headers=room.bearer)[0] == 404
    main = ask(f"{teacher}draw", headers=room.bearer)[1]
    script = re.search(r"assets/index-[\w-]+\.js", main)[0]  # type: ignore[index]
    assert ask(teacher + script, headers=room.bearer)[0] == 200
    for path in (script, "draw", "class", "api/v1/class", "api/v1/models", "index.html"):
        assert ask(phones + path, headers=room.bearer)[0] == 404
    page = ask(room.server.phones)[1]
    loaded = re.findall(r"/(assets/[^\"]+)", page)
    assert len(loaded) >= 2
    assert all(ask(phones + path)[0] == 200 for path in loaded)


def test_a_wrong_code_is_told_calmly(new_context: Any, room: Room) -> None:
    page = new_context(**PHONE).new_page()
    assert page.goto(re.sub(r"\w+$", "wrong1", room.server.phones)).status == 404
    expect(page.get_by_text("scan the code on the wall again")).to_be_visible()


def test_a_server_without_a_class_offers_none(open_page: Any) -> None:
    page = open_page("/").page
    expect(page.get_by_role("navigation", name="Views").get_by_role("link")).to_have_count(4)
    page = open_page("/class").page
    expect(page.get_by_text("inkmeans serve --class")).to_be_visible()


@pytest.mark.parametrize("screen", [PHONE, SMALL, ON_ITS_SIDE], ids=["phone", "small", "on its side"])
def test_the_phones_page_fits_and_stays_still_under_the_finger(
    new_context: Any, room: Room, screen: dict[str, Any]
) -> None:
    phone = open_phone(new_context(**screen), room)
    page = phone.page
    width, height = screen["viewport"]["width"], screen["viewport"]["height"]
    phone.send()
    expect(phone.status).to_contain_text("Sent.")
    assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [
        width,
        height,
    ]
    for name in ("Undo", "Clear", "Send"):
        place = phone.button(name).bounding_box()
        assert place is not None
        assert place["height"] >= 44
        assert place["y"] + place["height"] <= height
    pad = phone.pad.bounding_box()
    assert pad is not None
    assert pad["width"] == pytest.approx(pad["height"], abs=1)
    assert pad["width"] >= 200
    phone.draw("2")
    assert page.evaluate("[scrollX, scrollY, visualViewport.scale]") == [0, 0, 1]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(new_context: Any, room: Room, theme: Any) -> None:
    rules = {"of_color": theme == "dark"}
    room.draw(12)
    room.nod()
    room.draw(3)

    def check(page: Page, where: str) -> None:
        page.wait_for_timeout(300)
        assert violations(page, **rules) == [], where

    for width, height in ((390, 844), (1280, 800)) if theme == "light" else ((1280, 800),):
        context = new_context(viewport={"width": width, "height": height}, color_scheme=theme, reduced_motion="reduce")
        context.set_default_timeout(10_000)
        projector = open_view(context, room, "/class")
        expect(wall(projector)).to_be_visible()
        check(projector, f"the wall, {width}")
        projector.get_by_role("button", name="Keep as a project").click()
        check(projector, f"keep, {width}")
        projector.keyboard.press("Escape")
        projector.get_by_role("button", name="Show the code large").click()
        check(projector, f"the code, {width}")
        desk = open_view(context, room, "/class?part=desk")
        desk.get_by_role("button", name=re.compile("^Take out drawing")).last.click()
        check(desk, f"the desk, {width}")
        desk.get_by_role("button", name="Use my phone as the desk").click()
        expect(desk.get_by_role("img", name="QR code of the desk")).to_be_visible()
        check(desk, f"the desk's code, {width}")
        context.close()
    context = new_context(**PHONE, color_scheme=theme)
    phone = open_phone(context, room)
    phone.asked()
    check(phone.page, "an empty pad")
    phone.draw("4")
    check(phone.page, "a drawing")
    phone.button("Send").tap()
    expect(phone.status).to_contain_text("Sent.")
    check(phone.page, "sent")
    room.teacher("POST", "/class/settings", {"is_open": False})
    phone.hear()
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("Closed for now", timeout=HEARD)
    check(phone.page, "closed")
    room.teacher("POST", "/class/end", {})
    phone.hear()
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("This class has ended", timeout=HEARD)
    check(phone.page, "ended")


def test_nothing_goes_elsewhere_and_nothing_complains(teacher: BrowserContext, phone: PhoneTab, room: Room) -> None:
    watched, at_phones = Watched(), Watched()
    projector = teacher.new_page()
    watched.watch(projector)
    at_phones.watch(phone.page)
    phone.page.reload()
    projector.goto(room.server.at("/class"))
    phone.send()
    expect(phone.status).to_contain_text("Sent.")
    room.nod()
    expect(wall(projector)).to_be_visible()
    assert watched.elsewhere(room.server.base) == []
    assert at_phones.elsewhere(re.sub(r"\w+$", "", room.server.phones)) == []
    assert watched.complaints + at_phones.complaints == []
