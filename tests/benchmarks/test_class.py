"""A small class, as the benchmark has it: real phones' requests, a flood beside them, and nothing is lost."""

from pathlib import Path

import pytest
from bench_class import Outcome, Seen, judge, measure, rows

from inkmeans.web import find_static


@pytest.mark.slow  # a server as a process of its own, phones and a flood for some seconds
@pytest.mark.skipif(find_static() is None, reason="this build has no page")
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the benchmark reads /proc")
def test_of_a_class_beside_a_flood_nothing_is_lost(tmp_path: Path) -> None:
    outcome = measure(tmp_path, 4, 60, 4, has_browser=False)
    assert (outcome.lost, outcome.doubled, outcome.faults) == (0, 0, [])
    assert outcome.n_drawings >= 8
    assert outcome.as_they_come and outcome.nodded
    assert outcome.flood["drawing with one cookie"]["429"] > 0
    assert outcome.flood["drawing as a new phone each time"]["429"] > 0
    assert set(outcome.flood["guessing the code"]) <= {"404", "429", "0"}
    assert {row[0] for row in rows(outcome, 4)} >= {"drawings lost", "nodded to shown, 95th percentile"}


def told(phone: int, at: float, tries: int = 1) -> dict[str, float]:
    return {"phone": phone, "sent": at, "taken": at + 0.1, "tries": tries, "status": 201}


def test_what_nobody_saw_is_lost_and_what_came_twice_is_doubled() -> None:
    drawings = [{"id": number, "phone": phone} for number, phone in ((1, 1), (2, 2), (3, 9), (4, 1), (5, 2), (6, 2))]
    sent = [told(1, 10), told(2, 11), told(1, 12, tries=3), told(1, 13), told(2, 14)]
    seen = Seen(nodded={4: 12.5}, shown={1: 10.5, 2: 11.25, 3: 11.5, 4: 13.5})

    def judged(counts: dict[int, float]) -> Outcome:
        return judge(sent, drawings, seen, counts, 2, {}, 0, [])

    outcome = judged({})
    assert (outcome.lost, outcome.doubled, outcome.retried, outcome.flooded) == (2, 1, 1, 1)
    assert (outcome.as_they_come, outcome.nodded) == ([0.5, 0.25], [1.0])
    on_the_page = judged({1: 11.0, 3: 12.0, 4: 14.0})  # the second and third came at once
    assert (on_the_page.as_they_come, on_the_page.nodded) == ([1.0, 1.0], [1.5])
