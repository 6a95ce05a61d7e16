"""Measure the page in Chromium, asked beside reached: how it moves, how soon, how much it weighs, and what is wrong.

    make bench-page                        everything, 5 runs of each
    make bench-page ARGS="play click"      the works of these names
    make bench-page ARGS="--runs 9"

A real `inkmeans serve` with the built page, and Debian's Chromium without a window at 1280 x 800, which draws with the
processor. Frames and tasks are those of the browser's own trace (benchmarks/chromium_trace.py). Each run has a browser
of its own. Each call appends its rows to benchmarks/results/page.csv.
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from chromium_trace import CATEGORIES, Trace, frames_per_second, longest_gap, moving_spans
from playwright.sync_api import Browser, Page, Playwright, Response, expect, sync_playwright
from run import ROOT, add_rows, commit_name, processor

sys.path.append(str(ROOT / "tools"))
from live_page import SCREENS, Server, Watched, launch, serve, violations
from page_states import LEARN, NUMBERS, RUNS, STATES, is_playing, open_state, play, servers

RESULTS = ROOT / "benchmarks" / "results" / "page.csv"
COLUMNS = ["date", "commit", "processor", "browser", "work", "measure", "median", "worst", "unit", "runs", "asked",
           "aim", "detail"]  # fmt: skip
DESKTOP = SCREENS["desktop"]
PROBE = (ROOT / "benchmarks" / "probe.js").read_text(encoding="utf-8")


# Looks in each frame: when the page has shown its last result, and which shares of the way there it told before.
WATCH = """
const shares = new Set();
const told = { at: 0, shares: 0 };
window.told = told;
function look() {
  for (const bar of document.querySelectorAll("[role=progressbar]")) shares.add(bar.getAttribute("aria-valuenow"));
  told.shares = shares.size;
  if (IS_SHOWN) requestAnimationFrame(() => { told.at = performance.now(); });
  else requestAnimationFrame(look);
}
requestAnimationFrame(look);
"""
RUNS_SHOWN = """[...document.querySelectorAll("[role=status]")].some((one) => one.textContent === "40 runs have ended.")
  && document.querySelector("[aria-labelledby=runs-ends] canvas") !== null"""
NUMBERS_SHOWN = """document.querySelector("[role=progressbar]")?.getAttribute("aria-valuetext") === "done"
  && document.querySelector("[aria-labelledby=k-right] [role=slider]")?.getAttribute("aria-valuemax") === "100"
  && document.querySelector("[aria-labelledby=k-right] [role=slider] polyline") !== null"""


@dataclass(frozen=True)
class Bench:
    """What a work needs: the server, the means to start a browser, and how often to measure."""

    server: Server
    playwright: Playwright
    runs: int
    folder: Path


@dataclass(frozen=True)
class Measured:
    """The values of all runs of one measure, what is asked and aimed at, and in words how they came about."""

    measure: str
    values: list[float]
    unit: str
    asked: str = ""
    aim: str = ""
    detail: str = ""
    most: bool = False

    @property
    def median(self) -> float:
        """Return the median of the runs."""
        return statistics.median(self.values)

    @property
    def worst(self) -> float:
        """Return the worst run: the least where much is asked, else the most."""
        return min(self.values) if self.most else max(self.values)


@contextmanager
def browser(bench: Bench) -> Iterator[Browser]:
    """Start a browser, which nothing has warmed."""
    one = launch(bench.playwright)
    try:
        yield one
    finally:
        one.close()


@contextmanager
def traced(browser: Browser, page: Page, path: Path) -> Iterator[None]:
    """Write the browser's trace of what happens."""
    browser.start_tracing(page=page, path=path, categories=CATEGORIES)
    page.wait_for_timeout(300)  # the trace's own beginning is over
    try:
        yield
    finally:
        browser.stop_tracing()


def read_trace(path: Path) -> Trace:
    """Return a trace of the page that has the probe."""
    return Trace(json.loads(path.read_text(encoding="utf-8"))["traceEvents"], "bench: here")


def wait_for(page: Page, what: str) -> None:
    """Wait until a value of the probe is true; the page itself may evaluate no text (its content security policy)."""
    for _ in range(200):
        if page.evaluate(what):
            return
        page.wait_for_timeout(100)
    raise SystemExit(f"Nothing happened in 20 seconds: {what} is still false.")


def settle(page: Page) -> None:
    """Wait until what the first view still has to do is over."""
    wait_for(page, "bench.still")
    page.wait_for_timeout(1500)
    wait_for(page, "bench.still")


def open_learn(bench: Bench, one: Browser) -> Page:
    """Return Learn in a new tab, at rest, with the probe in it."""
    page = one.new_page(**DESKTOP)
    page.add_init_script(PROBE)
    page.goto(bench.server.at(LEARN))
    expect(play(page)).to_be_enabled(timeout=30_000)
    settle(page)
    return page


