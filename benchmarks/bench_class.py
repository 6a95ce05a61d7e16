"""Measure a class that draws together: what is lost, how soon the wall follows, and what a flood brings about.

    make bench-class                             two minutes, 30 phones, 20 drawings a minute each
    make bench-class ARGS="--seconds 30"
    make bench-class ARGS="--no-browser"         the wall is a program that asks as the page does

A real `inkmeans serve --class`, asked over HTTP by 30 simulated phones in a process of their own and by one that
floods, all from one address, as behind a school's access point (benchmarks/class_phones.py). In the first half the
drawings are shown as they come, in the second a teacher nods each as soon as it waits. The wall is the page in
Chromium. Each call appends its rows to benchmarks/results/class.csv.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from run import ROOT, add_rows, commit_name, processor

sys.path.append(str(ROOT / "tools"))
from live_page import SCREENS, Server, launch, serve

RESULTS = ROOT / "benchmarks" / "results" / "class.csv"
COLUMNS = ["date", "commit", "processor", "wall", "phones", "a_minute", "seconds", "measure", "reached", "unit",
           "asked", "detail"]  # fmt: skip
PHONES = ROOT / "benchmarks" / "class_phones.py"
# Notes when the wall's label, which is set together with its picture, says a larger number.
WATCH = """
window.walls = [];
let before = 0;
setInterval(() => {
  const label = document.querySelector("[aria-label^='The wall: ']")?.getAttribute("aria-label") ?? "";
  const count = Number((label.match(/[\\d,]+/)?.[0] ?? "0").replaceAll(",", ""));
  if (count > before) {
    before = count;
    requestAnimationFrame(() => requestAnimationFrame(() => window.walls.push([count, Date.now() / 1e3])));
  }
}, 10);
"""


@dataclass
class Seen:
    """What was seen of the room: when each drawing was nodded and shown, in the order of being shown."""

    nodded: dict[int, float] = field(default_factory=dict)
    shown: dict[int, float] = field(default_factory=dict)
    phones: dict[int, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Outcome:
    """What came of it: seconds from sending to showing, from nodding to showing; what was lost, doubled, or slowed."""

    n_drawings: int
    lost: int
    doubled: int
    retried: int
    as_they_come: list[float]
    nodded: list[float]
    taken: list[float]
    flood: dict[str, dict[str, int]]
    flooded: int
    grown: float
    faults: list[str]


class Teacher:
    """The teacher's server, asked as its page asks."""

    def __init__(self, server: Server) -> None:
        self.netloc = urlsplit(server.base).netloc
        self.headers = {"Authorization": f"Bearer {server.token}", "Content-Type": "application/json"}
        self.connection = http.client.HTTPConnection(self.netloc, timeout=60)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Return what it answers; a connection that it closed because nothing came for a while is opened again."""
        data = json.dumps(body) if body else None
        for is_last in (False, True):
            try:
                self.connection.request(method, f"/api/v1/class{path}", data, self.headers)
                answer = self.connection.getresponse()
                text = answer.read()
                break
            except (OSError, http.client.HTTPException):
                self.connection.close()
                if is_last:
                    raise
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status} {text!r}")
        return json.loads(text) if text else None

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()


def follow(server: Server, seen: Seen, ending: threading.Event) -> None:
    """Follow the room as the wall does, and note when each drawing is told as shown."""
    since = 0
    with closing(Teacher(server)) as teacher:
        while not ending.is_set():
            state = teacher.ask("GET", f"?since={since}")
            now, since = time.time(), state["revision"]
            for one in state["drawings"]:
                if one["state"] == "shown":
                    seen.shown.setdefault(one["id"], now)


def nod(server: Server, seen: Seen, n_phones: int, ending: threading.Event) -> None:
    """Show each drawing of the class's own phones as soon as it waits."""
    since = 0
    with closing(Teacher(server)) as watching, closing(Teacher(server)) as nodding:
        while not ending.is_set():
            state = watching.ask("GET", f"/desk?since={since}")
            since = state["revision"]
            waiting = [one["id"] for one in state["drawings"] if one["state"] == "waiting" and one["phone"] <= n_phones]
            if waiting:
                now = time.time()
                for number in waiting:
                    seen.nodded.setdefault(number, now)
                nodding.ask("POST", "/drawings", {"ids": waiting, "state": "shown"})


