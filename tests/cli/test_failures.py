"""Every failure is a sentence and an exit code, never a traceback."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click
import numpy as np
import pytest

from inkmeans import Project
from inkmeans.cli import _main, main
from inkmeans.cli._status import Status
from inkmeans.errors import InputError, MissingExtraError

ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("INKMEANS_")}


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch):
    """Return a call that gives the command "info" an error to fail with."""

    def fail_with(error: BaseException) -> None:
        @click.command()
        def command() -> None:
            raise error

        monkeypatch.setattr(_main.MainGroup, "get_command", lambda *_: command)

    return fail_with


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (InputError("k must be at least 1; got 0."), "Error: k must be at least 1; got 0.\n"),
        (
            MissingExtraError("The page", "web"),
            "Error: The page needs packages that are not installed; run: pip install 'inkmeans[web]'\n",
        ),
        (FileNotFoundError(2, "No such file or directory", "a.png"), "Error: a.png: No such file or directory.\n"),
        (OSError(28, "No space left on device"), "Error: No space left on device.\n"),
        (OSError("odd"), "Error: odd.\n"),
        (MemoryError(), "Error: There is not enough memory for this; try fewer or smaller images.\n"),
        (
            ZeroDivisionError("division by zero"),
            "Error: Something unexpected went wrong (ZeroDivisionError: division by zero); to see where, run it again "
            "with INKMEANS_DEBUG=1 set, and report it.\n",
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_failure_is_one_sentence(error: Exception, told: str, failing, invoke) -> None:
    failing(error)
    done = invoke("info")
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", told)


def test_debug_shows_where_it_failed(failing, invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(ZeroDivisionError("division by zero"))
    monkeypatch.setenv("INKMEANS_DEBUG", "1")
    done = invoke("info")
    assert done.exit_code == 1
    assert done.stderr.startswith("Traceback (most recent call last):")
    assert "in command" in done.stderr


@pytest.mark.parametrize("error", [KeyboardInterrupt(), click.Abort()], ids=["ctrl-c", "abort"])
def test_an_interrupt_exits_with_130(error: BaseException, failing, invoke) -> None:
    failing(error)
    done = invoke("info")
    assert done.exit_code == 130
    assert done.stderr.strip() == "Stopped."


def test_a_broken_pipe_is_quiet_and_no_failure(failing, invoke) -> None:
    failing(BrokenPipeError(32, "Broken pipe"))
    done = invoke("info")
    assert (done.exit_code, done.stderr) == (0, "")


def test_every_exit_code_has_its_meaning() -> None:
    assert {int(status): bool(status.meaning) for status in Status} == dict.fromkeys((0, 1, 2, 3, 4, 130), True)


@pytest.mark.skipif(sys.platform == "win32", reason="pipes are POSIX's")
def test_a_reader_that_goes_away_leaves_no_noise(tmp_path: Path, model: Path, scans: list[np.ndarray]) -> None:
    np.save(tmp_path / "many.npy", np.stack(scans))
    command = [sys.executable, "-m", "inkmeans", "read", "-m", str(model), str(tmp_path / "many.npy")]
    reading = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT)
    assert reading.stdout is not None and reading.stderr is not None
    assert reading.stdout.readline().startswith(str(tmp_path).encode())
    reading.stdout.close()
    assert reading.stderr.read() == b""
    assert reading.wait(60) == 0
    reading.stderr.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_is_told_once(run) -> None:
    with Path("/dev/full").open("w") as full:
        done = run("datasets", "list", capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (1, "Error: No space left on device.\n")


def test_a_character_that_cannot_be_shown_is_no_failure(run) -> None:
    done = run("read", "-m", "೭.safetensors", "x.png", env={"PYTHONIOENCODING": "latin-1"})
    assert done.returncode == 1
    assert done.stderr.startswith("Error: \\u0ced.safetensors does not exist;")


@pytest.mark.slow  # a clustering long enough to be interrupted
@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_ctrl_c_while_clustering_leaves_a_usable_project(tmp_path: Path, scans: list[np.ndarray]) -> None:
    np.save(tmp_path / "many.npy", np.stack(scans))
    path = tmp_path / "logs.ink"
    command = [sys.executable, "-m", "inkmeans", "cluster", "many.npy", "-k", "1500", "-o", "logs.ink"]
    clustering = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
    assert clustering.stderr is not None
    deadline = time.monotonic() + 60
    while not path.exists() and clustering.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)
    time.sleep(0.1)  # the project is made; now its images are grouped
    clustering.send_signal(signal.SIGINT)
    told = clustering.stderr.read()
    clustering.stderr.close()
    # To a shell both are 130: Python ends by the signal itself where it came within an exec, as imports have them.
    assert clustering.wait(60) in (130, -signal.SIGINT), told
    assert "logs.ink keeps the 1,797 images.\nNext: inkmeans cluster logs.ink -k 1500" in told
    assert told.endswith("Stopped.\n")
    assert "Traceback" not in told
    with Project.open(path) as project:
        assert (len(project), project.clusters) == (1797, [])
        project.cluster(10)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["logs.ink", "many.npy"]


def test_ctrl_c_while_the_command_loads_is_no_traceback() -> None:
    code = (
        "import runpy, sys\n"
        "class Interrupts:\n"
        "    def find_spec(name, path=None, target=None):\n"
        "        if name == 'inkmeans.cli._main': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupts)\n"
        "runpy.run_module('inkmeans', run_name='__main__')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Stopped.\n")


def closing(*descriptors: int) -> Callable[[], None]:
    return lambda: [os.close(descriptor) for descriptor in descriptors] and None


@pytest.mark.slow  # three processes for each
@pytest.mark.skipif(sys.platform == "win32", reason="what closes streams so is POSIX's")
@pytest.mark.parametrize("closed", [(0,), (1,), (2,), (0, 1, 2)], ids=str)
def test_closed_streams_are_no_failure(closed: tuple[int, ...], run, model: Path, line: Path, project: Path) -> None:
    shown = {"capture_output": False, "preexec_fn": closing(*closed)}
    assert run("read", "-m", model, line, **shown).returncode == 0
    assert run("name", project, **({"stdin": subprocess.DEVNULL} | shown)).returncode == 0
    assert run("read", "-m", model, "-", **({"stdin": subprocess.DEVNULL} | shown)).returncode == 3


def test_the_command_is_installed_as_a_script() -> None:
    script = Path(sys.executable).with_name("inkmeans")
    if not script.exists():
        pytest.skip("the package is not installed beside this Python")
    done = subprocess.run([script, "--version"], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.startswith("inkmeans ")


def test_the_entry_point_is_the_group() -> None:
    assert isinstance(main, _main.MainGroup)
