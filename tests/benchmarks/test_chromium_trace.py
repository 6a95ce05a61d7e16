"""What the benchmark of the page takes from a browser's trace: frames, tasks, clicks."""

import pytest
from chromium_trace import Trace, frames_per_second, longest_gap, moving_spans

PAGE, OTHER = 7, 8


def event(name, ts, *, ph="X", pid=PAGE, tid=1, cat="", args=None, **more):
    return {"name": name, "ts": ts, "ph": ph, "pid": pid, "tid": tid, "cat": cat, "args": args or {}} | more


def reporter(number, begin, end, state="STATE_PRESENTED_ALL", local="0x1", *, animated=False):
    about = {"frame_sequence": number, "state": state, "has_compositor_animation": animated}
    args = {"frame_reporter": about}
    more = {"id2": {"local": local}}
    return [
        event("PipelineReporter", begin, ph="b", args=args, **more),
        event("PipelineReporter", end, ph="e", **more),
    ]


def animation_frame(number, begin):
    return event(
        "AnimationFrame",
        begin,
        ph="b",
        args={"animation_frame_timing_info": {"begin_frame_id": {"sequence_number": number}}},
    )


def trace(*events):
    here = event("bench: here", 0, cat="blink.user_timing")
    name = event("thread_name", 0, args={"name": "CrRendererMain"})
    return Trace([here, name, *events], "bench: here")


def test_a_frame_counts_once_and_only_where_something_is_new():
    found = trace(
        *reporter(2, 20_000, 40_000),
        *reporter(1, 10_000, 30_000),  # the same reporter again, and not in order
        *reporter(2, 20_000, 40_000, local="0x2"),
        *reporter(3, 30_000, 50_000, "STATE_PRESENTED_PARTIAL", local="0x3"),
        *reporter(4, 40_000, 60_000, "STATE_DROPPED", local="0x4", animated=True),
        *reporter(5, 50_000, 70_000, "STATE_PRESENTED_PARTIAL", local="0x5", animated=True),
    )
    assert [(frame.number, frame.presented) for frame in found.frames] == [(1, 30_000), (2, 40_000), (5, 70_000)]


def test_other_pages_and_other_threads_are_left_out():
    found = trace(
        event("RunTask", 1_000, dur=5_000, tdur=4_000),
        event("RunTask", 2_000, dur=90_000, tid=2),
        event("RunTask", 3_000, dur=90_000, pid=OTHER),
        event("RunTask", 9_000, dur=7_000, tdur=1_000),
    )
    assert [(task.begin, task.lasted, task.worked) for task in found.tasks] == [(1_000, 5, 4), (9_000, 7, 1)]
    with pytest.raises(ValueError, match="must be of one renderer; 0 have set it"):
        Trace([], "bench: here")


def test_a_click_lasts_until_what_its_script_painted_is_presented():
    found = trace(
        event("EventTiming", 1_000, ph="b", args={"data": {"type": "pointerup"}}),
        event("EventTiming", 2_000, ph="b", args={"data": {"type": "click"}}),
        animation_frame(5, 8_000),
        animation_frame(6, 24_000),
        animation_frame(7, 40_000),
        event("bench: changed", 25_000, ph="I", cat="blink.user_timing"),
        *reporter(5, 8_000, 30_000),
        *reporter(6, 24_000, 45_000, "STATE_DROPPED", local="0x2"),
        *reporter(7, 40_000, 62_000, local="0x3"),
    )
    assert found.click() == 2_000
    assert found.presented_after(9_000) == 30_000
    [changed] = found.marks("bench: changed")
    assert found.presented_after(changed) == 62_000  # frame 5 had begun before, frame 6 was not shown


def test_a_span_goes_from_a_beginning_to_its_end():
    assert moving_spans([10, 50, 90], [30, 70]) == [(10, 30), (50, 70)]
    assert moving_spans([10, 20], [30]) == [(10, 30)]


def test_frames_a_second_count_motion_and_not_rest():
    even = [1_000_000 + 20_000 * i for i in range(11)]
    later = [3_000_000 + 20_000 * i for i in range(11)]
    spans = [(990_000, 1_195_000), (2_990_000, 3_195_000)]
    assert frames_per_second([*even, *later], spans) == pytest.approx(50)
    assert longest_gap([*even, *later], spans) == 20_000
    assert frames_per_second(even[:6], spans[:1]) == pytest.approx(5 / 0.195)  # it stood still at the end
    assert frames_per_second(even[5:], spans[:1]) == pytest.approx(5 / 0.16)  # and at the beginning
    assert frames_per_second([], spans) == 0
