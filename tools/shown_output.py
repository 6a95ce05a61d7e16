"""What the README and the lesson show is what the programs print and draw: this puts it there, and tests compare it.

python tools/shown_output.py          writes the output into README.md and docs/lesson.md, and the README's picture
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
SHOWN = {
    "demo": (ROOT / "README.md", [str(Path(sys.executable).parent / "inkmeans"), "demo", "-o"]),
    "lesson": (ROOT / "docs" / "lesson.md", [sys.executable, str(ROOT / "examples" / "lesson.py")]),
}
PICTURE = ROOT / "docs" / "pictures" / "reading.png"


def drawn(path: Path) -> None:
    """Write what `inkmeans read` draws of the example that the README reads."""
    command = [str(Path(sys.executable).parent / "inkmeans"), "read", "--picture", str(path), "--force"]
    subprocess.run([*command, str(ROOT / "examples" / "numbers.jpg")], capture_output=True, check=True)


def printed(name: str) -> str:
    """Return what a program prints when it writes into the folder that its document names."""
    _, command = SHOWN[name]
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([*command, name], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


def marks(name: str) -> tuple[str, str]:
    """Return what stands before and after a program's output in its document."""
    return f"<!-- {name} -->\n```text\n", f"```\n<!-- end of {name} -->"


def shown(name: str) -> str:
    """Return what the document says that a program prints."""
    before, after = marks(name)
    return SHOWN[name][0].read_text(encoding="utf-8").split(before)[1].split(after)[0]


def main() -> None:
    """Write what the programs print into the documents, and what one draws."""
    drawn(PICTURE)
    for name, (path, _) in SHOWN.items():
        before, after = marks(name)
        text = path.read_text(encoding="utf-8")
        head, rest = text.split(before)
        path.write_text(head + before + printed(name) + after + rest.split(after)[1], encoding="utf-8")


if __name__ == "__main__":
    main()
