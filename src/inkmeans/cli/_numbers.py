"""Numbers on the command line, refused in words that say what they must be."""

from __future__ import annotations

from typing import Any

import click


class WholeNumber(click.IntRange):
    """A whole number, at least `min`, and at most `max` where there is one."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            bounds = f"at least {self.min}" if self.max is None else f"from {self.min} to {self.max}"
            self.fail(f"it must be a whole number, {bounds}; got {str(value)!r}.", param, ctx)


class Probability(click.FloatRange):
    """A number from 0 to 1."""

    def __init__(self) -> None:
        super().__init__(0, 1)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"it must be a number from 0 to 1; got {str(value)!r}.", param, ctx)
