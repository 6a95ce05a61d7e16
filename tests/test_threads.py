"""How n_jobs becomes a number of threads."""

import os
import re
from typing import Any

import pytest

from inkmeans.errors import InputError
from inkmeans.threads import n_threads


@pytest.fixture
def four_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1, 2, 3}, raising=False)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)


@pytest.mark.usefixtures("four_processors")
@pytest.mark.parametrize(
    ("n_jobs", "expected"), [(None, 4), (1, 1), (3, 3), (8, 8), (-1, 4), (-2, 3), (-4, 1), (-9, 1)]
)
def test_n_jobs_counts_as_in_joblib(n_jobs: int | None, expected: int) -> None:
    assert n_threads(n_jobs) == expected


@pytest.mark.usefixtures("four_processors")
@pytest.mark.parametrize(
    ("wanted", "expected"),
    [("1", 1), ("3", 3), (" 2 ", 2), ("2,4", 2), ("16", 16), ("1000", 16), ("0", 4), ("-1", 4), ("many", 4), ("", 4)],
)
def test_omp_num_threads_is_the_default(monkeypatch: pytest.MonkeyPatch, wanted: str, expected: int) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", wanted)
    assert n_threads() == expected
    assert n_threads(2) == 2


@pytest.mark.usefixtures("four_processors")
def test_without_affinity_the_processors_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 6)
    assert n_threads() == 6
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert n_threads() == 1


@pytest.mark.parametrize("n_jobs", [0, 1.5, "2", True, False, [1]])
def test_what_is_no_number_of_jobs_gets_one_sentence(n_jobs: Any) -> None:
    message = f"n_jobs must be a whole number other than 0, or None for all processors; got {n_jobs!r}."
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        n_threads(n_jobs)
