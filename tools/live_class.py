"""A class for the screenshots and the benchmark of the page: simulated phones send drawings, the teacher nods."""

from __future__ import annotations

import json
import time
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from live_page import Server

DRAWINGS = Path(__file__).parents[1] / "examples" / "drawings.json"
CLASS = ("--class", "--class-host", "127.0.0.1", "--class-port", "0")
"""The arguments of ``inkmeans serve`` for a class that only this machine can reach."""


class Asker:
    """Someone with a cookie of their own: a phone, or the teacher."""

    def __init__(self) -> None:
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def ask(self, address: str, document: object = None) -> Any:
        """Return the answer's document; with a document of one's own, it is posted. Who is slowed waits."""
        body = None if document is None else json.dumps(document).encode()
        request = urllib.request.Request(address, body, {"Content-Type": "application/json"})
        while True:
            try:
                with self._opener.open(request, timeout=30) as answer:
                    found = answer.read()
                break
            except HTTPError as error:
                if error.code != 429:
                    raise
                time.sleep(float(error.headers["Retry-After"]))
        return json.loads(found) if found and "json" in answer.headers.get("Content-Type", "") else None


def teacher(server: Server) -> Asker:
    """Return the teacher, let in by the token."""
    one = Asker()
    one.ask(server.address)
    return one


def send_drawings(server: Server, n_drawings: int, *, n_each: int = 4) -> None:
    """Send drawings of the digits that are asked for, `n_each` from each phone, so few that no limit slows them."""
    drawings: dict[str, list[dict[str, Any]]] = {}
    for each in json.loads(DRAWINGS.read_text(encoding="utf-8"))["drawings"]:
        drawings.setdefault(each["truth"], []).append(each)
    for start in range(0, n_drawings, n_each):
        phone = Asker()
        asked = phone.ask(f"{server.phones}/ask")["ask"]
        for i in range(start, min(start + n_each, n_drawings)):
            drawn = drawings[asked][i % len(drawings[asked])]
            sent = {name: drawn[name] for name in ("strokes", "width", "height", "pen")}
            asked = phone.ask(f"{server.phones}/drawings", sent | {"asked": asked})["ask"]


def fill_class(server: Server, n_shown: int, n_waiting: int) -> None:
    """Have the class draw; the teacher nods the first of them, and the others wait."""
    send_drawings(server, n_shown)
    one = teacher(server)
    drawings = one.ask(f"{server.base}api/v1/class/desk?since=0")["drawings"]
    one.ask(f"{server.base}api/v1/class/drawings", {"ids": [each["id"] for each in drawings], "state": "shown"})
    send_drawings(server, n_waiting)


def name_class(server: Server, k: int = 12) -> None:
    """Have the class name its clusters, then read what is drawn next: a dozen drawings, nodded."""
    one = teacher(server)
    base = f"{server.base}api/v1"
    found = one.ask(f"{base}/class/set", {})["set"]
    clusters = one.ask(f"{base}/learn/clusterings", {"set": found, "by": "inkmeans", "k": k})
    names = [each["likely"] for each in clusters["clusters"]]
    one.ask(f"{base}/class/reader", {"clustering": clusters["clustering"], "names": names})
    change_class(server, as_they_come=True)
    send_drawings(server, 12)


def change_class(server: Server, **settings: bool) -> None:
    """Change how the class is set, as the desk does."""
    teacher(server).ask(f"{server.base}api/v1/class/settings", settings)


def end_class(server: Server) -> None:
    """Delete all drawings."""
    teacher(server).ask(f"{server.base}api/v1/class/end", {})


def desk_address(server: Server) -> str:
    """Return the address that opens the desk on the teacher's phone, once."""
    address: str = teacher(server).ask(f"{server.base}api/v1/class/desk", {})["address"]
    return address
