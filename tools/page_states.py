"""The views of the page and their states: what is looked at by the eye, by axe and by the benchmark."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from live_class import CLASS, change_class, desk_address, end_class, fill_class, name_class
from live_page import Server, cut_off, serve
from playwright.sync_api import Locator, Page, expect

RUNS = "/learn?part=runs&set=digits&pixels=normalized&k=10"
NUMBERS = "/learn?part=k&set=digits"
LEARN = "/learn?set=digits&pixels=normalized&k=10&start=k-means%2B%2B&seed=0"
ALL = ("phone", "tablet", "desktop", "wide")


def play(page: Page) -> Locator:
    """Return the button that plays and pauses."""
    return page.get_by_role("button", name=re.compile(r"^(Play|Pause)"))


def is_playing(page: Page, expected: bool, timeout: float = 20_000) -> None:
    """Wait until Learn plays, or has come to rest."""
    expect(play(page)).to_have_accessible_name(re.compile("^Pause" if expected else "^Play"), timeout=timeout)


def _nothing(page: Page) -> None:
    pass


@dataclass(frozen=True)
class State:
    """A state of a view: its name, its address, what a person does there, and the screens on which it differs.

    `room` is what the server serves besides the page: a class in which nobody has drawn, one that has, perhaps named,
    one that the teacher closed or ended. The place "phone" is on a phone of the class, "phone?" on one with a wrong
    code, "desk" on the teacher's.
    """

    name: str
    place: str
    act: Callable[[Page], None] = _nothing
    screens: tuple[str, ...] = ALL
    is_away: bool = False
    room: Literal["", "empty", "drawn", "named", "closed", "ended"] = ""


@contextmanager
def servers(folder: Path) -> Iterator[Callable[[State], Server]]:
    """Yield what returns the server of a state; each is started when it is first asked for."""
    with ExitStack() as stack:

        @cache
        def of_room(room: str) -> Server:
            server = stack.enter_context(serve(folder / f"log-{room}.txt", *(CLASS if room else ())))
            if room in ("drawn", "named"):
                fill_class(server, n_shown=90, n_waiting=7)
            if room == "named":
                name_class(server)
            if room == "closed":
                change_class(server, is_open=False)
            if room == "ended":
                end_class(server)
            return server

        yield lambda state: of_room(state.room)


def open_state(page: Page, server: Server, state: State) -> None:
    """Open a state in a tab, and wait until nothing loads or moves."""
    if state.is_away and state.act is _nothing:
        page.route("**/api/**", lambda route: route.abort())
    page.goto(_address(state, server))
    expect(page.locator("h1, h2").first).to_be_attached(timeout=20_000)
    if not state.room:  # a class asks all the time
        page.wait_for_load_state("networkidle", timeout=90_000)  # Choose k tries number after number
    state.act(page)
    page.mouse.move(1, 1)  # what is pointed at stands out, and the rest is dimmed
    page.wait_for_timeout(400)


def _address(state: State, server: Server) -> str:
    if state.place == "desk":
        return desk_address(server)
    if state.place == "phone?":
        return f"{server.phones[:-6]}wrong2"
    return server.phones if state.place == "phone" else server.at(state.place)


def _sample_year(page: Page) -> None:
    page.get_by_role("button", name="Use a sample year").click()
    read = page.get_by_text(re.compile("^The year reads (?!.*(unread|blank))"))
    nameless = page.get_by_text("The nearest centers have no names yet.")
    expect(read.or_(nameless).first).to_be_attached(timeout=30_000)  # until the readers are loaded


def _is_run(page: Page) -> None:
    """Wait until Learn has a run and has painted it."""
    expect(play(page)).to_be_enabled(timeout=30_000)
    expect(page.get_by_role("application").locator("canvas.clear")).to_have_count(0, timeout=30_000)


def _reveal(page: Page) -> None:
    _is_run(page)
    page.get_by_role("button", name="Show what they really are").click()
    expect(page.get_by_text("would be right").first).to_be_visible()


def _look_into(page: Page) -> None:
    _reveal(page)
    page.get_by_role("button", name=re.compile("^Look into cluster 3:")).click()
    expect(page.get_by_role("dialog")).to_be_visible()


def _look_at(page: Page) -> None:
    _is_run(page)
    plane = page.get_by_role("application")
    plane.focus()
    for key in ("ArrowUp", "ArrowUp", "Enter"):
        plane.press(key)
    expect(page.get_by_role("button", name="Why?")).to_be_visible()


def _choose_start(page: Page, kind: str) -> None:
    _is_run(page)
    menu = page.get_by_role("button", name=re.compile("^Start: "))
    if menu.is_visible():
        menu.click()
        page.get_by_role("menuitemradio", name=re.compile(f"^{kind}")).click()
    else:
        _open_sheet(page)
        page.get_by_role("dialog").get_by_role("button", name=re.compile(kind)).click()


def _open_sheet(page: Page) -> None:
    _is_run(page)
    page.locator("button.narrow").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def _pick(page: Page) -> None:
    _choose_start(page, "By hand")
    plane = page.get_by_role("application")
    for keys in (["ArrowUp", "Enter"], ["ArrowLeft"] * 6 + ["Enter"], ["ArrowDown"] * 9 + ["Enter"]):
        for key in keys:
            plane.press(key)
    expect(page.get_by_text("3 of 10 chosen").first).to_be_visible()


def _open_menu(page: Page) -> None:
    _is_run(page)
    page.get_by_role("button", name=re.compile("^Start: ")).click()
    expect(page.get_by_role("menuitemradio").first).to_be_visible()


def _lose_server(page: Page) -> None:
    _is_run(page)
    cut_off(page)
    page.locator("body").press("r")
    expect(page.get_by_role("alert").first).to_be_visible()


def _open_keys(page: Page) -> None:
    page.get_by_role("button", name="Keys").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def _has_said(*words: str) -> Callable[[Page], None]:
    """Return what waits until all these words are on the page."""

    def wait(page: Page) -> None:
        for each in words:
            expect(page.get_by_text(re.compile(each)).first).to_be_visible(timeout=30_000)

    return wait


def _runs_ended(page: Page) -> None:
    expect(page.get_by_text("40 runs have ended.")).to_be_attached(timeout=30_000)


def _name_runs(page: Page) -> None:
    _runs_ended(page)
    page.get_by_role("button", name="How right are they, once named?").click()
    expect(page.get_by_role("button", name="Hide how right they are")).to_be_visible(timeout=30_000)


def _numbers_tried(page: Page) -> None:
    bar = page.get_by_role("progressbar", name="Trying numbers of clusters", include_hidden=True)
    expect(bar).to_have_attribute("aria-valuetext", "done", timeout=60_000)
    expect(page.get_by_role("button", name=re.compile("^Name these"))).to_be_enabled(timeout=30_000)


def _show_true_accuracy(page: Page) -> None:
    _numbers_tried(page)
    page.get_by_role("button", name="The truth, if you want to see it").click()
    expect(page.get_by_role("button", name="Hide the truth")).to_be_visible(timeout=30_000)
    _numbers_tried(page)


def _begin_naming(page: Page) -> None:
    _numbers_tried(page)
    page.get_by_role("button", name=re.compile("^Name these")).click()
    for key in "0123":
        page.keyboard.press(key)
    page.wait_for_timeout(600)


def _draw_on_phone(page: Page) -> None:
    pad = page.get_by_role("img", name=re.compile("^Your drawing"))
    place = pad.bounding_box()
    assert place is not None
    at = [(place["x"] + x * place["width"], place["y"] + y * place["height"]) for x, y in _SEVEN]
    page.mouse.move(*at[0])
    page.mouse.down()
    for point in at[1:]:
        page.mouse.move(*point, steps=6)
    page.mouse.up()


def _send_from_phone(page: Page) -> None:
    _draw_on_phone(page)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("button", name="Send")).to_have_attribute("aria-disabled", "true", timeout=20_000)
    page.wait_for_timeout(600)


def _send_in_vain(page: Page) -> None:
    cut_off(page, "**/drawings")
    _draw_on_phone(page)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("No connection.")).to_be_visible()


def _press(button: str) -> Callable[[Page], None]:
    """Return what presses a button of the class and waits for its dialog."""

    def press(page: Page) -> None:
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("dialog")).to_be_visible()

    return press


def _take_out(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Take out drawing")).first.click()
    expect(page.get_by_text("It is on no screen but this.")).to_be_visible()
    page.wait_for_timeout(3000)


def _show_code(page: Page) -> None:
    page.get_by_role("button", name="Show the code large").click()


def _desk_code(page: Page) -> None:
    page.get_by_role("button", name="Use my phone as the desk").click()
    expect(page.get_by_role("dialog").get_by_role("img")).to_be_visible()


_SEVEN = ((0.28, 0.24), (0.72, 0.22), (0.6, 0.42), (0.48, 0.62), (0.4, 0.84))
_LARGE = ("tablet", "desktop", "wide")

_HAND = ("phone", "tablet")

STATES = [
    State("draw-empty", "/"),
    State("draw", "/", _sample_year),
    State("draw-looking", "/draw?way=looking", _sample_year),
    State("draw-lesson", "/draw?way=lesson", _sample_year),
    State("draw-away", "/", is_away=True),
    State("read-empty", "/read"),
    State("name", "/name"),
    State("learn-start", LEARN, _is_run),
    State("learn", f"{LEARN}&step=8", _is_run),
    State("learn-end", f"{LEARN}&step=999", _is_run),
    State("learn-raw", "/learn?set=digits&pixels=raw&k=10&step=7", _is_run),
    State("learn-k2", "/learn?set=digits&pixels=normalized&k=2&step=5", _is_run),
    State("learn-k25", "/learn?set=digits&pixels=normalized&k=25&step=6", _is_run),
    State("learn-k100", "/learn?set=digits&pixels=normalized&k=100&step=6", _is_run),
    State("learn-bad", "/learn?set=digits&pixels=normalized&k=10&start=bad&seed=0&step=1", _is_run),
    State("learn-refilled", "/learn?set=digits&pixels=normalized&k=10&start=bad&seed=0&step=2", _is_run),
    State("learn-looked-at", f"{LEARN}&step=8", _look_at),
    State("learn-truths", f"{LEARN}&step=999", _reveal),
    State("learn-cluster", f"{LEARN}&step=999", _look_into),
    State("learn-menu", f"{LEARN}&step=8", _open_menu, _LARGE),
    State("learn-sheet", f"{LEARN}&step=8", _open_sheet, ("phone",)),
    State("learn-picking", LEARN, _pick),
    State("learn-away", f"{LEARN}&step=8", _lose_server, is_away=True),
    State("dots", "/learn?part=dots"),
    *(State(f"dots-{one}", f"/learn?part=dots&dots={one}&step=999") for one in ("moons", "scale", "none")),
    State("runs", RUNS, _runs_ended),
    State("runs-truths", RUNS, _name_runs),
    State("numbers", NUMBERS, _numbers_tried),
    State("numbers-pixels", f"{NUMBERS}&by=normalized&k=50", _numbers_tried),
    State("numbers-truths", f"{NUMBERS}&k=20", _show_true_accuracy),
    State("numbers-naming", f"{NUMBERS}&k=20", _begin_naming),
    State("class-empty", "/class", room="empty"),
    State("class", "/class", room="drawn"),
    State("class-code", "/class", _show_code, room="drawn"),
    State("class-keep", "/class", _press("Keep as a project"), room="drawn"),
    State("class-end", "/class", _press("End the class"), room="drawn"),
    State("class-ended", "/class", room="ended"),
    State("class-none", "/class"),
    State("desk-empty", "/class?part=desk", room="empty"),
    State("desk-out", "/class?part=desk", _take_out, room="named"),
    State("desk", "/class?part=desk", room="drawn"),
    State("desk-code", "/class?part=desk", _desk_code, room="drawn"),
    State("phone", "phone", screens=_HAND, room="empty"),
    State("phone-drawn", "phone", _draw_on_phone, _HAND, room="drawn"),
    State("phone-sent", "phone", _send_from_phone, _HAND, room="drawn"),
    State("phone-unsent", "phone", _send_in_vain, _HAND, is_away=True, room="drawn"),
    State("phone-ended", "phone", screens=_HAND, room="ended"),
    State("phone-desk", "desk", screens=_HAND, room="drawn"),
    State("class-named", "/class", room="named"),
    State("desk-named", "/class?part=desk", room="named"),
    State("phone-named", "phone", _send_from_phone, _HAND, room="named"),
    State("phone-closed", "phone", screens=_HAND, room="closed"),
    State("phone-wrong", "phone?", screens=_HAND, is_away=True, room="closed"),  # its answer is no success
    State("keys", "/learn", _open_keys, _LARGE),
]
