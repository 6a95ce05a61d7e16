"""Naming in a real terminal: one key a name, and the terminal is left as it was found."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from inkmeans import Project

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="terminals are POSIX's")

ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("INKMEANS_")}


class Terminal:
    """A pseudo-terminal with the command on its other side."""

    def __init__(self, *args: str) -> None:
        import pty

        self.ours, self.theirs = pty.openpty()
        self.before = self.settings()
        self.text = ""
        command = [sys.executable, "-m", "inkmeans", *args]
        self.command = subprocess.Popen(
            command,
            stdin=self.theirs,
            stdout=self.theirs,
            stderr=self.theirs,
            start_new_session=True,
            preexec_fn=self._take_terminal,
            env=ENVIRONMENT | {"PYTHONUTF8": "1", "TERM": "xterm"},
        )

    def _take_terminal(self) -> None:
        import fcntl
        import termios

        fcntl.ioctl(self.theirs, termios.TIOCSCTTY, 0)  # so that Ctrl-C is a signal

    def settings(self) -> list[object]:
        import termios

        return termios.tcgetattr(self.theirs)

    def type(self, keys: str) -> None:
        os.write(self.ours, keys.encode())

    def wait_for(self, text: str, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while text not in self.text:
            assert time.monotonic() < deadline, f"{text!r} did not come; what came: {self.text}"
            if select.select([self.ours], [], [], 0.1)[0]:
                self.text += os.read(self.ours, 65536).decode(errors="replace")

    def forget(self) -> None:
        self.text = ""

    def end(self) -> int:
        status = self.command.wait(60)
        while select.select([self.ours], [], [], 0.1)[0]:
            self.text += os.read(self.ours, 65536).decode(errors="replace")
        return status

    def close(self) -> None:
        if self.command.poll() is None:
            self.command.kill()
            self.command.wait()
        os.close(self.ours)
        os.close(self.theirs)


@pytest.fixture
def terminals() -> Iterator[list[Terminal]]:
    opened: list[Terminal] = []
    yield opened
    for terminal in opened:
        terminal.close()


@pytest.fixture
def name(project: Path, terminals: list[Terminal]):
    def start(*args: str) -> Terminal:
        terminals.append(Terminal("name", str(project), *args))
        return terminals[-1]

    return start


def names_of(path: Path) -> list[str | None]:
    with Project.open(path) as project:
        return [cluster.name for cluster in project.clusters]


def test_a_key_is_a_name_at_once(name, project: Path) -> None:
    terminal = name()
    terminal.wait_for("0 of 24 named\r\nKey: ")
    terminal.type("7")
    terminal.wait_for("1 of 24 named\r\nKey: ")
    assert names_of(project)[:2] == ["7", None]  # saved while the command still runs
    terminal.type("\x04")
    assert terminal.end() == 0
    assert terminal.settings() == terminal.before


def test_keys_that_come_early_are_not_lost(name, project: Path) -> None:
    terminal = name()
    terminal.type("12")  # before the command has begun to listen
    terminal.wait_for("2 of 24 named\r\nKey: ")
    terminal.type("3\r5\x04")
    assert terminal.end() == 0
    assert names_of(project)[:6] == ["1", "2", "3", None, "5", None]


def test_backspace_takes_back_and_return_skips(name, project: Path) -> None:
    terminal = name()
    terminal.wait_for("Key: ")
    terminal.type("1\r3\x7f")
    terminal.wait_for("Taken back: cluster 2 named 3.")
    terminal.type("4\x04")
    assert terminal.end() == 0
    assert names_of(project)[:4] == ["1", None, "4", None]


def test_a_longer_name_begins_with_a_space_and_commands_with_a_colon(name, project: Path) -> None:
    terminal = name()
    terminal.wait_for("Key: ")
    terminal.type(" long s\n")
    terminal.wait_for("1 of 24 named\r\nKey: ")
    terminal.type("u")
    terminal.wait_for("2 of 24 named\r\nKey: ")
    terminal.type(":undo\n")
    terminal.wait_for("Taken back: cluster 1 named u.")
    terminal.type(":quit\n")
    assert terminal.end() == 0
    assert names_of(project)[:2] == ["long s", None]


def test_any_script_is_a_key_and_arrows_are_none(name, project: Path) -> None:
    terminal = name()
    terminal.wait_for("Key: ")
    terminal.type("೭")
    terminal.wait_for("1 of 24 named\r\nKey: ")
    terminal.type("\x1b[A")
    time.sleep(0.3)  # as long as a person takes; what follows an escape at once belongs to it
    terminal.type("ß\x04")
    assert terminal.end() == 0
    assert names_of(project)[:3] == ["೭", "ß", None]


def test_ctrl_c_keeps_every_name_and_gives_the_terminal_back(name, project: Path) -> None:
    terminal = name()
    terminal.wait_for("Key: ")
    terminal.type("1")
    terminal.wait_for("1 of 24 named\r\nKey: ")
    terminal.type("\x03")
    assert terminal.end() in (130, -signal.SIGINT)
    assert "1 of 24 clusters named" in terminal.text
    assert "all are saved.\r\n" in terminal.text
    assert terminal.text.endswith("Stopped.\r\n")
    assert "Traceback" not in terminal.text
    assert terminal.settings() == terminal.before
    assert names_of(project)[:2] == ["1", None]


def test_a_killed_session_keeps_every_name(name, project: Path) -> None:
    terminal = name()
    terminal.wait_for("Key: ")
    terminal.type("1")
    terminal.wait_for("1 of 24 named\r\nKey: ")
    terminal.command.kill()
    terminal.command.wait()
    assert names_of(project)[:2] == ["1", None]


def test_words_are_typed_with_return(name, project: Path) -> None:
    terminal = name("--words")
    terminal.wait_for("0 of 24 named\r\nName: ")
    terminal.type("seven\n")
    terminal.wait_for("1 of 24 named\r\nName: ")
    terminal.type("\x04")
    assert terminal.end() == 0
    assert names_of(project)[:2] == ["seven", None]


def test_where_names_are_words_already_no_key_is_one(name, project: Path) -> None:
    with Project.open(project) as opened:
        opened.name(0, "seven")
    terminal = name()
    terminal.wait_for("1 of 24 named\r\nName: ")
    terminal.type(":quit\n")
    assert terminal.end() == 0