def all_drawings(server: Server) -> list[dict[str, Any]]:
    """Return the drawings of the room."""
    since, found = 0, {}
    with closing(Teacher(server)) as teacher:
        while True:
            state = teacher.ask("GET", f"/desk?since={since}")
            found.update({one["id"]: one for one in state["drawings"]})
            if len(state["drawings"]) < 500:
                return [found[number] for number in sorted(found)]
            since = state["revision"]


def wait_until_ready(server: Server) -> None:
    """Wait until the models are loaded: they are no part of what the class takes in memory."""
    with closing(http.client.HTTPConnection(urlsplit(server.base).netloc, timeout=60)) as connection:
        while True:
            connection.request("GET", "/readyz")
            answer = connection.getresponse()
            answer.read()
            if answer.status == 200:
                return
            time.sleep(0.3)


def resident(process: int) -> float:
    """Return the megabytes that a process holds."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1e3  # type: ignore[index]


def server_process() -> int:
    """Return the server, which is a child of this process."""
    children = [path.read_text().split() for path in Path(f"/proc/{os.getpid()}/task").glob("*/children")]
    for child in map(int, chain.from_iterable(children)):
        if b"serve" in Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0"):
            return child
    raise SystemExit("The server is no child of this process.")


@contextmanager
def wall(server: Server, has_browser: bool) -> Iterator[list[tuple[int, float]]]:
    """Show the wall; yield, filled at the end, when it showed how many drawings."""
    counts: list[tuple[int, float]] = []
    if not has_browser:
        yield counts
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(**SCREENS["desktop"])
        page.add_init_script(WATCH)
        page.goto(server.at("class"))
        page.get_by_role("heading", level=1).wait_for()
        yield counts
        page.wait_for_timeout(500)
        counts += [(int(count), float(at)) for count, at in page.evaluate("window.walls")]
        browser.close()


def measure(folder: Path, n_phones: int, a_minute: float, seconds: float, *, has_browser: bool) -> Outcome:
    """Let a class draw and be flooded, and return what came of it."""
    seen, ending = Seen(), threading.Event()
    options = "--class", "--class-host", "127.0.0.1", "--class-port", "0", str(folder)
    with (
        serve(folder / "log.txt", *options) as server,
        wall(server, has_browser) as counts,
        closing(Teacher(server)) as teacher,
    ):
        teacher.ask("POST", "/settings", {"as_they_come": True})
        works = [threading.Thread(target=follow, args=(server, seen, ending))]
        works[0].start()
        wait_until_ready(server)
        before = resident(server_process())
        words = [sys.executable, str(PHONES), "draw", server.phones, "--phones", str(n_phones)]
        words += ["--a-minute", str(a_minute), "--seconds", str(seconds)]
        drawing = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        while teacher.ask("GET", "?brief=true")["n_phones"] < n_phones:
            time.sleep(0.1)
        words = [sys.executable, str(PHONES), "flood", server.phones, "--seconds", str(seconds)]
        flooding = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        time.sleep(seconds / 2)
        teacher.ask("POST", "/settings", {"as_they_come": False})
        works.append(threading.Thread(target=nod, args=(server, seen, n_phones, ending)))
        works[1].start()
        sent = json.loads(drawing.communicate()[0])
        flood = json.loads(flooding.communicate()[0])
        time.sleep(1)
        drawings = all_drawings(server)
        grown = resident(server_process()) - before
        ending.set()
        teacher.ask("POST", "/settings", {"is_open": False})  # who waits for a change is answered
        for work in works:
            work.join()
        faults = [line for line in (folder / "log.txt").read_text(encoding="utf-8").splitlines() if "rror" in line]
    return judge(sent, drawings, seen, dict(counts), n_phones, flood, grown, faults)


def judge(
    sent: list[dict[str, Any]],
    drawings: list[dict[str, Any]],
    seen: Seen,
    counts: dict[int, float],
    n_phones: int,
    flood: dict[str, dict[str, int]],
    grown: float,
    faults: list[str],
) -> Outcome:
    """Hold what phones sent against what the room has and the wall showed."""
    shown = dict(seen.shown)
    if counts:  # the page's own times: the k-th drawing that was told is there once the wall has k of them
        steps = sorted(counts.items())
        order = list(shown)
        shown = {}
        for place, number in enumerate(order, start=1):
            at = next((at for count, at in steps if count >= place), None)
            if at is not None:
                shown[number] = at
    by_phone: dict[int, list[dict[str, Any]]] = {number: [] for number in range(1, n_phones + 1)}
    for one in drawings:
        if one["phone"] in by_phone:
            by_phone[one["phone"]].append(one)
    lost = doubled = 0
    as_they_come, nodded = [], []
    for phone, kept in by_phone.items():
        own = sorted((one for one in sent if one["phone"] == phone), key=lambda one: one["sent"])
        lost += max(0, len(own) - len(kept))
        doubled += max(0, len(kept) - len(own))
        for was_sent, one in zip(own, kept, strict=False):
            at = shown.get(one["id"])
            if at is None:
                lost += 1  # nobody saw it
            elif one["id"] in seen.nodded:
                nodded.append(at - seen.nodded[one["id"]])
            else:
                as_they_come.append(at - was_sent["sent"])
    return Outcome(
        len(sent),
        lost,
        doubled,
        sum(one["tries"] > 1 for one in sent),
        as_they_come,
        nodded,
        [one["taken"] - one["sent"] for one in sent],
        flood,
        sum(one["phone"] > n_phones for one in drawings),
        grown,
        faults,
    )


def percentile(values: list[float], percent: int) -> float:
    """Return a percentile, that of the nearest rank."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def rows(outcome: Outcome, seconds: float) -> list[tuple[str, str, str, str, str]]:
    """Return measure, what was reached, its unit, what was asked, and how it came about."""
    found = [
        (
            "drawings lost",
            str(outcome.lost),
            "",
            "0",
            f"of {outcome.n_drawings}; {outcome.retried} sent more than once",
        ),
        ("drawings doubled", str(outcome.doubled), "", "0", ""),
    ]
    for what, values in (("sent to shown, as they come", outcome.as_they_come), ("nodded to shown", outcome.nodded)):
        for percent, asked in ((50, ""), (95, "<= 1")):
            reached = f"{percentile(values, percent):.3f}" if len(values) > 1 else "-"
            found.append((f"{what}, {percent}th percentile", reached, "s", asked, f"{len(values)} drawings"))
        found.append((f"{what}, most", f"{max(values, default=0):.3f}", "s", "", ""))
    found.append(("sent to taken, 95th percentile", f"{percentile(outcome.taken, 95):.3f}", "s", "", ""))
    total: Counter[str] = Counter()
    for what, answers in outcome.flood.items():
        total.update(answers)
        told = ", ".join(f"{count} x {status}" for status, count in sorted(answers.items()))
        found.append((f"flood: {what}", str(sum(answers.values())), "", "", told))
    rate = f"{outcome.flooded / seconds:.1f} a second"
    found.append(("flood: drawings taken", str(outcome.flooded), "", "", rate))
    found.append(("memory of the server, grown by", f"{outcome.grown:.0f}", "MB", "", ""))
    found.append(("faults in the server's log", str(len(outcome.faults)), "", "0", "; ".join(outcome.faults[:2])))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--phones", type=int, default=30)
    parser.add_argument("--a-minute", type=float, default=20)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--no-browser", action="store_true", help="the wall is a program")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcome = measure(Path(folder), given.phones, given.a_minute, given.seconds, has_browser=not given.no_browser)
    found = rows(outcome, given.seconds)
    for measured, reached, unit, asked, detail in found:
        print(f"{measured:48} {reached:>8} {unit:3} {'asked ' + asked if asked else '':12} {detail}")
    what = [date.today().isoformat(), commit_name(), processor(), "program" if given.no_browser else "Chromium"]
    add_rows(RESULTS, COLUMNS, [[*what, given.phones, given.a_minute, given.seconds, *row] for row in found])
    return 0


if __name__ == "__main__":
    sys.exit(main())
