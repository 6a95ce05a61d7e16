"""The steps of a project and their linear history: what was done, what was undone, what a redo would bring back.

Steps are only ever appended. Undo is itself a step ("undo", with the number of the step that it takes back), and so is
redo; where a project stands is found by replaying them all:

    cluster 1 · name 2 · name 3 · undo 3 · undo 2 · redo 2 · name 7     done: 1 2 7     closed: 3

An ordinary step after an undo closes the branch that a redo would have gone: step 3 stays in the file for good, but no
redo leads to it any more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from inkmeans.errors import ProjectError
from inkmeans.names import is_name
from inkmeans.naming._checksum import checksum


@dataclass(frozen=True)
class Step:
    """One thing that was done to a project.

    Attributes
    ----------
    number : int
        Counts from 1; undo and redo have numbers too, so a history may skip some.
    kind : str
        "cluster", "name" or "propagate".
    detail : dict
        What was done, as JSON: ``{"names": {"3": "7"}}`` for a name (null where one was taken away);
        ``n_clusters`` for a clustering, and ``random_state`` unless the clusters were found elsewhere; ``truths`` by
        glyph, ``least_confidence`` and ``n_named`` (how many glyphs got a name) for names that were propagated.
    at : str
        When, as UTC in ISO 8601.
    status : str
        "done"; "undone", which `Project.redo` brings back; or "closed": undone, and then another step was made, after
        which no redo leads to it.
    """

    number: int
    kind: str
    detail: dict[str, Any]
    at: str
    status: str = "done"

    def __str__(self) -> str:
        if self.kind == "cluster":
            return f"{self.detail['n_clusters']} clusters"
        if self.kind == "propagate":
            return f"names propagated to {self.detail['n_named']} glyphs"
        names: dict[str, str | None] = self.detail["names"]
        if len(names) > 3:
            return f"names for {len(names)} clusters"
        return ", ".join(
            f"cluster {number} " + (f"named {name}" if name else "unnamed") for number, name in names.items()
        )


@dataclass(frozen=True)
class Record:
    """One row of the table of steps as it is in the file; `crc32` covers all but the arrays (zlib checks those)."""

    number: int
    kind: str
    detail: str
    at: str
    crc32: int

    @classmethod
    def of(cls, number: int, kind: str, detail: dict[str, Any], at: str) -> Record:
        """Return the row for a new step."""
        text = json.dumps(detail, ensure_ascii=False, separators=(",", ":"))
        return cls(number, kind, text, at, checksum(number, kind, text, at))


def now() -> str:
    """Return the time as it stands in the file: UTC, ISO 8601, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class History:
    """The steps of one project, replayed in order; `where` names its file in errors."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._closed: list[Step] = []
        self.last_number = 0
        self.done: list[Step] = []
        self.undone: list[Step] = []  # the next to be redone stands last

    def replay(self, records: Iterable[Record]) -> None:
        """Replay the rows that follow the last one replayed.

        Raises
        ------
        ProjectError
            A row is missing, changed or cannot follow from those before.
        """
        for record in records:
            self._apply(self._checked(record))

    def steps(self) -> list[Step]:
        """Return the ordinary steps in the order in which they were made, each with its status."""
        undone = [replace(step, status="undone") for step in self.undone]
        return sorted([*self.done, *undone, *self._closed], key=lambda step: step.number)

    def _checked(self, record: Record) -> Step:
        number = self.last_number + 1
        if record.number != number:
            raise self._damaged(number, f"is missing (the next is {record.number})")
        if record.crc32 != checksum(record.number, record.kind, record.detail, record.at):
            raise self._damaged(number, "fails its checksum")
        kind = _WAS.get(record.kind, record.kind)
        if kind not in _DETAIL:
            raise ProjectError(
                f"{self._where}: step {number} is of kind {str(record.kind)[:20]!r}, which this version of inkmeans"
                " does not know; a newer one wrote it, so upgrade: pip install -U inkmeans"
            )
        try:
            detail = json.loads(record.detail)
        except (TypeError, ValueError, RecursionError):
            detail = None
        if not (isinstance(detail, dict) and _DETAIL[kind](detail)):
            raise self._damaged(number, f"does not hold what a step of kind '{kind}' must")
        return Step(record.number, kind, detail, str(record.at))

    def _apply(self, step: Step) -> None:
        if step.kind == "undo":
            self._mark(step, self.done, self.undone)
        elif step.kind == "redo":
            self._mark(step, self.undone, self.done)
        else:
            self._closed += [replace(each, status="closed") for each in self.undone]
            self.undone.clear()
            self.done.append(step)
        self.last_number = step.number

    def _mark(self, marker: Step, source: list[Step], target: list[Step]) -> None:
        number = marker.detail["step"]
        if not source or source[-1].number != number:
            raise self._damaged(marker.number, f"is the {marker.kind} of step {number}, which was not its turn")
        target.append(source.pop())

    def _damaged(self, number: int, what: str) -> ProjectError:
        return ProjectError(f"{self._where} is damaged: step {number} {what}; restore the file from a copy.")


def _has_clusters(detail: dict[str, Any]) -> bool:
    return type(detail.get("n_clusters")) is int and detail["n_clusters"] >= 1


def _has_names(detail: dict[str, Any]) -> bool:
    names = detail.get("names")
    return isinstance(names, dict) and all(
        _is_number(number) and (name is None or is_name(name)) for number, name in names.items()
    )


def _has_propagation(detail: dict[str, Any]) -> bool:
    truths, names = detail.get("truths"), detail.get("names")
    return (
        isinstance(truths, dict)
        and all(_is_number(number) and is_name(name) for number, name in truths.items())
        and isinstance(names, list)
        and all(is_name(name) for name in names)
        and type(detail.get("n_named")) is int
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


def _has_step(detail: dict[str, Any]) -> bool:
    return type(detail.get("step")) is int


_DETAIL = {
    "cluster": _has_clusters,
    "name": _has_names,
    "propagate": _has_propagation,
    "undo": _has_step,
    "redo": _has_step,
}

_WAS = {"spread": "propagate"}
"""Kinds of steps as earlier versions wrote them."""