def measure_play(bench: Bench) -> list[Measured]:
    """Play 1,797 images to convergence: frames while something moves, and the longest task."""
    rates, counted, gaps, tasks, worked, seconds = [], [], [], [], [], []
    for run in range(bench.runs):
        path = bench.folder / f"play-{run}.json"
        with browser(bench) as one:
            page = open_learn(bench, one)
            with traced(one, page, path):
                page.evaluate("bench.begin()")
                play(page).click()
                wait_for(page, "bench.moved")
                is_playing(page, False, timeout=180_000)
                wait_for(page, "bench.still")
                page.wait_for_timeout(300)
        trace = read_trace(path)
        click = trace.click()
        spans = moving_spans(trace.marks("bench: moving"), trace.marks("bench: still"))
        spans = [(max(begin, click), end) for begin, end in spans if end > click]
        presented = [frame.presented for frame in trace.frames]
        rates.append(frames_per_second(presented, spans))
        counted.append(_called_per_second(trace, spans))
        gaps.append(longest_gap(presented, spans) / 1e3)
        during = [task for task in trace.tasks if click <= task.begin <= spans[-1][1]]
        tasks.append(max(task.lasted for task in during))
        worked.append(max(task.worked for task in during))
        seconds.append(sum(end - begin for begin, end in spans) / 1e6)
    moved = f"{statistics.median(seconds):.1f} s of motion"
    cross = f"{moved}; requestAnimationFrame called {statistics.median(counted):.1f} times a second"
    cpu = f"on the processor {max(worked):.1f} ms at most"
    return [
        Measured("playing 1,797 images, frames presented a second", rates, "/s", ">= 30", "60", cross, most=True),
        Measured("the same, longest time between two frames", gaps, "ms"),
        Measured("the same, longest task", tasks, "ms", "<= 50", "16", cpu),
    ]


def _called_per_second(trace: Trace, spans: list[tuple[float, float]]) -> float:
    """Return how often the page was called for a frame, per second of motion: beside the frames presented."""
    called = trace.marks("bench: frame")
    return frames_per_second(called, spans, delay=0)


def measure_click(bench: Bench) -> list[Measured]:
    """Click on Play: from the time of the input to the first presented frame in which the plane looks different."""
    times = []
    for run in range(bench.runs):
        path = bench.folder / f"click-{run}.json"
        with browser(bench) as one:
            page = open_learn(bench, one)
            place = play(page).bounding_box()
            assert place is not None
            with traced(one, page, path):
                page.evaluate("bench.watch()")
                page.wait_for_timeout(300)
                page.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
                wait_for(page, "bench.changed")
                page.wait_for_timeout(300)
        trace = read_trace(path)
        [changed] = trace.marks("bench: changed")
        times.append((trace.presented_after(changed) - trace.click()) / 1e3)
    return [Measured("click on Play to the first moving frame, 1,797 images, k = 10", times, "ms", "<= 300", "100")]


def open_until_shown(bench: Bench, place: str, is_shown: str) -> tuple[list[float], list[float]]:
    """Return the seconds from opening until all is shown, and how many shares of the way were told, of each run.

    Each run has a server of its own too, so that none knows the results.
    """
    seconds, shares = [], []
    for run in range(bench.runs):
        with serve(bench.folder / f"shown-{run}.txt") as server, browser(bench) as one:
            page = one.new_page(**DESKTOP)
            page.add_init_script(WATCH.replace("IS_SHOWN", is_shown))
            page.goto(server.at(place))
            for _ in range(1200):
                if page.evaluate("told.at"):
                    break
                page.wait_for_timeout(100)
            else:
                raise SystemExit(f"{place} did not show its last result in two minutes.")
            seconds.append(page.evaluate("told.at") / 1e3)
            shares.append(float(page.evaluate("told.shares")))
    return seconds, shares


def measure_runs(bench: Bench) -> list[Measured]:
    """Open Runs: 20 starts of each kind on 1,797 images, until the last and the centers of the best are shown."""
    seconds, _ = open_until_shown(bench, RUNS, RUNS_SHOWN)
    return [Measured("Runs, 20 + 20 starts on 1,797 images, opened until all is shown", seconds, "s", "<= 3", "1")]


def measure_numbers(bench: Bench) -> list[Measured]:
    """Open Choose k: as inkmeans clusters, up to 100 clusters of 1,797 images, until the last is shown."""
    seconds, shares = open_until_shown(bench, NUMBERS, NUMBERS_SHOWN)
    told = f"progress told {min(shares):.0f} times at least"
    return [
        Measured("Choose k up to 100 on 1,797 images, opened until all is shown", seconds, "s", "<= 30", "10", told),
        Measured("the same, shares of the way that were told", shares, "", ">= 5", "", "", most=True),
    ]


