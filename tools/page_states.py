"""The views of the page and their states: what is looked at by the eye, by axe and by the benchmark."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from live_page import Server
from playwright.sync_api import Locator, Page, expect

LEARN = "/learn?set=digits&pixels=normalized&k=10&start=k-means%2B%2B&seed=0"
ALL = ("phone", "tablet", "desktop", "wide")


def play(page: Page) -> Locator:
    """Return the button that plays and pauses."""
    return page.get_by_role("button", name=re.compile(r"^(Play|Pause)"))


def is_playing(page: Page, expected: bool, timeout: float = 20_000) -> None:
    """Wait until Learn plays, or has come to rest."""
    expect(play(page)).to_have_accessible_name(re.compile("^Pause" if expected else "^Play"), timeout=timeout)


@dataclass(frozen=True)
class State:
    """A state of a view: its name, its address, what a person does there, and the screens on which it differs."""

    name: str
    place: str
    act: Callable[[Page], None] = lambda page: None
    screens: tuple[str, ...] = ALL
    is_away: bool = False


def open_state(page: Page, server: Server, state: State) -> None:
    """Open a state in a tab, and wait until nothing loads or moves."""
    if state.is_away:
        page.route("**/api/**", lambda route: route.abort())
    page.goto(server.at(state.place))
    expect(page.locator("h1, h2").first).to_be_attached(timeout=20_000)
    page.wait_for_load_state("networkidle")
    state.act(page)
    page.wait_for_timeout(400)


STATES = [
    State("draw", "/"),
]
