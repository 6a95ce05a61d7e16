"""What a wheel may hold: the check of `make wheel`, and the package as it is installed."""

import sys
import zipfile
from importlib.metadata import files
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "tools"))
from check_wheel import NEEDED, WheelError, check_contents, check_names

from inkmeans.web import find_static

NAME = "inkmeans-0.1.0-cp311-cp311-manylinux_2_34_x86_64.whl"


def made(folder: Path, *more: str, without: str = "", name: str = NAME) -> Path:
    """Return a wheel of empty files that holds what each one needs, and more."""
    with zipfile.ZipFile(folder / name, "w") as archive:
        for pattern in NEEDED:
            if pattern != without:
                archive.writestr(pattern.replace("-*.dist-info", "-0.1.0.dist-info").replace("*", "x"), "")
        for path in more:
            archive.writestr(path, "")
    return folder / name


def test_a_whole_wheel_says_where_it_runs(tmp_path: Path) -> None:
    assert check_contents(made(tmp_path)).endswith(
        "12 files; for CPython 3.11 on Linux x86-64 with glibc 2.34 or newer"
    )


@pytest.mark.parametrize("pattern", NEEDED)
def test_a_wheel_without_a_part_is_refused(tmp_path: Path, pattern: str) -> None:
    with pytest.raises(WheelError) as refused:
        check_contents(made(tmp_path, without=pattern))
    assert str(refused.value) == f"{NAME} has no {pattern}."


@pytest.mark.parametrize(
    "path",
    ["inkmeans/tests/conftest.py", "inkmeans/web/static/node_modules/a.js", "inkmeans/a.pyc", "tests/test_a.py"],
)
def test_a_wheel_with_what_nobody_needs_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(WheelError) as refused:
        check_contents(made(tmp_path, path))
    assert str(refused.value) == f"{NAME} holds {path}, which is not for those who use it."


def test_a_wheel_that_names_no_glibc_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WheelError, match="does not say the oldest glibc that it runs on"):
        check_contents(made(tmp_path, name="inkmeans-0.1.0-cp311-cp311-linux_x86_64.whl"))


def test_what_is_installed_is_whole_and_holds_nothing_else() -> None:
    """As `pip install` of this checkout put it here: the wheel that every build makes."""
    paths = [str(path) for path in files("inkmeans") or []]
    if any("_editable" in path for path in paths):
        pytest.skip("an editable install has no files to look at")
    if find_static() is None:
        pytest.skip("this build has no page")
    check_names("inkmeans", [path for path in paths if path.startswith("inkmeans") and not path.endswith(".pyc")])
