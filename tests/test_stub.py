"""The stub that type checkers read says what the native core is."""

import subprocess
import sys
from pathlib import Path

import pytest

STUB = Path(__file__).parents[1] / "src" / "inkmeans" / "_core.pyi"


def test_the_stub_is_what_nanobind_makes_of_the_native_core(tmp_path: Path) -> None:
    pytest.importorskip("nanobind", reason="nanobind, which makes the stub, is not installed")
    fresh = tmp_path / "_core.pyi"
    command = [sys.executable, "-m", "nanobind.stubgen", "--quiet", "--module", "inkmeans._core"]
    subprocess.run([*command, "--output-file", str(fresh)], check=True, cwd=tmp_path)
    assert fresh.read_text() == STUB.read_text(), "native/bind has changed; write the stub again with: make stub"
