"""A class as its teacher and its phones use it, in the browser and, where many are needed, as programs."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from random import Random
from typing import Any, Literal
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

from live_page import Server
from playwright.sync_api import BrowserContext, Locator, Page, expect

Path2D = list[list[tuple[float, float]]]
SIDE = 280
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True, "is_mobile": True}


def ask(
    url: str, body: Any = None, *, headers: Mapping[str, str] = {}, by: OpenerDirector | None = None
) -> tuple[int, str]:
    """Return the status and the text of an answer; with a body, that of a POST."""
    data = None if body is None else json.dumps(body).encode()
    sent = {"Content-Type": "application/json"} if data else {}
    try:
        with (by or build_opener()).open(Request(url, data, {**sent, **headers}), timeout=60) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


@dataclass
class Room:
    """The running class, asked as programs ask."""

    server: Server
    handwriting: dict[str, Path2D]
    random: Random = field(default_factory=lambda: Random(7))

    @property
    def bearer(self) -> dict[str, str]:
        """The header by which a program is the teacher."""
        return {"Authorization": f"Bearer {self.server.token}"}

    def teacher(self, method: Literal["GET", "POST"], path: str, body: Any = None) -> Any:
        """Return what the teacher's server answers."""
        sent = (body or {}) if method == "POST" else None
        status, text = ask(f"{self.server.base}api/v1{path}", sent, headers=self.bearer)
        assert status < 300, text
        return json.loads(text) if text else None

    def begin(self) -> None:
        """Begin anew, without drawings."""
        self.teacher("POST", "/class/end", {})
        self.teacher("POST", "/class/settings", {"is_open": True, "as_they_come": False, "prompts": True})

    def state(self) -> Any:
        """Return all that the desk is told."""
        return self.teacher("GET", "/class/desk?since=0")

    def strokes(self, digit: str) -> Path2D:
        """Return one hand's digit, each time a little different, in a box of SIDE x SIDE."""
        scale, x, y = self.random.uniform(0.8, 1.05), self.random.uniform(-8, 8), self.random.uniform(-6, 6)
        lean = self.random.uniform(-0.15, 0.15)
        return [
            [
                (
                    SIDE / 100 * (50 + (px - 50) * scale + lean * (50 - py) + x),
                    SIDE / 100 * (50 + (py - 50) * scale + y),
                )
                for px, py in stroke
            ]
            for stroke in self.handwriting[digit]
        ]

    def draw(self, count: int) -> None:
        """Have phones draw what they are asked for, five each: as many as one may send at once."""
        while count > 0:
            phone = build_opener(HTTPCookieProcessor(CookieJar()))
            told = json.loads(ask(f"{self.server.phones}/ask", by=phone)[1])
            for _ in range(min(5, count)):
                drawing = {"strokes": self.strokes(told["ask"]), "asked": told["ask"]}
                box = {"width": SIDE, "height": SIDE, "pen": 18}
                status, text = ask(f"{self.server.phones}/drawings", drawing | box, by=phone)
                assert status == 201, text
                told = json.loads(text)
                count -= 1

    def nod(self) -> None:
        """Show all that wait."""
        waiting = [one["id"] for one in self.state()["drawings"] if one["state"] == "waiting"]
        self.teacher("POST", "/class/drawings", {"ids": waiting, "state": "shown"})


@dataclass
class PhoneTab:
    """The phones' page in a tab."""

    page: Page
    handwriting: dict[str, Path2D]

    @property
    def pad(self) -> Locator:
        return self.page.get_by_role("img", name=re.compile("^Your drawing: "))

    @property
    def status(self) -> Locator:
        return self.page.get_by_role("status")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def hear(self) -> None:
        """Ask the class now, and not within five seconds: the network is said to be there again."""
        self.page.evaluate("dispatchEvent(new Event('online'))")

    def asked(self) -> str:
        """Return the digit that the phone asks for."""
        heading = self.page.get_by_role("heading", level=1, name=re.compile(r"^Draw an? \d$"))
        expect(heading).to_be_visible()
        return heading.inner_text()[-1]

    def draw(self, digit: str) -> None:
        """Draw a digit with a finger."""
        place = self.pad.bounding_box()
        assert place is not None
        x, y, side = place["x"], place["y"], place["width"] / 100
        devtools = self.page.context.new_cdp_session(self.page)

        def touch(kind: str, points: list[tuple[float, float]]) -> None:
            touches = [{"x": x + px * side, "y": y + py * side} for px, py in points]
            devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

        for stroke in self.handwriting[digit]:
            touch("touchStart", [stroke[0]])
            for point in stroke[1:]:
                touch("touchMove", [point])
            touch("touchEnd", [])
        devtools.detach()

    def send(self, digit: str = "") -> str:
        """Draw what is asked for, or a digit, and send it; return which it was."""
        drawn = digit or self.asked()
        self.draw(drawn)
        self.button("Send").tap()
        return drawn


def open_phone(context: BrowserContext, room: Room, address: str = "") -> PhoneTab:
    """Open the phones' page in a browser of its own."""
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.goto(address or room.server.phones)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    return PhoneTab(page, room.handwriting)


def wall(page: Page) -> Locator:
    """Return the projector's picture of all drawings."""
    return page.get_by_role("img", name=re.compile("^The wall: "))
