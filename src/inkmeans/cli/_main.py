"""The entry point: finds the command, loads only that one, and turns every failure into a sentence and an exit code."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from inkmeans import __version__
from inkmeans.cli._help import Group
from inkmeans.cli._messages import tell, tell_error
from inkmeans.cli._status import Status
from inkmeans.errors import InkmeansError

COMMANDS = {
    "read": ("inkmeans.cli._read:read_command", "Read the text on pictures."),
    "serve": ("inkmeans.cli._serve:serve_command", "Open the page: draw digits, see them read, watch k-means."),
    "demo": ("inkmeans.cli._demo:demo_command", "Run every step on data inside the package."),
    "choose-k": ("inkmeans.cli._choose_k:choose_k_command", "Show what naming more clusters would bring."),
    "cluster": ("inkmeans.cli._cluster:cluster_command", "Group images of handwriting into clusters."),
    "name": ("inkmeans.cli._name:name_command", "Give the clusters of a project their names."),
    "train": ("inkmeans.cli._train:train_command", "Train a reader from named clusters, or from images with truths."),
    "evaluate": ("inkmeans.cli._evaluate:evaluate_command", "Measure how well a reader reads, or a project clusters."),
    "report": ("inkmeans.cli._report:report_command", "Write a project as one self-contained HTML page."),
    "export": ("inkmeans.cli._export:export_command", "Write a view of the page as one file that needs no server."),
    "lab": ("inkmeans.cli._lab:lab_command", "Write the lab of a class: sheet, notebook and drawings."),
    "datasets": ("inkmeans.cli._datasets:datasets_command", "List and fetch public data sets."),
    "info": ("inkmeans.cli._info:info_command", "Show what is installed and what is in use."),
}
"""Where each command is, and its line in the list: so the list is shown without loading any."""


class MainGroup(Group):
    """The command ``inkmeans``; each command's file loads when that command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of their use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, loaded now."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands, without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a broken pipe (the reader of its output has closed it) ends it without an error."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise click.exceptions.Exit(Status.DONE) from None

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command line and leave with its exit code."""

        def run() -> Any:
            return super(MainGroup, self).main(
                args,
                prog_name or self.name,
                complete_var,
                standalone_mode=False,
                windows_expand_args=windows_expand_args,
                **extra,
            )

        if not standalone_mode:
            return run()
        _replace_closed_streams()
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(AttributeError, OSError):  # a character that cannot be shown is no failure
                stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
        try:
            status = run()
            _flush()
        except Exception as error:
            status = _answer(error)
        except KeyboardInterrupt:
            status = _stopped()
        with contextlib.suppress(KeyboardInterrupt):
            _close_stdout()
        sys.exit(int(status or Status.DONE))


def _replace_closed_streams() -> None:
    """Open the null device for each standard stream that the shell has closed (``<&-``, ``>&-``)."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 (stays open)


def _answer(error: Exception) -> Status:
    """Tell what failed, in one sentence, and return the exit code for it."""
    if isinstance(error, click.Abort):
        return _stopped()
    if isinstance(error, OSError) and error.errno == errno.EPIPE:
        return Status.DONE  # the reader of our output has closed it
    if os.environ.get("INKMEANS_DEBUG"):
        import traceback

        traceback.print_exception(error)
    if isinstance(error, click.UsageError):
        tell_error(error.format_message())
        if error.ctx is not None:
            tell(f"Help: {error.ctx.command_path} --help")
        return Status.USAGE
    tell_error(_sentence(error))
    return Status.FAILED


def _sentence(error: Exception) -> str:
    if isinstance(error, click.ClickException):
        return error.format_message()
    if isinstance(error, InkmeansError):
        return str(error)
    if isinstance(error, OSError):
        reason = error.strerror or str(error) or type(error).__name__
        return f"{error.filename}: {reason}." if error.filename is not None else f"{reason}."
    if isinstance(error, MemoryError):
        return "There is not enough memory for this; try fewer or smaller images."
    return (
        f"Something unexpected went wrong ({type(error).__name__}: {error}); to see where, run it again with "
        "INKMEANS_DEBUG=1 set, and report it."
    )


def _stopped() -> Status:
    tell("Stopped.")
    return Status.INTERRUPTED


def _flush() -> None:
    if sys.stdout is not None:
        sys.stdout.flush()


def _close_stdout() -> None:
    """Flush stdout; where that fails, point it at the null device, so that Python's own flush at exit cannot fail."""
    try:
        _flush()
    except OSError:
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(
    "inkmeans",
    cls=MainGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    examples=(
        ("inkmeans read cheque.png", "print what is written on it"),
        ("inkmeans serve", "open the page: draw digits and see them read"),
        ("inkmeans demo", "every step on data inside the package"),
        ("inkmeans cluster scans/ -k 50 -o logs.ink", "teach it your own handwriting: group it,"),
        ("inkmeans name logs.ink", "give the clusters their names,"),
        ("inkmeans train logs.ink -o logs.safetensors", "train a reader,"),
        ("inkmeans read -m logs.safetensors page.png", "and read with it"),
    ),
)
@click.version_option(__version__, message="inkmeans %(version)s")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Read handwriting by k-means clustering.

    Results go to stdout, everything else to stderr; "-" is standard input. Exit codes: 0 done, 1 failed, 2 usage, 3
    some inputs could not be read, 4 unsure (with --strict), 130 interrupted.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
