"""Commands whose help leads with examples."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

import click

Example = tuple[str, str]
"""A command line, and what it does."""

_LEAST_COLUMN = 26  # characters: a narrower one breaks words


class _ExamplesFirst(click.Command):
    """Help in the order that people read it: what it does, how it is used, and then every option."""

    def __init__(self, *args: Any, examples: Sequence[Example] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = tuple(examples)

    @property
    def paragraphs(self) -> list[str]:
        """The help text, one string a paragraph, without line breaks."""
        return [" ".join(text.split()) for text in (self.help or "").split("\n\n")]

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the whole help."""
        summary, *details = self.paragraphs
        formatter.write_text(summary)
        if self.examples:
            with formatter.section("Examples"):
                self._write_examples(formatter)
        formatter.write_paragraph()
        self.format_usage(ctx, formatter)
        for paragraph in details:
            formatter.write_paragraph()
            formatter.write_text(paragraph)
        self.format_options(ctx, formatter)
        self.format_epilog(ctx, formatter)

    def _write_examples(self, formatter: click.HelpFormatter) -> None:
        """Write each example and what it does in two columns, or in two lines where the second would be too narrow."""
        widest = max(len(line) for line, _ in self.examples)
        if formatter.current_indent + widest + 2 + _LEAST_COLUMN <= formatter.width:
            formatter.write_dl(self.examples, col_max=widest)
            return
        for line, about in self.examples:
            formatter.write(f"{'':{formatter.current_indent}}{line}\n")
            with formatter.indentation():
                formatter.write_text(about)


class Command(_ExamplesFirst):
    """One command."""


class Group(_ExamplesFirst, click.Group):
    """A command with subcommands; the error for an unknown one suggests the nearest."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the first argument names, its name, and the other arguments."""
        known = self.list_commands(ctx)
        if args[0] not in known and not args[0].startswith("-") and not ctx.resilient_parsing:
            near = get_close_matches(args[0], known, n=1)
            meant = f" Did you mean '{near[0]}'?" if near else ""
            raise click.UsageError(f"There is no command '{args[0]}'.{meant}", ctx)
        return super().resolve_command(ctx, args)
