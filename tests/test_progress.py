"""What is told of a computation while it goes on."""

import pytest

from inkmeans.progress import Stages


def test_the_share_is_by_the_seconds_of_the_stages() -> None:
    told: list[tuple[str, float]] = []
    stages = Stages(lambda what, share: told.append((what, share)), {"one": 1.0, "two": 3.0})
    stages.reach("one")
    stages.reach("two")
    stages.reach("two", 0.5)
    stages.reach("two", 7.0)
    assert told == [("one", 0.0), ("two", 0.25), ("two", pytest.approx(0.625)), ("two", 1.0)]


def test_nobody_need_be_told() -> None:
    Stages(None, {"one": 1.0}).reach("one")
