"""``inkmeans info``."""

import json
import platform
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from inkmeans import __version__, _core
from inkmeans.cli import _info
from inkmeans.threads import n_threads


def test_json_holds_every_fact(invoke) -> None:
    facts = json.loads(invoke("info", "--json").stdout)
    assert (facts["format"], facts["version"], facts["inkmeans"]) == ("inkmeans info", 1, __version__)
    assert facts["python"] == platform.python_version()
    assert facts["isa"] == _core.isa_in_use() and facts["isa"] in facts["isa_available"]
    assert facts["threads"] == n_threads()
    assert facts["compiler"] == _core.compiler()
    assert set(facts["extras"]) == {"web", "data", "plot"}
    assert set(facts["extras"]["web"]) == {"fastapi", "uvicorn", "python-multipart", "segno"}
    assert set(facts["readers"]) == {"digits"}


def test_the_extras_are_those_that_code_uses() -> None:
    root = Path(__file__).parents[2]
    imported = set(re.findall(r"^ *(?:from|import) (\w+)", _sources(root / "src" / "inkmeans"), re.MULTILINE))
    extras = tomllib.loads((root / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    packages = {
        extra: [re.split(r"[>=]", each)[0].replace("-", "_") for each in each_of] for extra, each_of in extras.items()
    }
    assert {extra for extra, names in packages.items() if imported.intersection(names)} == set(_info._EXTRAS)


def _sources(folder: Path) -> str:
    return "\n".join(path.read_text() for path in folder.rglob("*.py"))


def test_the_forced_instruction_set_is_the_one_in_use(run) -> None:
    assert json.loads(run("info", "--json", env={"INKMEANS_ISA": "scalar"}).stdout)["isa"] == "scalar"


def test_an_unknown_instruction_set_gets_one_sentence(run) -> None:
    done = run("info", env={"INKMEANS_ISA": "foo"})
    assert done.returncode == 1
    assert done.stderr.startswith("Error: INKMEANS_ISA is 'foo', but this machine runs 'scalar'")


def test_an_instruction_set_that_is_left_out_is_told(run) -> None:
    program = (
        "import warnings; warnings.simplefilter('ignore'); from inkmeans import _core; from inkmeans.cli import main; "
        "_core.leave_out_isa(_core.isa_available()[-1], 'dot.i16'); main(['info'])"
    )
    if len(_core.isa_available()) < 2:
        pytest.skip("this processor runs the scalar kernels alone")
    *left, out = _core.isa_available()
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    line = next(line for line in done.stdout.splitlines() if line.startswith("instruction set"))
    told = f"{left[-1]} (there are {', '.join(left)}; {out} is left out, as its kernel dot.i16 disagrees with the scalar one"
    assert told in line


def test_people_get_lines(invoke) -> None:
    done = invoke("info")
    assert done.exit_code == 0
    lines = {line[:15].strip(): line[15:].strip() for line in done.stdout.splitlines()}
    assert lines["inkmeans"] == __version__
    assert lines["instruction set"].startswith(_core.isa_in_use())
    assert {"extra web", "extra data", "reader digits", "threads", "compiler"} <= set(lines)


def test_a_missing_extra_says_how_to_get_it(invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_info, "_version", lambda package: None if package == "pooch" else "1.0")
    text = invoke("info").stdout
    assert "not installed; run: pip install 'inkmeans[data]'\n" in text
    assert "fastapi 1.0, uvicorn 1.0, python-multipart 1.0, segno 1.0\n" in text


def test_the_shipped_reader_is_described(invoke, model, monkeypatch: pytest.MonkeyPatch) -> None:
    from inkmeans import load, reader

    found = load(model)
    found.trained_on_ = {"sources": [{"name": "MNIST train", "licence": "CC BY-SA 3.0"}, {"name": "numbers"}]}
    monkeypatch.setattr(reader, "load", lambda _: found)
    text = invoke("info").stdout
    assert "0 1 2 3 4 5 6 7 8 9 by " in text
    assert text.endswith("; trained on MNIST train (CC BY-SA 3.0), numbers\n")


def test_a_reader_that_is_missing_is_told_and_no_failure(invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    from inkmeans import reader
    from inkmeans.errors import FileError

    def fail(_: str) -> None:
        raise FileError("digits does not exist.")

    monkeypatch.setattr(reader, "load", fail)
    done = invoke("info")
    assert done.exit_code == 0
    assert done.stdout.endswith("digits does not exist.\n")
