"""Write the reference of the command line, docs/cli.md, from the commands themselves.

python tools/cli_reference.py
"""

from __future__ import annotations

from pathlib import Path

import click

from inkmeans.cli import main
from inkmeans.cli._help import Command, Group
from inkmeans.cli._status import Status

PATH = Path(__file__).parents[1] / "docs" / "cli.md"
_HEAD = """# Command line

<!-- Made by tools/cli_reference.py from the commands; change their help, not this page. -->

Results go to standard output; progress, notes and errors go to standard error, each error in one sentence. `-` is
standard input. A file that is there is replaced only with `--force`, an input never. A bar with the time left shows on
a terminal when something takes longer than a second.
"""
_ENVIRONMENT = (
    ("INKMEANS_ISA", "the instruction set of the native core, one of those that `inkmeans info` lists"),
    ("OMP_NUM_THREADS", "how many threads are used"),
    ("INKMEANS_CACHE", "the folder where fetched data sets are kept"),
    ("INKMEANS_DEBUG", "1: show where in the code something failed"),
    ("NO_COLOR", "no colors, whatever the terminal can show"),
)
_GLYPH = "`text`, `confidence`, `box`, `alternatives`"
_MEASURED = "`names`, `counts` (a row for each truth), `rejected`, `total`, `accuracy`, `error_rate`, `rejected_rate`"
_DOCUMENTS = (
    (
        "read",
        "readings",
        "`model`, `readings` (each `source`, `text`, `confidence`, `rejected`, `box`, `alternatives` and `glyphs`, "
        f"each {_GLYPH}), `problems`",
    ),
    (
        "choose-k",
        "numbers of clusters",
        "`images`, `readable`, `seed`, `suggested`, `numbers` (each `clusters`, `accuracy`, `low`, `high`, `inertia`, "
        "`silhouette`), `problems`",
    ),
    (
        "evaluate",
        "evaluation",
        f"of a reader: `of`, `model`, `input`, {_MEASURED}, `interval`, `likeliest` (without reject: `accuracy`, "
        "`interval`), `problems`",
    ),
    (
        "evaluate",
        "evaluation",
        "of a project: `of`, `project`, `images`, `clusters`, `clustering_accuracy`, `purity`, "
        f"`normalized_mutual_info`, `adjusted_rand`, `named_by_middle`, `names` (null without names, or {_MEASURED})",
    ),
    (
        "datasets list",
        "datasets",
        "`datasets` (each `name`, `here`, `bytes`, `summary`, `source`, `licence`)",
    ),
    (
        "info",
        "info",
        "`inkmeans`, `python`, `platform`, `isa`, `isa_available`, `isa_left_out`, `threads`, `compiler`, `extras` "
        "(each package with its version or null), `readers` (each `names`, `centers`, `features`, `min_confidence`, "
        "`trained_on`)",
    ),
)
_COMPLETION = """## Completion

The shell completes commands and options after one of these lines in its startup file:

```sh
eval "$(_INKMEANS_COMPLETE=bash_source inkmeans)"          # ~/.bashrc
eval "$(_INKMEANS_COMPLETE=zsh_source inkmeans)"           # ~/.zshrc
_INKMEANS_COMPLETE=fish_source inkmeans | source           # ~/.config/fish/config.fish
```
"""


def reference() -> str:
    """Return the whole page."""
    context = click.Context(main, info_name="inkmeans")
    parts = [_HEAD, _exit_codes(), _environment(), _documents(), _COMPLETION]
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        parts.append(_section(command, f"inkmeans {name}", "##"))
        if isinstance(command, Group):
            parts += [_section(each, f"inkmeans {name} {each.name}", "###") for each in command.commands.values()]
    return "\n".join(parts)


def _exit_codes() -> str:
    rows = "\n".join(f"| {int(status)} | {status.meaning} |" for status in Status)
    return f"## Exit codes\n\n| code | meaning |\n|---|---|\n{rows}\n"


def _environment() -> str:
    rows = "\n".join(f"| `{name}` | {meaning} |" for name, meaning in _ENVIRONMENT)
    return f"## Environment\n\n| variable | meaning |\n|---|---|\n{rows}\n"


def _documents() -> str:
    rows = "\n".join(f"| `{command}` | inkmeans {kind} | {keys} |" for command, kind, keys in _DOCUMENTS)
    return f"""## JSON

With `--json` a command prints one document. Its first keys are `format` and `version` (1). Shares and probabilities
are 0 to 1, a box is x, y, width and height in pixels, alternatives are pairs of text and probability, and `problems`
has the `source` and the `message` of each input that could not be read. The `confidence` of a text with "?" is the
probability that it is right with the likeliest name in place of each "?".

| command | format | keys |
|---|---|---|
{rows}
"""


def _section(command: click.Command | None, title: str, level: str) -> str:
    assert isinstance(command, Command | Group)
    usage = " ".join(command.collect_usage_pieces(click.Context(command, info_name=title, **main.context_settings)))
    width = max(len(line) for line, _ in command.examples)
    examples = "\n".join(f"{line:<{width}}  # {about}" for line, about in command.examples)
    text = "\n\n".join(command.paragraphs)
    parts = [f"{level} {title}\n\n{text}\n\n```sh\n{examples}\n```\n\nUsage: `{title} {usage}`\n"]
    rows = [_option(option) for option in command.params if isinstance(option, click.Option)]
    if rows:
        parts.append("| option | meaning |\n|---|---|\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def _option(option: click.Option) -> str:
    names = ", ".join(f"`{name}`" for name in option.opts)
    value = "" if option.is_flag else f" {option.metavar or _choices(option)}"
    default = f" Default: `{option.default}`." if option.show_default else ""
    required = " Required." if option.required else ""
    return f"| {names}{value} | {' '.join((option.help or '').split())}{default}{required} |"


def _choices(option: click.Option) -> str:
    if isinstance(option.type, click.Choice):
        return " or ".join(f"`{choice}`" for choice in option.type.choices)
    return "NUMBER" if isinstance(option.type, click.types.IntParamType) else "TEXT"


if __name__ == "__main__":
    PATH.write_text(reference(), encoding="utf-8")
    click.echo(f"{PATH}: {PATH.stat().st_size:,} bytes")
