"""Who is let in at the phones' port, and how fast: rates, the code on the wall, and the cookies of phones."""

import asyncio
import secrets
from collections import Counter, OrderedDict
from math import ceil

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from inkmeans.lesson import ClassRoom
from inkmeans.web._class import SchoolClass
from inkmeans.web._class_limits import ARRIVALS, DESK, DRAWINGS, REQUESTS, Limit, network_of
from inkmeans.web._page import sentence_page
from inkmeans.web._problems import ProblemResponse
from inkmeans.web._security import SECURITY_HEADERS, read_cookie, same

MOST_PHONES = 500
"""Cookies that are known; of more, those are forgotten that were not heard of for longest."""
OPEN = frozenset({"", "assets", "desk", "favicon.svg"})
"""What a path may begin with instead of the code: the page's files, and the desk, which has a code of its own."""
_MOST_GUESSES = 16  # wrong codes of an address that are being answered, slowly, at a time
_MOST_SLOWED = 200  # requests too many that wait for their answer; more are answered at once
_SLOW = 1.0  # seconds until a wrong code, or a request too many, is answered
_TOO_MANY = "Too much came at once; wait a moment, then try again."
_WRONG = "This is not the address that your class was shown; scan the code on the wall again, or type it anew."
_GUESSES = "Too many wrong addresses came from your network; wait a moment, then open the address again."


class Phones:
    """The phones' cookies, each random and for a number in the room, and how fast phones may come and draw.

    Used from one thread.
    """

    def __init__(self, room: ClassRoom) -> None:
        self._room = room
        self._numbers: OrderedDict[str, int] = OrderedDict()
        self._arrivals = Limit(ARRIVALS)
        self._drawings = Limit(DRAWINGS)

    def __len__(self) -> int:
        return len(self._numbers)

    def find(self, cookie: str) -> int | None:
        """Return the number of a phone, or None for a cookie that is not known."""
        number = self._numbers.get(cookie)
        if number is not None:
            self._numbers.move_to_end(cookie)
        return number

    def enter(self, network: str) -> tuple[str, float]:
        """Return the cookie of a new phone and 0, or "" and after how many seconds it may come in."""
        wait = self._arrivals.admit(network, None)
        if wait > 0:
            return "", wait
        cookie = secrets.token_urlsafe(16)
        self._numbers[cookie] = self._room.enter()
        if len(self._numbers) > MOST_PHONES:
            self._room.leave(self._numbers.popitem(last=False)[1])
        return cookie, 0.0

    def draws(self, network: str, cookie: str) -> float:
        """Return 0 where a phone may send a drawing now, or after how many seconds."""
        return self._drawings.admit(network, cookie)


class PhoneRates:
    """ASGI middleware that slows who asks too much, whatever it is that is asked.

    It leaves in the scope's state who asks: `address`; `network`, which the limits count; `cookie` and `desk`, those
    of a known phone and of the desk, or "".
    """

    def __init__(self, app: ASGIApp, school_class: SchoolClass, phones: Phones) -> None:
        self.app = app
        self.school_class = school_class
        self.phones = phones
        self.requests = Limit(REQUESTS)
        self.of_desk = Limit(DESK)
        self.n_slowed = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        who = self._who(scope)
        limit = self.of_desk if who["desk"] else self.requests
        wait = limit.admit(who["network"], who["desk"] or who["cookie"] or None)
        if wait > 0:
            await self._slow()
            await too_many(scope, wait)(scope, receive, send)
            return
        scope.setdefault("state", {}).update(who)
        await self.app(scope, receive, send)

    def _who(self, scope: Scope) -> dict[str, str]:
        address = scope["client"][0] if scope.get("client") else ""
        cookies = Headers(scope=scope).get("cookie", "")
        phone = read_cookie(cookies, cookie_name(scope, "phone"))
        desk = read_cookie(cookies, cookie_name(scope, "desk"))
        return {
            "address": address,
            "network": network_of(address),
            "cookie": "" if self.phones.find(phone) is None else phone,
            "desk": desk if desk and self.school_class.desk.is_open(desk, address) else "",
        }

    async def _slow(self) -> None:
        if self.n_slowed >= _MOST_SLOWED:
            return
        self.n_slowed += 1
        try:
            await asyncio.sleep(_SLOW)
        finally:
            self.n_slowed -= 1


class PhoneCode:
    """ASGI middleware that lets on who has the code of the class in the path, in small letters or capitals.

    A wrong code is answered slowly, and few of an address at a time, so that nobody tries them all.
    """

    def __init__(self, app: ASGIApp, school_class: SchoolClass) -> None:
        self.app = app
        self.school_class = school_class
        self.guesses: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = None
        if scope["type"] == "http":
            first, *rest = scope["path"].removeprefix("/").split("/")
            if first not in OPEN and "." not in first:  # no code has one; browsers ask for icons by themselves
                refusal = await self._refuse(scope, first)
                scope["path"] = "/".join(["", first.lower(), *rest])
        await (refusal or self.app)(scope, receive, send)

    async def _refuse(self, scope: Scope, code: str) -> Response | None:
        """Return the answer to a wrong code, after a while; None for the right one."""
        network, is_known = scope["state"]["network"], scope["state"]["cookie"] != ""
        if not is_known and self.guesses[network] >= _MOST_GUESSES:
            return answer(scope, 429, _GUESSES, {"Retry-After": "2"})  # without a look at the code
        if same(code.lower(), self.school_class.code):
            return None
        if is_known:  # it has nothing to guess
            return answer(scope, 404, _WRONG)
        self.guesses[network] += 1
        try:
            await asyncio.sleep(_SLOW)
        finally:
            self.guesses[network] -= 1
            if not self.guesses[network]:
                del self.guesses[network]
        return answer(scope, 404, _WRONG)


def cookie_name(scope: Scope, of: str) -> str:
    """Return the name of the cookie of a phone or of a desk: cookies ignore the port."""
    server = scope.get("server")
    return f"inkmeans-{of}-{server[1] if server else 0}"


def too_many(scope: Scope, wait: float) -> Response:
    """Return the answer to what came too soon."""
    return answer(scope, 429, _TOO_MANY, {"Retry-After": str(max(1, ceil(wait)))})


def answer(scope: Scope, status: int, sentence: str, headers: dict[str, str] | None = None) -> Response:
    """Return a page to a person, a problem document to a program."""
    all_headers = {**SECURITY_HEADERS, "Cache-Control": "no-store", **(headers or {})}
    if "text/html" in Headers(scope=scope).get("accept", ""):
        page = sentence_page(status, "Draw together", sentence)
        for name, value in all_headers.items():
            page.headers.setdefault(name, value)
        return page
    return ProblemResponse(status, sentence, instance=scope["path"], headers=all_headers)