def measure_weight(bench: Bench) -> list[Measured]:
    """Open the first view and weigh what came: as it was sent, and as gzip -9 would make it."""
    with browser(bench) as one:
        page = one.new_page(**DESKTOP)
        answers: list[Response] = []
        page.on("response", lambda answer: answers.append(answer))
        page.goto(bench.server.address)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(1000)
        sent: dict[bool, int] = {True: 0, False: 0}
        packed: dict[bool, int] = {True: 0, False: 0}
        names = []
        for answer in answers:
            if not answer.ok:
                continue  # the redirection that takes the token out of the address
            path = urlsplit(answer.url).path
            is_font = path.endswith(".woff2")
            sent[is_font] += answer.request.sizes()["responseBodySize"]
            body = answer.body()
            packed[is_font] += len(body) if is_font else len(gzip.compress(body, 9))
            names.append(path)
    print("  " + " ".join(sorted(names)))
    pages = f"with gzip -9: {packed[False] / 1e3:.1f} kB"
    whole = f"with gzip -9: {sum(packed.values()) / 1e3:.1f} kB; {len(names)} answers"
    return [
        Measured("first view as sent, without fonts", [sent[False] / 1e3], "kB", "<= 120", "80", pages),
        Measured("first view as sent, with fonts", [sum(sent.values()) / 1e3], "kB", "<= 240", "160", whole),
    ]


def measure_faults(bench: Bench) -> list[Measured]:
    """Look at each view and state on three screens in both themes: what axe finds, the console, requests elsewhere.

    A projector shows the class, so that is looked at on the widest screen too.
    """
    found: list[str] = []
    complaints: list[str] = []
    elsewhere: list[str] = []
    looks = 0
    with servers(bench.folder) as server_of, browser(bench) as one:
        for screen in SCREENS:
            for state in STATES:
                if screen not in state.screens or (screen == "wide" and not state.room):
                    continue
                server = server_of(state)
                context = one.new_context(**SCREENS[screen], reduced_motion="reduce")
                page = context.new_page()
                watched = Watched()
                watched.watch(page)
                open_state(page, server, state)
                for scheme in ("light", "dark"):
                    page.emulate_media(color_scheme=scheme)
                    where = f"{state.name}, {screen}, {scheme}"
                    found += [f"{where}: {line}" for line in violations(page)]
                    looks += 1
                complaints += [f"{state.name}, {screen}: {line}" for line in watched.complaints if not state.is_away]
                elsewhere += [f"{state.name}, {screen}: {line}" for line in watched.elsewhere(*server.bases)]
                context.close()
    for line in [*found, *complaints, *elsewhere]:
        print("  " + line)
    detail = f"{len(STATES)} states at 390, 768 and 1280 px, the class at 1920 px too, light and dark: {looks} looks"
    return [
        Measured("axe violations", [len(found)], "", "0", "0", detail),
        Measured("errors and warnings in the console", [len(complaints)], "", "0", "0", "the same"),
        Measured("requests elsewhere", [len(elsewhere)], "", "0", "0", "the same"),
    ]


WORKS: dict[str, Callable[[Bench], list[Measured]]] = {
    "play": measure_play,
    "click": measure_click,
    "runs": measure_runs,
    "numbers": measure_numbers,
    "weight": measure_weight,
    "faults": measure_faults,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("works", nargs="*", metavar="WORK", help=f"of {', '.join(WORKS)}; all where none is named")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    unknown = [name for name in arguments.works if name not in WORKS]
    if unknown:
        print(f"There is no work '{unknown[0]}'; choose from {', '.join(WORKS)}.", file=sys.stderr)
        return 2
    commit = commit_name()
    with tempfile.TemporaryDirectory(prefix="inkmeans-bench-") as name, sync_playwright() as playwright:
        folder = Path(name)
        with serve(folder / "log.txt") as server:
            bench = Bench(server, playwright, arguments.runs, folder)
            with browser(bench) as one:
                version = f"Chromium {one.version}"
            for work, measure in WORKS.items():
                if arguments.works and work not in arguments.works:
                    continue
                for measured in measure(bench):
                    show(work, measured)
                    append(work, measured, commit, version)
    return 0


def show(work: str, one: Measured) -> None:
    """Print one measure, asked beside reached."""
    worst = f"worst {one.worst:.1f}" if len(one.values) > 1 else ""
    asked = f"asked {one.asked or '-'}, aim {one.aim or '-'}"
    print(f"{work:7} {one.measure:64} {one.median:8.1f} {one.unit:3} {worst:13} {asked:24} {one.detail}", flush=True)


def append(work: str, one: Measured, commit: str, version: str) -> None:
    """Add one measure's row to the results file."""
    what = [work, one.measure, f"{one.median:.1f}", f"{one.worst:.1f}", one.unit, len(one.values), one.asked, one.aim]
    add_rows(RESULTS, COLUMNS, [[date.today().isoformat(), commit, processor(), version, *what, one.detail]])


if __name__ == "__main__":
    sys.exit(main())
