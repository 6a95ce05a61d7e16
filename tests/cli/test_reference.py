"""docs/cli.md is what the commands say of themselves."""

import runpy
import shlex
from pathlib import Path

import click
import pytest

from inkmeans.cli import main
from inkmeans.cli._help import Group

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
