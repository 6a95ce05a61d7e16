"""The bar: only where a person looks on, only for what takes long, and never on stdout."""

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from inkmeans.cli._progress import Bar

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="terminals are POSIX's")

CODE = """
import sys
from inkmeans.cli import _progress
_progress._PATIENCE = {patience}
with _progress.Bar("Reading") as bar:
    for done in range(1, 4):
        bar.show(f"{{done}} images", done / 3)
        print("line", done, flush=True)
print("rich" in sys.modules)
"""


def all_that_came(ours: int, theirs: int) -> str:
    """Return what was written to a terminal that its programs have left."""
    os.close(theirs)
    seen = b""
    with contextlib.suppress(OSError):  # is how Linux says that the other side is closed
        while came := os.read(ours, 65536):
            seen += came
    os.close(ours)
    return seen.decode()


def on_terminal(patience: float, **environment: str) -> tuple[str, str]:
    """Return stdout, and what came to the terminal that is stderr."""
    import pty

    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", CODE.format(patience=patience)]
    usual = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    done = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
        timeout=60,
        check=True,
        env=usual | {"TERM": "xterm-256color", "COLUMNS": "80"} | environment,
    )
    return done.stdout, all_that_came(ours, theirs)


def test_a_bar_appears_for_what_takes_long() -> None:
    out, seen = on_terminal(0)
    assert "Reading" in seen and "3 images" in seen and "-:--:--" in seen and "0:00:00" in seen
    assert "\x1b[38" in seen or "\x1b[3" in seen
    assert out == "line 1\nline 2\nline 3\nTrue\n"


def test_nothing_appears_and_rich_is_not_loaded_for_what_is_quick() -> None:
    out, seen = on_terminal(60)
    assert (out, seen) == ("line 1\nline 2\nline 3\nFalse\n", "")


def test_no_color_is_honoured() -> None:
    _, seen = on_terminal(0, NO_COLOR="1")
    assert "Reading" in seen
    assert "\x1b[38" not in seen and "\x1b[32m" not in seen and "\x1b[35m" not in seen


def test_a_dumb_terminal_gets_no_animation() -> None:
    assert "\x1b[" not in on_terminal(0, TERM="dumb")[1]


def test_nothing_appears_where_stderr_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with Bar("Reading") as bar:
        bar._due = time.monotonic() - 10
        bar.show("3 images", 1.0)
    assert capsys.readouterr() == ("", "")


def test_a_hidden_bar_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with Bar("Reading", hidden=True) as bar:
        bar._due = time.monotonic() - 10
        bar.show("3 images", 1.0)
    assert bar._progress is None


def on_a_terminal(*words: str) -> tuple[str, str]:
    """Run the command with its stderr on a terminal, the bar at once; return stdout, and what came on the terminal."""
    import pty

    ours, theirs = pty.openpty()
    code = f"from inkmeans.cli import _progress, main\n_progress._PATIENCE = 0\nmain({list(words)!r})"
    done = subprocess.run(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
        timeout=60,
        check=True,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "100"},
    )
    return done.stdout, all_that_came(ours, theirs)


def test_a_real_reading_shows_its_bar_on_stderr_alone(model: Path, tmp_path: Path, scans: list) -> None:
    np.save(tmp_path / "many.npy", np.stack(scans[:50]))
    printed, seen = on_a_terminal("read", "-m", str(model), str(tmp_path / "many.npy"))
    assert len(printed.splitlines()) == 50 and "\x1b" not in printed
    assert "Reading" in seen and "50 images" in seen


@pytest.mark.slow  # a clustering as a process of its own
def test_a_real_clustering_says_what_is_being_done(tmp_path: Path, scans: list) -> None:
    np.save(tmp_path / "some.npy", np.stack(scans[:50]))
    _, seen = on_a_terminal("cluster", str(tmp_path / "some.npy"), "-k", "5", "-o", str(tmp_path / "some.ink"))
    assert "Clustering" in seen
    assert "learning the strokes" in seen or "encoding the glyphs" in seen or "finding the neighbors" in seen
