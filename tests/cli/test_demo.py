"""``inkmeans demo``: its folder is its own; what it does is tested with the whole road."""

from pathlib import Path

import pytest

import inkmeans.lesson


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return the folders that the demo was asked to write into, without doing it."""
    calls: list[Path] = []

    def run_demo(output: Path, say) -> None:
        calls.append(output)
        say("done")

    monkeypatch.setattr(inkmeans.lesson, "run_demo", run_demo)
    return calls


def test_it_goes_to_the_folder_demo(invoke, ran: list[Path]) -> None:
    done = invoke("demo")
    assert (done.exit_code, done.stdout, ran) == (0, "done\n", [Path("demo")])


def test_an_earlier_demo_is_written_anew(invoke, ran: list[Path]) -> None:
    Path("first").mkdir()
    assert invoke("demo", "-o", "first").exit_code == 0  # an empty folder is fine
    Path("first/digits.ink").touch()
    assert invoke("demo", "-o", "first").exit_code == 0


def test_a_folder_with_other_things_stays_without_force(invoke, ran: list[Path]) -> None:
    Path("mine").mkdir()
    Path("mine/letter.txt").touch()
    done = invoke("demo", "-o", "mine")
    assert (done.exit_code, done.stderr, ran) == (
        1,
        "Error: mine holds other things; choose another folder, or write into it with --force.\n",
        [],
    )
    assert invoke("demo", "-o", "mine", "--force").exit_code == 0
    Path("file").touch()
    assert invoke("demo", "-o", "file").stderr == (
        "Error: file is a file, but a folder is needed here; choose another name.\n"
    )
