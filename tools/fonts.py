"""Make the fonts that ship: subsets of IBM Plex Sans and Newsreader, both under the SIL Open Font License 1.1.

python -m pip install fonttools brotli
python tools/fonts.py             makes every font of FONTS again, from the packages on npm that hold them

A font that Pillow draws is a TrueType file of one weight, because not every FreeType reads WOFF2 or knows axes, and its
kerning is a plain table, because a layout without HarfBuzz reads no other. Subsets bear a name of our own: upstream
reserves "Plex" for fonts that are not changed.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.merge import Merger
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._k_e_r_n import KernTable_format_0
from fontTools.varLib import instancer

ROOT = Path(__file__).parents[1]
VERSION = "5.3.0"
SANS, SERIF = "ibm-plex-sans", "newsreader"  # of @fontsource-variable

ASCII = range(0x20, 0x7F)
LATIN = (*ASCII, *range(0xA1, 0xAD), *range(0xAE, 0x100), 0x131, 0x152, 0x153)
EXTENDED = (*range(0x100, 0x17F), 0x18F, 0x259, *range(0x218, 0x21C), 0x1E9E)
MARKS = (
    0x2013,
    0x2014,
    0x2018,
    0x2019,
    0x201A,
    0x201C,
    0x201D,
    0x201E,
    0x2022,
    0x2026,
    0x2039,
    0x203A,
    0x20AC,
    0x2122,
    0x2212,
)
KERNED = 0.012  # of an em: what is nearer to 0 than this no one sees


@dataclass(frozen=True)
class Font:
    """A font to make: its file's suffix is its format; several sources are joined into one."""

    path: str
    package: str
    sources: tuple[str, ...]
    axes: Mapping[str, float | tuple[float, float]]
    characters: tuple[int, ...]
    family: str


_PICTURES = "src/inkmeans/pictures/fonts"
_SANS = ("ibm-plex-sans-latin-wght-normal.woff2", "ibm-plex-sans-latin-ext-wght-normal.woff2")
_SERIF = ("newsreader-latin-opsz-normal.woff2",)
FONTS = (
    Font(f"{_PICTURES}/sans-400.ttf", SANS, _SANS, {"wght": 400}, (*LATIN, *EXTENDED, *MARKS), "Inkmeans Sans"),
    Font(f"{_PICTURES}/sans-600.ttf", SANS, _SANS, {"wght": 600}, (*LATIN, *EXTENDED, *MARKS), "Inkmeans Sans"),
    Font(f"{_PICTURES}/serif-500.ttf", SERIF, _SERIF, {"wght": 500, "opsz": 32}, (*LATIN, *MARKS), "Inkmeans Serif"),
)


def make(font: Font, folder: Path) -> None:
    """Write one font from the sources in `folder`."""
    parts = [_part(folder / font.package / "files" / source, font) for source in font.sources]
    made = parts[0] if len(parts) == 1 else _joined(parts)
    if font.path.endswith(".ttf"):
        _make_kerning_plain(made)
    _name(made, font)
    made.flavor = None if font.path.endswith(".ttf") else "woff2"
    made.recalcTimestamp = False  # the same bytes each time
    path = ROOT / font.path
    path.parent.mkdir(parents=True, exist_ok=True)
    made.save(path)


def _part(source: Path, font: Font) -> TTFont:
    part = instancer.instantiateVariableFont(TTFont(source), dict(font.axes))
    options = subset.Options()
    options.layout_features = ["kern"] if font.path.endswith(".ttf") else ["kern", "lnum", "tnum", "pnum", "locl"]
    options.hinting = False
    options.name_IDs = [0, 13, 14]  # copyright and licence; the rest is written anew
    options.notdef_outline = True
    options.glyph_names = False
    options.drop_tables += ["GDEF", "STAT", "MVAR", "gasp"] if font.path.endswith(".ttf") else []
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=font.characters)
    cutter.subset(part)
    return part


def _joined(parts: list[TTFont]) -> TTFont:
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, part in enumerate(parts):
            part.flavor = None
            paths.append(str(Path(folder) / f"{number}.ttf"))
            part.save(paths[-1])
        return Merger().merge(paths)


def _make_kerning_plain(font: TTFont) -> None:
    """Replace the positions of GPOS by a table of pairs of ASCII characters."""
    names = {code: name for code, name in font.getBestCmap().items() if code in ASCII}
    least = KERNED * font["head"].unitsPerEm
    pairs = {pair: value for pair, value in _pairs(font, set(names.values())).items() if abs(value) >= least}
    table = KernTable_format_0()
    table.apple, table.coverage, table.kernTable = False, 1, pairs
    font["kern"] = newTable("kern")
    font["kern"].version, font["kern"].kernTables = 0, [table]
    for tag in ("GPOS", "GSUB"):
        if tag in font:
            del font[tag]


def _pairs(font: TTFont, names: set[str]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for lookup in _lookups(font):
        here: dict[tuple[str, str], int] = {}
        for table in lookup:
            for left in names & set(table.Coverage.glyphs):
                for right, value in _seconds(table, left, names):
                    here.setdefault((left, right), value)  # the first table of a lookup that has a pair decides
        for pair, value in here.items():
            found[pair] = found.get(pair, 0) + value
    return found


def _lookups(font: TTFont) -> Iterator[list[Any]]:
    if "GPOS" not in font:
        return
    for lookup in font["GPOS"].table.LookupList.Lookup:
        tables = [getattr(table, "ExtSubTable", table) for table in lookup.SubTable]
        yield [table for table in tables if table.LookupType == 2]


def _seconds(table: Any, left: str, names: set[str]) -> Iterator[tuple[str, int]]:
    if table.Format == 1:
        records = table.PairSet[table.Coverage.glyphs.index(left)].PairValueRecord
        values = {record.SecondGlyph: record.Value1 for record in records}
    else:
        row = table.Class1Record[table.ClassDef1.classDefs.get(left, 0)].Class2Record
        values = {right: row[table.ClassDef2.classDefs.get(right, 0)].Value1 for right in names}
    for right, value in values.items():
        if right in names:
            yield right, getattr(value, "XAdvance", 0) if value else 0


def _name(font: TTFont, made: Font) -> None:
    weight = made.axes.get("wght", 400)
    style = (
        {400: "Regular", 500: "Medium", 600: "SemiBold"}.get(weight, "Regular") if isinstance(weight, int) else "Roman"
    )
    texts = {1: made.family, 2: "Regular", 3: f"{made.family} {style}", 4: f"{made.family} {style}"}
    texts |= {6: f"{made.family.replace(' ', '')}-{style}", 16: made.family, 17: style}
    texts[10] = f"A subset of {made.package} {VERSION}, changed; see tools/fonts.py of inkmeans."
    for number, text in texts.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    if isinstance(weight, int):
        font["OS/2"].usWeightClass = weight
    font["head"].created = font["head"].modified = 0


def main() -> None:
    """Fetch the packages and make every font."""
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    with tempfile.TemporaryDirectory() as folder:
        for package in sorted({font.package for font in FONTS}):
            command = ["npm", "pack", "--silent", f"@fontsource-variable/{package}@{VERSION}"]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
            with tarfile.open(Path(folder) / done.stdout.strip()) as archive:
                archive.extractall(Path(folder) / package, filter="data")
            (Path(folder) / package / "package" / "files").rename(Path(folder) / package / "files")
        for font in FONTS:
            make(font, Path(folder))
            print(f"{(ROOT / font.path).stat().st_size:>8,}  {font.path}")


if __name__ == "__main__":
    main()
