"""What Chromium's trace says of frames, tasks and clicks.

The trace's events are those of the trace event format: times in microseconds. Three kinds count here:

- ``PipelineReporter``: the life of one frame, from the beginning to the presentation. STATE_PRESENTED_ALL is a frame
  that shows all that was due: what the page's own thread has painted for it, and the animations that the compositor
  runs. STATE_PRESENTED_PARTIAL is one without the page's part; it counts where the compositor runs an animation.
- ``RunTask`` of the thread CrRendererMain: a task of the page's own thread.
- ``EventTiming`` and ``AnimationFrame``: when a click was made, and the frame in which a script ran.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

Event = dict[str, Any]
Span = tuple[float, float]

CATEGORIES = [
    "blink.user_timing",
    "devtools.timeline",
    "disabled-by-default-devtools.timeline",
    "disabled-by-default-devtools.timeline.frame",
]


@dataclass(frozen=True)
class Frame:
    """A frame in which something was new: its number, and when it was presented (microseconds)."""

    number: int
    presented: float


@dataclass(frozen=True)
class Task:
    """A task of the page's own thread: when it began, how long it lasted, and how long it had a processor (ms)."""

    begin: float
    lasted: float
    worked: float


class Trace:
    """The events of one page's renderer, in order.

    Parameters
    ----------
    events : list of dict
        ``traceEvents`` of the trace.
    mark : str
        A mark (`performance.mark`) that only the page in question set: other renderers are left out.
    """

    def __init__(self, events: Iterable[Event], mark: str) -> None:
        events = list(events)
        pids = {event["pid"] for event in events if event["name"] == mark}
        if len(pids) != 1:
            raise ValueError(f"The mark '{mark}' must be of one renderer; {len(pids)} have set it.")
        pid = pids.pop()
        threads = {
            event["tid"]
            for event in events
            if event["name"] == "thread_name" and event["pid"] == pid and event["args"]["name"] == "CrRendererMain"
        }
        self._events = sorted((event for event in events if event["pid"] == pid), key=lambda event: event["ts"])
        self.frames = _frames(self._events)
        self.tasks = [
            Task(event["ts"], event["dur"] / 1e3, event.get("tdur", 0) / 1e3)
            for event in self._events
            if event["name"] == "RunTask" and event["tid"] in threads and "dur" in event
        ]

    def marks(self, name: str) -> list[float]:
        """Return when marks of this name were set."""
        return [event["ts"] for event in self._events if event["name"] == name and "blink.user_timing" in event["cat"]]

    def click(self) -> float:
        """Return when the last click was made: the time of the input itself, not of its handling."""
        times = [
            event["ts"]
            for event in self._events
            if event["name"] == "EventTiming" and event["args"].get("data", {}).get("type") == "click"
        ]
        if not times:
            raise ValueError("The trace holds no click.")
        return times[-1]

    def presented_after(self, script: float) -> float:
        """Return when what a script painted at this time was presented first."""
        begins = [
            (event["ts"], event["args"]["animation_frame_timing_info"]["begin_frame_id"]["sequence_number"])
            for event in self._events
            if event["name"] == "AnimationFrame" and event["ph"] == "b"
        ]
        at = bisect_right(begins, (script, float("inf"))) - 1
        if at < 0:
            raise ValueError("No frame had begun when the script ran.")
        return min(frame.presented for frame in self.frames if frame.number >= begins[at][1])


def _frames(events: Sequence[Event]) -> list[Frame]:
    """Return the presented frames, each once; reporters of one local id follow each other."""
    begun: dict[str, list[Event]] = defaultdict(list)
    found: dict[float, Frame] = {}
    for event in events:
        if event["name"] != "PipelineReporter":
            continue
        if event["ph"] == "b":
            begun[event["id2"]["local"]].append(event)
        elif event["ph"] == "e" and begun[event["id2"]["local"]]:
            reporter = begun[event["id2"]["local"]].pop(0)["args"]["frame_reporter"]
            is_whole = reporter["state"] == "STATE_PRESENTED_ALL"
            if is_whole or (reporter["state"] == "STATE_PRESENTED_PARTIAL" and reporter["has_compositor_animation"]):
                found[event["ts"]] = Frame(int(reporter["frame_sequence"]), event["ts"])
    return sorted(found.values(), key=lambda frame: frame.presented)


def moving_spans(begun: Sequence[float], ended: Sequence[float]) -> list[Span]:
    """Return the spans of time between each beginning and the end that follows it."""
    spans: list[Span] = []
    for begin in begun:
        at = bisect_left(ended, begin)
        if at < len(ended) and (not spans or begin >= spans[-1][1]):
            spans.append((begin, ended[at]))
    return spans


def frames_per_second(presented: Sequence[float], spans: Sequence[Span], delay: float = 50_000) -> float:
    """Return the frames presented per second in spans in which something moves.

    A frame is presented a little after the page has painted it: a span's frames are those up to `delay` microseconds
    after its end, and its time begins with the first of them, at the latest `delay` after its beginning.
    """
    frames, time = 0, 0.0
    for begin, end in spans:
        shown = [at for at in presented if begin < at <= end + delay]
        first = min(shown[0], begin + delay) if shown else begin
        frames += max(len(shown) - 1, 0)
        time += max(shown[-1] if shown else end, end) - first
    return frames / time * 1e6 if time else 0.0


def longest_gap(presented: Sequence[float], spans: Sequence[Span], delay: float = 50_000) -> float:
    """Return the longest time between two frames of the same span (microseconds)."""
    gaps = [0.0]
    for begin, end in spans:
        shown = [at for at in presented if begin < at <= end + delay]
        gaps += [after - before for before, after in pairwise(shown)]
    return max(gaps)
