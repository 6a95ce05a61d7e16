"""The lab's notebooks, made from their source and run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "tools"))


@pytest.fixture
def run(tmp_path: Path) -> Callable[[Any], Any]:
    """Return what executes a notebook, in a folder with the drawings that `inkmeans lab` writes beside it."""
    import nbformat

    shutil.copy(ROOT / "examples" / "drawings.json", tmp_path / "sample-drawings.json")
    program = [sys.executable, str(Path(__file__).with_name("execute.py")), str(tmp_path)]
    environment = os.environ | {"PYTHONWARNINGS": "default"}  # shown by the cell, and found there

    def execute(notebook: Any) -> Any:
        text = nbformat.writes(notebook)
        done = subprocess.run(program, input=text, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return nbformat.reads(done.stdout, 4)

    return execute
