"""Fixtures that all tests share."""

import os

# Before anything loads NumPy: the threads of OpenBLAS and of scikit-learn wait for their next small product in a loop.
# Where they are more than the processors (a process of tests on each has as many), a fit costs three times the time.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inkmeans import _core

# A shell that runs the tests in the background has them ignore Ctrl-C, and so would the programs that they start.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_itemcollected(item: pytest.Item) -> None:
    if "data_folder" in getattr(item, "fixturenames", ()):
        item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """Return the folder with the real handwriting that INKMEANS_DATA names; skip where it names none."""
    folder = os.environ.get("INKMEANS_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("INKMEANS_DATA does not name the folder with the public data sets (see docs/data.md)")
    return Path(folder)


@pytest.fixture(params=["scalar", "avx2", "avx512"])
def isa(request: pytest.FixtureRequest, select_isa: Callable[[str], None]) -> str:
    """Force each instruction set in turn; those that this processor has not are skipped."""
    if request.param not in _core.isa_available():
        pytest.skip(f"this processor has no {request.param}")
    select_isa(request.param)
    return str(request.param)


@pytest.fixture
def select_isa() -> Iterator[Callable[[str], None]]:
    """Return what puts an instruction set in use until the test ends."""
    before = _core.isa_in_use()
    yield _core.select_isa
    _core.select_isa(before)


@pytest.fixture
def few_patches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Learn strokes from few patches, where what is found is no matter: a clustering takes 0.2 s less."""
    monkeypatch.setattr("inkmeans.features._patch_encoder._N_PATCHES", 2000)
