"""The page in a real browser against a real server, for the tests, the benchmark and the screenshots."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright, Route

from inkmeans.web import find_static

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 3,
    "has_touch": True,
    "is_mobile": True,
}
SCREENS: dict[str, dict[str, Any]] = {
    "phone": PHONE,
    "tablet": {"viewport": {"width": 768, "height": 1024}, "has_touch": True},
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "wide": {"viewport": {"width": 1920, "height": 1080}},
}
"""The screens that the page is looked at on, as the browser's contexts want them."""

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RULES_OF_COLOR = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
_PROBE = "/favicon.svg?probe"
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


class MissingError(Exception):
    """What a page in a browser needs and is not there, in one sentence."""


@dataclass(frozen=True)
class Server:
    """A running ``inkmeans serve``: the address it printed, the same without path and token, and its log.

    `phones` is the address that it printed for the phones of a class, without a slash at its end.
    """

    address: str
    base: str
    log: Path
    phones: str = ""

    @property
    def bases(self) -> tuple[str, ...]:
        """Return what the addresses of all that it serves begin with."""
        return (self.base, self.phones.rpartition("/")[0] + "/") if self.phones else (self.base,)

    @property
    def token(self) -> str:
        """What a program sends as a bearer."""
        return self.address.partition("?token=")[2]

    def at(self, place: str) -> str:
        """Return the address of a view, path and query, with the token."""
        token = self.address.partition("?")[2]
        return f"{self.base}{place.removeprefix('/')}{'&' if '?' in place else '?'}{token}"


@contextmanager
def serve(log: Path, *arguments: str) -> Iterator[Server]:
    """Run ``inkmeans serve`` at a free port."""
    if find_static() is None:
        raise MissingError("The page is not built; build it with: npm --prefix frontend run build.")
    command = [sys.executable, "-c", "from inkmeans.cli import main; main()", "serve", "--port", "0", "--no-browser"]
    with log.open("w") as output:
        process = subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, stderr=output, text=True)
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            found = re.search(r"(http://127\.0\.0\.1:\d+/)\?token=\S+", line)
            assert found, f"the server printed {line!r} and {log.read_text()}"
            phones = process.stdout.readline() if "--class" in arguments else ""
            yield Server(found[0], found[1], log, phones.removeprefix("Phones open ").strip())
        finally:
            process.terminate()
            process.communicate(timeout=20)


def launch(playwright: Playwright) -> Browser:
    """Return Debian's Chromium, or the one that INKMEANS_CHROMIUM names, without a window."""
    chromium = os.environ.get("INKMEANS_CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        raise MissingError(
            "Chromium is not installed; on Debian: apt-get install chromium, elsewhere name it in INKMEANS_CHROMIUM."
        )
    return playwright.chromium.launch(executable_path=chromium, args=_FLAGS)


def intercept(page: Page, pattern: str, answer: Callable[[Route], object]) -> None:
    """Answer requests of an open page in the server's place; returns when the page's next request comes here.

    Chromium needs a moment, in which a request would still reach the server: it is asked until it does not.
    """
    page.route(pattern, answer)
    page.route(lambda url: url.endswith(_PROBE), lambda route: route.fulfill(status=204))
    while page.evaluate("probe => fetch(probe).then(response => response.status)", _PROBE) != 204:
        page.wait_for_timeout(20)


def cut_off(page: Page, pattern: str = "**/api/**") -> None:
    """Let no request of an open page reach the server."""
    intercept(page, pattern, lambda route: route.abort())


@dataclass
class Watched:
    """What went on in a tab besides what is seen: the addresses asked for, and the console's errors and warnings."""

    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Note what goes on in a tab from now on."""
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda message: self.complaints.append(message.text) if message.type in {"error", "warning"} else None,
        )

    def elsewhere(self, *bases: str) -> list[str]:
        """Return the addresses that are not the servers'; what a page makes itself (blob:, data:) is nobody's."""
        own = (*bases, *(f"blob:{base}" for base in bases), "data:")
        return [url for url in self.requests if not url.startswith(own)]


@cache
def _axe() -> Axe:
    return Axe()


def violations(page: Page, *, of_color: bool = False) -> list[str]:
    """Return what axe finds in the page as it is, a line for each element; `of_color` looks at contrast only."""
    page.evaluate("scrollTo(0, 0)")  # what has been scrolled under the bar would count as too small to press
    found = _axe().run(page, options={"runOnly": _RULES_OF_COLOR if of_color else _RULES})
    return [
        f"{rule['id']}: {' '.join(node['target'])}: {node.get('failureSummary', '').replace(chr(10), ' ')}"
        for rule in found.response["violations"]
        for node in rule["nodes"]
    ]
