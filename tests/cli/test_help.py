"""Help: examples first, nothing heavy loaded, mistyped commands told."""

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from inkmeans import __version__
from inkmeans.cli import main
from inkmeans.cli._help import Command, Group
from inkmeans.cli._main import COMMANDS

HEAVY = {"numpy", "scipy", "sklearn", "skimage", "PIL", "rich", "safetensors", "sqlite3", "fastapi", "inkmeans._core"}
LINES = [
    ["--help"],
    [],
    ["--version"],
    *([name, "--help"] for name in COMMANDS),
    ["datasets", "list", "--help"],
    ["datasets", "fetch", "--help"],
    ["export", "lesson", "--help"],
]


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom inkmeans.cli import main\n"
        f"for line in {LINES!r}:\n"
        "    try:\n        main(line)\n    except SystemExit as end:\n        assert not end.code, (line, end.code)\n"
        f"    heavy = sorted({HEAVY!r} & set(sys.modules))\n"
        "    assert not heavy, (line, heavy)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_leads_with_examples_that_it_takes(name: str, invoke) -> None:
    done = invoke(name, "--help")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0] == COMMANDS[name][1]
    assert lines[2] == "Examples:"
    assert lines[3].startswith(f"  inkmeans {name}")
    assert lines.index("Examples:") < next(i for i, line in enumerate(lines) if line.startswith("Usage:"))


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_of_each_command_what_its_help_says(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert isinstance(command, Command | Group)
    assert command.paragraphs[0] == COMMANDS[name][1]


@pytest.mark.parametrize("width", [80, 100])
@pytest.mark.parametrize("line", LINES, ids=" ".join)
def test_no_help_breaks_a_word_or_is_wider_than_the_terminal(line: list[str], width: int) -> None:
    def shown(width: int) -> str:
        return CliRunner().invoke(main, line, terminal_width=width, max_content_width=width).stdout

    assert max(map(len, shown(width).splitlines())) <= width
    assert sorted(shown(width).split()) == sorted(shown(10_000).split())


def test_the_command_alone_shows_its_help(invoke) -> None:
    assert invoke().stdout == invoke("--help").stdout
    assert invoke("datasets").stdout == invoke("datasets", "-h").stdout


def test_the_list_is_in_the_order_of_use(invoke) -> None:
    text = invoke("--help").stdout
    listed = [line.split()[0] for line in text.partition("Commands:\n")[2].splitlines()]
    assert listed == list(COMMANDS)


def test_the_version(invoke) -> None:
    assert invoke("--version").stdout == f"inkmeans {__version__}\n"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("raed", "Error: There is no command 'raed'. Did you mean 'read'?\nHelp: inkmeans --help\n"),
        ("clusters", "Error: There is no command 'clusters'. Did you mean 'cluster'?\nHelp: inkmeans --help\n"),
        ("xyz", "Error: There is no command 'xyz'.\nHelp: inkmeans --help\n"),
    ],
)
def test_a_mistyped_command_is_told_with_the_nearest(typed: str, told: str, invoke) -> None:
    done = invoke(typed)
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", told)


def test_a_mistyped_option_is_told(invoke) -> None:
    done = invoke("read", "--strikt", "a.png")
    assert done.exit_code == 2
    assert done.stderr.startswith("Error: No such option '--strikt'.") or "--strikt" in done.stderr
    assert done.stderr.endswith("Help: inkmeans read --help\n")


def test_a_missing_argument_is_told_in_one_sentence(invoke) -> None:
    done = invoke("read")
    assert (done.exit_code, done.stderr) == (2, "Error: Missing argument 'INPUT...'.\nHelp: inkmeans read --help\n")


def test_the_shell_completes_commands_and_options(run) -> None:
    def complete(words: str, at: int) -> list[str]:
        environment = {"_INKMEANS_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(at)}
        return run(env=environment).stdout.split()

    assert complete("inkmeans re", 1) == ["plain,read", "plain,report"]
    assert "plain,--strict" in complete("inkmeans read --s", 2)
