import doctest
import importlib
import pkgutil
import subprocess
import sys

import inkmeans.evaluate


def test_importing_it_loads_nothing_heavy():
    code = "import sys, inkmeans.evaluate; print([m for m in ('sklearn', 'scipy', 'PIL', 'rich') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_examples_in_the_docstrings_are_true():
    attempted = 0
    for module in pkgutil.iter_modules(inkmeans.evaluate.__path__):
        result = doctest.testmod(importlib.import_module(f"inkmeans.evaluate.{module.name}"))
        assert result.failed == 0
        attempted += result.attempted
    assert attempted > 0
