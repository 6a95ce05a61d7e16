"""The exit codes."""

from __future__ import annotations

from enum import IntEnum


class Status(IntEnum):
    """The exit codes, and for each what it means (for the reference)."""

    meaning: str

    def __new__(cls, number: int, meaning: str) -> Status:
        """Return the code, with its meaning beside it."""
        status = int.__new__(cls, number)
        status._value_ = number
        status.meaning = meaning
        return status

    DONE = 0, "done"
    FAILED = 1, "failed; one sentence on stderr says why"
    USAGE = 2, "the command line was not understood"
    UNREADABLE = 3, "one or more inputs could not be read; what could be read was"
    UNSURE = 4, "with --strict: something was rejected, or there was nothing to read"
    INTERRUPTED = 130, "interrupted by Ctrl-C; what was saved stays saved"
