"""What a check answers, and the frame round every check: no input ends in a traceback."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

Body = Callable[..., str]
"""A check: takes what a learner gives, returns what it says of a right answer, and raises NotYet for any other."""


class NotYet(Exception):  # noqa: N818 (a hint is no error)
    """The answer is not right; the message is the hint, one or two sentences."""


@dataclass(frozen=True)
class CheckResult:
    """The answer of a check.

    Attributes
    ----------
    task : int
        The number of the task in the lab.
    is_right : bool
    says : str
        What a right answer shows, or the hint for one that is not right.
    """

    task: int
    is_right: bool
    says: str

    def __bool__(self) -> bool:
        return self.is_right

    def __repr__(self) -> str:
        return f"{self._verdict} {self.says}"

    def _repr_html_(self) -> str:
        """Return what a notebook shows."""
        return f"<b>{self._verdict}</b> {escape(self.says)}"

    @property
    def _verdict(self) -> str:
        return "Right." if self.is_right else "Not yet:"


_titles: dict[int, str] = {}
_latest: dict[int, CheckResult] = {}  # of this process: a notebook's kernel is one learner


def task(number: int, title: str) -> Callable[[Body], Callable[..., CheckResult]]:
    """Return the decorator that makes a check of a function; `number` and `title` are the task's in the lab."""
    _titles[number] = title

    def decorate(body: Body) -> Callable[..., CheckResult]:
        @functools.wraps(body)
        def check(*args: Any, **kwargs: Any) -> CheckResult:
            result = _answer(number, body, args, kwargs)
            _latest[number] = result
            return result

        return check

    return decorate


def _answer(number: int, body: Body, args: tuple[Any, ...], kwargs: dict[str, Any]) -> CheckResult:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # a learner's division by zero is told by its result
        try:
            return CheckResult(number, True, body(*args, **kwargs))
        except NotYet as hint:
            return CheckResult(number, False, str(hint))
        except Exception as error:  # a learner's value may fail in any way
            return CheckResult(
                number,
                False,
                f"the check cannot use what it was given ({type(error).__name__}: {_short(error)}); "
                "give it the values that the task asks for.",
            )


def _short(error: Exception) -> str:
    try:
        text = " ".join(str(error).split())
    except Exception:  # even str() is a learner's
        return "no message"
    return text if len(text) <= 160 else text[:157] + "..."


def overview() -> None:
    """Print which of the lab's tasks are right, which are not yet, and which were not checked."""
    for number, title in sorted(_titles.items()):
        result = _latest.get(number)
        state = "" if result is None else "right" if result.is_right else "not yet"
        print(f"{number:2d}  {state:9s}{title}")
    n_right = sum(result.is_right for result in _latest.values())
    print(f"\n{n_right} of {len(_titles)} tasks are right.")
