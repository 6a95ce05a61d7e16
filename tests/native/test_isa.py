"""Which instruction set is in use, how it is chosen, and how it proves itself."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from inkmeans import _core
from inkmeans.errors import InputError

ROOT = Path(__file__).parents[2]
USE = "_core.products(x, x, x.copy(), 1)"
needs_a_choice = pytest.mark.skipif(
    len(_core.isa_available()) < 2, reason="this processor runs the scalar kernels alone"
)


def run(program: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a process of its own, where no instruction set has been used yet."""
    start = "from inkmeans import _core; import numpy as np; x = np.eye(4, dtype=np.float32); "
    env = {name: value for name, value in os.environ.items() if name != "INKMEANS_ISA"} | env
    return subprocess.run([sys.executable, "-c", start + program], capture_output=True, text=True, env=env, check=False)


def names_of_all() -> str:
    names = [f"'{name}'" for name in _core.isa_available()]
    return ", ".join(names[:-1]) + (" or " if len(names) > 1 else "") + names[-1]


def test_the_best_is_used_unless_the_environment_names_another() -> None:
    show = "print(_core.isa_in_use())"
    assert run(show).stdout == run(show, INKMEANS_ISA="").stdout == f"{_core.isa_available()[-1]}\n"
    assert run(show, INKMEANS_ISA="scalar").stdout == "scalar\n"


def test_the_environment_is_read_once() -> None:
    assert (
        run("import os; os.environ['INKMEANS_ISA'] = 'foo'; print(_core.isa_in_use())", INKMEANS_ISA="scalar").stdout
        == "scalar\n"
    )


def test_an_unknown_name_in_the_environment_gets_one_sentence() -> None:
    done = run(USE, INKMEANS_ISA="foo")
    message = f"INKMEANS_ISA is 'foo', but this machine runs {names_of_all()}; choose one of them or unset it."
    assert done.stderr.splitlines()[-1] == f"inkmeans.errors.InputError: {message}"


def test_an_unknown_name_changes_nothing() -> None:
    before = _core.isa_in_use()
    message = f"there is no instruction set 'foo' here; choose {names_of_all()}."
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        _core.select_isa("foo")
    assert _core.isa_in_use() == before


@needs_a_choice
def test_one_that_is_left_out_is_warned_of_once_and_the_next_is_used() -> None:
    *_, plainer, best = _core.isa_available()
    done = run(
        f"_core.leave_out_isa(_core.isa_available()[-1], 'dot.i16'); {USE}; {USE}; "
        "print(_core.isa_in_use(), _core.isa_left_out())"
    )
    assert done.stdout == f"{plainer} {{'{best}': 'dot.i16'}}\n"
    warnings = [line for line in done.stderr.splitlines() if "Warning" in line]
    assert len(warnings) == 1
    assert warnings[0].endswith(
        f"RuntimeWarning: The kernel dot.i16 of the instruction set {best} disagrees with the scalar kernel on this "
        f"machine, so {plainer} is used instead; please report it with what `inkmeans info` prints."
    )


@needs_a_choice
def test_a_warning_that_is_an_error_ends_the_call_and_not_the_next() -> None:
    done = run(
        "import warnings; warnings.simplefilter('error'); _core.leave_out_isa(_core.isa_available()[-1], 'dot.i16')\n"
        "try: _core.isa_in_use()\n"
        "except RuntimeWarning: print('warned', _core.isa_in_use())"
    )
    assert done.stdout == f"warned {_core.isa_available()[-2]}\n"


@pytest.mark.slow  # compiles the inner loops, so that each kernel of a table can be broken in turn
def test_a_fault_in_any_kernel_is_found(tmp_path: Path) -> None:
    nanobind = pytest.importorskip("nanobind", reason="nanobind, which the build needs, is not installed")
    here = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    if any(shutil.which(tool, path=here["PATH"]) is None for tool in ("cmake", "make", "c++")):
        pytest.skip("CMake, make and a C++ compiler are needed to break a kernel")
    configure = [
        "cmake",
        "-S",
        ROOT,
        "-B",
        tmp_path,
        "-G",
        "Unix Makefiles",
        "-DCMAKE_BUILD_TYPE=Debug",
        "-DINKMEANS_PAGE=OFF",
    ]
    configure += [f"-DPython_EXECUTABLE={sys.executable}", f"-Dnanobind_DIR={nanobind.cmake_dir()}"]
    build = ["cmake", "--build", tmp_path, "--target", "self_check"]
    for command in (configure, build):
        subprocess.run(command, env=here, capture_output=True, check=True)
    done = subprocess.run([tmp_path / "self_check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert [line.split()[0] for line in done.stdout.splitlines()] == _core.isa_available()
