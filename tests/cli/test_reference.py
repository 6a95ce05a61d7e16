"""docs/cli.md is what the commands say of themselves."""

import json
import re
import runpy
import shlex
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import Result

from inkmeans.cli import main
from inkmeans.cli._help import Group

Invoke = Callable[..., Result]

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def made() -> str:
    return runpy.run_path(str(ROOT / "tools" / "cli_reference.py"))["reference"]()


def test_the_page_is_up_to_date(made: str) -> None:
    written = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert written == made, "run: python tools/cli_reference.py"


def test_the_page_has_every_command_option_and_exit_code(made: str) -> None:
    context = click.Context(main)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command is not None
        assert f"## inkmeans {name}\n" in made
        for option in command.params:
            if isinstance(option, click.Option):
                assert f"`{option.opts[-1]}`" in made
    for code in ("| 0 | done |", "| 3 | ", "| 130 | "):
        assert code in made


def test_the_keys_of_each_json_document_are_those_of_the_page(
    invoke: Invoke, made: str, model: Path, image_set: Path, named: Path, line: Path
) -> None:
    def keys(document: object) -> set[str]:
        """Return the keys, without those that are data: the names of extras, readers and training sets."""
        if isinstance(document, list):
            return set().union(*map(keys, document))
        if not isinstance(document, dict):
            return set()
        inner = {key: value for key, value in document.items() if key not in {"extras", "readers", "trained_on"}}
        return {*document, *keys(list(inner.values()))}

    rows = re.findall(r"^\| `[^`]+` \| inkmeans [a-z ]+ \| (.*) \|$", made, re.MULTILINE)
    documented = [set(re.findall(r"`(\w+)`", row)) for row in rows]
    commands = (
        ("read", "-m", model, line),
        ("choose-k", "-k", 5, image_set / "0"),
        ("evaluate", model, image_set),
        ("evaluate", named),
        ("datasets", "list"),
        ("info",),
    )
    printed = [json.loads(invoke(*command, "--json").stdout) for command in commands]
    found = [keys(document) - {"format", "version"} for document in printed]
    found[-1] |= set(printed[-1]["readers"]["digits"])
    assert found == documented


def all_examples() -> list[str]:
    context = click.Context(main)
    commands = [main, *(main.get_command(context, name) for name in main.list_commands(context))]
    commands += [inner for each in commands[1:] if isinstance(each, Group) for inner in each.commands.values()]
    return [line for command in commands for line, _ in command.examples]  # type: ignore[union-attr]


@pytest.mark.parametrize("line", all_examples())
def test_each_example_is_a_line_that_the_command_understands(line: str) -> None:
    words = shlex.split(line.partition(" < ")[0])
    assert words[0] == "inkmeans"
    context, command, rest = click.Context(main, **main.context_settings), main, words[1:]
    while isinstance(command, click.Group):
        _, found, rest = command.resolve_command(context, rest)
        assert found is not None
        context, command = click.Context(found, parent=context), found  # type: ignore[assignment]
    command.parse_args(context, rest)
