"""Each example in a docstring prints what it shows."""

import doctest
import re
from importlib import import_module
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src"
EXAMPLE = re.compile(r"^ *>>> ", re.MULTILINE)


def modules_with_examples() -> list[str]:
    """Return their names; they are found by their text, so that none is imported before its test."""
    paths = [path for path in sorted(SOURCE.rglob("*.py")) if EXAMPLE.search(path.read_text(encoding="utf-8"))]
    return [".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__") for path in paths]


@pytest.mark.parametrize("name", modules_with_examples())
def test_the_examples_of_a_module_print_what_they_show(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = import_module(name)
    monkeypatch.chdir(tmp_path)
    done = doctest.testmod(module)
    assert done.failed == 0
    assert module.__file__ is not None
    assert done.attempted == len(EXAMPLE.findall(Path(module.__file__).read_text(encoding="utf-8")))  # none is left out


def test_there_are_examples() -> None:
    assert len(modules_with_examples()) >= 20
