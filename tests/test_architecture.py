"""The shape of the package: the arrows between its parts, the tree, light imports, one version."""

import ast
import importlib
import re
import subprocess
import sys
import tomllib
from graphlib import TopologicalSorter
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

import inkmeans

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "inkmeans"
DOCUMENT = (ROOT / "docs" / "architecture.md").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PARTS = sorted(
    path.stem
    for path in SOURCE.iterdir()
    if (path.suffix == ".py" and not path.name.startswith("__")) or (path / "__init__.py").is_file()
)


def documented_arrows() -> dict[str, set[str]]:
    rows = re.findall(r"^\| `(\w+)` \|(.*)\|$", DOCUMENT, flags=re.MULTILINE)
    return {part: set(re.findall(r"`(\w+)`", allowed)) for part, allowed in rows}


def contracted_arrows() -> dict[str, set[str]]:
    """Return what import-linter's contracts leave allowed: every lower layer, less what is forbidden."""
    contracts: list[dict[str, Any]] = PROJECT["tool"]["importlinter"]["contracts"]
    allowed: dict[str, set[str]] = {}
    for layer in reversed(next(contract["layers"] for contract in contracts if contract["type"] == "layers")):
        lower = set(allowed)
        allowed |= {part.strip(): set(lower) for part in layer.split("|")}
    for contract in contracts:
        if contract["type"] == "forbidden":
            for part in contract["source_modules"]:
                allowed[part.split(".")[1]] -= {module.split(".")[1] for module in contract["forbidden_modules"]}
    return allowed


def imports() -> list[tuple[Path, str]]:
    """Return each file under src/inkmeans with each module or name of inkmeans that it imports, as a dotted path."""
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found += [(path, alias.name) for alias in node.names if alias.name.startswith("inkmeans.")]
            elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "inkmeans":
                found += [(path, f"{node.module}.{alias.name}") for alias in node.names]
    return found


def part_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def modules() -> dict[str, Path]:
    """Return every module of the package with its file; a package is its ``__init__.py``."""
    found = {path: path.relative_to(SOURCE.parent).with_suffix("").parts for path in SOURCE.rglob("*.py")}
    return {".".join(parts).removesuffix(".__init__"): path for path, parts in found.items()}


def test_the_documented_arrows_are_within_the_contracts() -> None:
    allowed = contracted_arrows()
    wrong = {part: targets - allowed[part] for part, targets in documented_arrows().items()}
    assert {part: targets for part, targets in wrong.items() if targets} == {}


def test_every_part_has_its_row() -> None:
    assert sorted(documented_arrows()) == PARTS


def test_each_part_imports_what_its_row_names_and_nothing_else() -> None:
    found: dict[str, set[str]] = {part: set() for part in PARTS}
    for path, name in imports():
        part, target = part_of(path), name.split(".")[1]
        if part in PARTS and target in PARTS and target != part:
            found[part].add(target)
    order = list(documented_arrows())
    rows = {
        part: f"| `{part}` | {', '.join(f'`{each}`' for each in order if each in targets)} |".replace("|  |", "| |")
        for part, targets in found.items()
        if targets != documented_arrows()[part]
    }
    assert rows == {}, "docs/architecture.md should have these rows"


def test_no_module_imports_itself_by_way_of_others() -> None:
    paths = modules()
    needs: dict[str, set[str]] = {module: set() for module in paths}
    names = {path: module for module, path in paths.items()}
    for path, name in imports():
        target = name if name in paths else name.rpartition(".")[0]
        needs[names[path]] |= {target} & (set(paths) - {names[path], "inkmeans"})
    list(TopologicalSorter(needs).static_order())


def test_no_file_is_longer_than_400_lines() -> None:
    kinds = {".py", ".hpp", ".cpp", ".ts", ".svelte"}
    files = [path for top in (SOURCE, ROOT / "native", ROOT / "frontend" / "src") for path in top.rglob("*.*")]
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in files
        if path.suffix in kinds
    }
    assert {file: length for file, length in lengths.items() if length > 400} == {}


def test_a_private_module_is_imported_in_its_own_folder_only() -> None:
    wrong = [
        f"{path.relative_to(SOURCE)} imports {name}"
        for path, name in imports()
        if (steps := name.split("."))[1] != part_of(path) and any(step[0] == "_" for step in steps[2:])
    ]
    assert wrong == []


def test_only_stages_and_products_call_the_native_core() -> None:
    callers = {str(path.relative_to(SOURCE)) for path, name in imports() if name.split(".")[1] == "_core"}
    stages = re.findall(r"─► (\w+)", DOCUMENT)
    assert [caller for caller in sorted(callers) if caller.split("/")[0] not in stages] == [
        "cli/_info.py",
        "products.py",
    ]


def test_the_tree_names_every_part() -> None:
    tree = re.search(r"```text\nsrc/inkmeans/\n(.*?)```", DOCUMENT, flags=re.DOTALL)
    assert tree is not None
    inside = re.findall(r"^  (\w+)(?:\.py|/)", tree[1], flags=re.MULTILINE)
    assert sorted(inside) == sorted([*PARTS, "__main__"])
    beside = re.findall(r"^(\w+)/", tree[1], flags=re.MULTILINE)
    assert [folder for folder in beside if not (ROOT / folder).is_dir()] == []


def test_import_inkmeans_loads_nothing_but_itself() -> None:
    program = (
        "import sys; before = set(sys.modules); import inkmeans; loaded = set(sys.modules) - before; "
        "print(*sorted(name for name in loaded if name.split('.')[0] not in sys.stdlib_module_names))"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["inkmeans"]


def test_one_version_everywhere() -> None:
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), flags=re.MULTILINE)
    assert newest is not None
    assert PROJECT["project"]["version"] == inkmeans.__version__ == version("inkmeans") == newest[1]


@pytest.mark.parametrize("name", inkmeans.__all__)
def test_each_public_name_loads(name: str) -> None:
    assert getattr(inkmeans, name) is not None
    assert name in dir(inkmeans)


def test_each_part_that_is_for_programs_loads_when_it_is_named() -> None:
    folders = {part for part in PARTS if (SOURCE / part).is_dir()} - {"cli", "web", "lesson"}
    code = f"import inkmeans; print(*[getattr(inkmeans, name).__name__ for name in {sorted(folders)}], *dir(inkmeans))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {f"inkmeans.{name}" for name in folders} | folders <= set(done.stdout.split())


@pytest.mark.parametrize("part", [part for part in PARTS if (SOURCE / part).is_dir()])
def test_each_folder_exports_names_that_exist(part: str) -> None:
    module = importlib.import_module(f"inkmeans.{part}")
    assert module.__doc__
    assert [name for name in module.__all__ if not hasattr(module, name)] == []
    assert [name for name in module.__all__ if name.startswith("_")] == []


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(AttributeError, match=r"module 'inkmeans' has no attribute 'KMean'; it has .*KMeans, .*\.$"):
        inkmeans.KMean  # noqa: B018
