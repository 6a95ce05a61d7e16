"""Check a wheel: what it holds, and that it works where there is no compiler, no Node and, once fetched, no network.

python tools/check_wheel.py dist/inkmeans-0.1.0-cp311-cp311-manylinux_2_34_x86_64.whl

An empty environment is made, with a PATH of Python and coreutils alone; the wheel and all that it needs, as wheels, are
fetched into a folder, and installed from there without asking an index. Then the command line and the page are tried.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from dataclasses import dataclass
from fnmatch import fnmatch
from http.cookiejar import CookieJar
from pathlib import Path

EXTRAS = "web,data,plot"
COMPILERS = ("cc", "c++", "gcc", "g++", "clang", "clang++", "cmake", "make", "ninja", "ld", "node", "npm")
NEEDED = (
    "inkmeans/_core.*.so",
    "inkmeans/class_kit/lab.ipynb",
    "inkmeans/examples/year.png",
    "inkmeans/pictures/fonts/*.ttf",
    "inkmeans/pictures/fonts/OFL-*.txt",
    "inkmeans/reader/digits.safetensors",
    "inkmeans/web/static/index.html",
    "inkmeans/web/static/lesson.html",
    "inkmeans/web/static/phone/phone.html",
    "inkmeans/web/static/assets/*.woff2",
    "inkmeans-*.dist-info/licenses/LICENSE",
    "inkmeans-*.dist-info/licenses/*OFL-*.txt",
)
FOREIGN = ("*/tests/*", "*/test_*.py", "*/node_modules/*", "*.pyc", "*.map", "*.svelte", "*.ts", "*.cpp", "*.hpp")


class WheelError(Exception):
    """What is wrong with a wheel, in one sentence."""


def check_names(whole: str, names: list[str]) -> None:
    """Refuse a package of these files if one is missing, or does not belong there."""
    missing = [pattern for pattern in NEEDED if not any(fnmatch(name, pattern) for name in names)]
    if missing:
        raise WheelError(f"{whole} has no {' and no '.join(missing)}.")
    foreign = [
        name
        for name in names
        if any(fnmatch(name, pattern) for pattern in FOREIGN) or name.split("/")[0].split("-")[0] != "inkmeans"
    ]
    if foreign:
        raise WheelError(f"{whole} holds {foreign[0]}, which is not for those who use it.")


def check_contents(wheel: Path) -> str:
    """Return what a wheel holds in one line; a file that is missing or does not belong there is refused."""
    with zipfile.ZipFile(wheel) as archive:
        sizes = {each.filename: each.file_size for each in archive.infolist() if not each.is_dir()}
    check_names(wheel.name, list(sizes))
    glibc = re.search(r"manylinux_(\d+)_(\d+)_x86_64", wheel.name)
    if glibc is None:
        raise WheelError(f"The name of {wheel.name} does not say the oldest glibc that it runs on.")
    python = wheel.name.split("-")[2].replace("cp3", "CPython 3.")
    return (
        f"{wheel.stat().st_size / 1e6:.1f} MB, {sum(sizes.values()) / 1e6:.1f} MB installed, {len(sizes)} files; "
        f"for {python} on Linux x86-64 with glibc {glibc[1]}.{glibc[2]} or newer"
    )


@dataclass(frozen=True)
class Empty:
    """An environment with Python, coreutils, and nothing that could build."""

    folder: Path
    fetched: Path

    @property
    def variables(self) -> dict[str, str]:
        """Return all the variables that its programs get."""
        path = f"{self.folder / 'environment' / 'bin'}:{self.folder / 'programs'}"
        # What an environment of a company or school says of its own index holds for fetching too.
        kept = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_", "REQUESTS_"))}
        return {**kept, "PATH": path, "HOME": str(self.folder), "LANG": "C.UTF-8", "PYTHONUTF8": "1"}

    def run(self, *command: str, **more: str) -> str:
        """Return what a command prints; it is refused where it fails."""
        done = subprocess.run(
            command, cwd=self.folder, env={**self.variables, **more}, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise WheelError(f"{' '.join(command)} failed in the empty environment:\n{done.stdout}{done.stderr}")
        return done.stdout


def make_empty(folder: Path) -> Empty:
    """Return a new empty environment with its own PATH."""
    empty = Empty(folder, folder / "fetched")
    programs = folder / "programs"
    programs.mkdir()
    for name in ("cat", "cp", "env", "ls", "mkdir", "mv", "rm", "sh", "sort", "uname"):
        (programs / name).symlink_to(shutil.which(name) or f"/bin/{name}")
    subprocess.run([sys.executable, "-m", "venv", folder / "environment"], check=True, env=empty.variables)
    there = [name for name in COMPILERS if shutil.which(name, path=empty.variables["PATH"])]
    if there:
        raise WheelError(f"The empty environment has {there[0]}, so it tells nothing.")
    return empty


def install(empty: Empty, wheel: Path) -> None:
    """Fetch the wheel and what it needs as wheels, then install from that folder, without an index."""
    asked = f"{wheel}[{EXTRAS}]"
    quiet = ("--quiet", "--disable-pip-version-check", "--only-binary", ":all:")
    empty.run("python", "-m", "pip", "download", *quiet, "--dest", str(empty.fetched), asked)
    from_folder = ("--no-index", "--find-links", str(empty.fetched))
    empty.run("python", "-m", "pip", "install", *quiet, "--no-compile", *from_folder, f"inkmeans[{EXTRAS}]")


def try_commands(empty: Empty) -> None:
    """Read, show what is in use, run the demo, write the lesson and the lab."""
    facts = json.loads(empty.run("inkmeans", "info", "--json"))
    if facts["isa"] != facts["isa_available"][-1] or facts["isa_left_out"]:
        raise WheelError(
            f"The core uses {facts['isa']} of {facts['isa_available']}; left out: {facts['isa_left_out']}."
        )
    absent = [name for packages in facts["extras"].values() for name, version in packages.items() if version is None]
    if absent:
        raise WheelError(f"The extras lack {', '.join(absent)}.")
    code = "import inkmeans; print(inkmeans.__path__[0] + '/examples/year.png')"
    year = empty.run("python", "-c", code).strip()
    for isa in facts["isa_available"]:
        read = empty.run("inkmeans", "read", year, INKMEANS_ISA=isa).strip()
        if read != "2036":
            raise WheelError(f"year.png reads {read} with {isa}, and not 2036.")
    empty.run("inkmeans", "demo", "--output", "demo")
    empty.run("inkmeans", "export", "lesson", "--output", "lesson.html")
    empty.run("inkmeans", "lab", "--teacher", "lab")
    for made in ("demo/report.html", "lesson.html", "lab/lab.ipynb"):
        if not (empty.folder / made).is_file():
            raise WheelError(f"{made} was not written.")
    empty.run("python", "-c", "import matplotlib; matplotlib.use('Agg'); import inkmeans.plot")


def try_page(empty: Empty) -> None:
    """Open the page and ask the server for its sets, as a browser does."""
    server = subprocess.Popen(
        ["inkmeans", "serve", "--port", "0", "--no-browser"],
        env=empty.variables, cwd=empty.folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        line = server.stdout.readline()
        address = re.search(r"(http://127\.0\.0\.1:\d+/)\?token=\S+", line)
        if address is None:
            raise WheelError(f"inkmeans serve printed {line!r}, and no address.")
        ask = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        page = ask.open(address[0], timeout=30).read().decode()
        script = re.search(r'src="/?(assets/[^"]+\.js)"', page)
        if script is None or not ask.open(address[1] + script[1], timeout=30).read():
            raise WheelError("The page has no script.")
        sets = json.load(ask.open(address[1] + "api/v1/learn/sets", timeout=60))
        if not sets:
            raise WheelError("Learn has no sets.")
    finally:
        server.terminate()
        server.communicate(timeout=20)


def main() -> int:
    """Check the wheel that is named."""
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    wheel = Path(sys.argv[1]).resolve()
    try:
        print(f"{wheel.name}: {check_contents(wheel)}.")
        with tempfile.TemporaryDirectory(prefix="inkmeans-wheel-") as folder:
            empty = make_empty(Path(folder))
            install(empty, wheel)
            try_commands(empty)
            try_page(empty)
            fetched = list(empty.fetched.iterdir())
            size = sum(each.stat().st_size for each in fetched) / 1e6
    except WheelError as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"Installed in an empty environment with no compiler, from a folder of {len(fetched)} wheels ({size:.0f} MB), "
        "without an index; read, demo, lesson, lab and page work there."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
