"""Make the fonts that ship: subsets of IBM Plex Sans and Newsreader, both under the SIL Open Font License 1.1.

python -m pip install fonttools brotli
python tools/fonts.py             makes every font of FONTS again, from the packages on npm that hold them
python tools/fonts.py FOLDER      from FOLDER, into which those packages were unpacked before

The page's fonts are WOFF2 with an axis of weight, and one of size for titles. Pictures have TrueType files of one
weight, because not every FreeType reads WOFF2 or knows axes, with a plain table of kerning, because a layout without
HarfBuzz reads no other. Subsets bear a name of our own: upstream reserves "Plex" for fonts that are not changed. It
also prints how the fallback fonts of frontend/src/styles/fonts.css must be scaled, so that no line moves when a font
arrives.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
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
KERNED = 0.012  # of an em: what is nearer to 0 than this no one sees
# What a reader of Latin letters meets; the page's styles say the same of its own files.
_DRAWN = "20-7E,A1-AC,AE-FF,131,152-153,2013,2014,2018-201A,201C-201E,2022,2026,2039,203A,20AC,2122,2212"
_DRAWN_MORE = "100-17E,18F,218-21B,259,1E9E"
_LATIN = (
    "20-7E,A0-FF,131,152-153,2009,200A,2013,2014,2018-201A,201C-201E,2022,2026,202F,2032,2033,2039,203A,20AC,"
    "2191,2193,2212,2215"
)
_LATIN_MORE = "100-24F,1E00-1EFF,20A0-20BF,2113"


@dataclass(frozen=True)
class Font:
    """A font to make: its file's suffix is its format; several sources are joined into one."""

    path: str
    package: str
    sources: tuple[str, ...]
    axes: Mapping[str, float | tuple[float, float]]
    characters: str

    @property
    def is_drawn(self) -> bool:
        """Whether Pillow draws it."""
        return self.path.endswith(".ttf")

    @property
    def family(self) -> str:
        """Its name."""
        return {SANS: "Inkmeans Sans", SERIF: "Inkmeans Serif"}[self.package]


_PICTURES, _PAGE = "src/inkmeans/pictures/fonts", "frontend/src/fonts"
_PLEX, _PLEX_MORE = "ibm-plex-sans-latin-wght-normal.woff2", "ibm-plex-sans-latin-ext-wght-normal.woff2"
_TITLES = "newsreader-latin-opsz-normal.woff2"
FONTS = (
    Font(f"{_PICTURES}/sans-400.ttf", SANS, (_PLEX, _PLEX_MORE), {"wght": 400}, f"{_DRAWN},{_DRAWN_MORE}"),
    Font(f"{_PICTURES}/sans-600.ttf", SANS, (_PLEX, _PLEX_MORE), {"wght": 600}, f"{_DRAWN},{_DRAWN_MORE}"),
    Font(f"{_PICTURES}/serif-500.ttf", SERIF, (_TITLES,), {"wght": 500, "opsz": 32}, _DRAWN),
    # The page sets text in 400 to 700; titles are always 500, from 18 px up.
    Font(f"{_PAGE}/plex-sans-latin.woff2", SANS, (_PLEX,), {"wght": (400, 700)}, _LATIN),
    Font(f"{_PAGE}/plex-sans-latin-ext.woff2", SANS, (_PLEX_MORE,), {"wght": (400, 700)}, _LATIN_MORE),
    Font(f"{_PAGE}/newsreader-latin.woff2", SERIF, (_TITLES,), {"wght": 500, "opsz": (18, 72)}, _LATIN),
)


def make(font: Font, folder: Path) -> None:
    """Write one font from the sources in `folder`."""
    parts = [_part(folder / font.package / "files" / source, font) for source in font.sources]
    made = parts[0] if len(parts) == 1 else _joined(parts)
    if font.is_drawn:
        _make_kerning_plain(made)
    _name(made, font)
    made.flavor = None if font.is_drawn else "woff2"
    made.recalcTimestamp = False  # the same bytes each time
    path = ROOT / font.path
    path.parent.mkdir(parents=True, exist_ok=True)
    made.save(path)


def _part(source: Path, font: Font) -> TTFont:
    instance = BytesIO()  # read anew: an instance in memory lacks the empty variations that the subsetter looks up
    instancer.instantiateVariableFont(TTFont(source), dict(font.axes)).save(instance)
    part = TTFont(instance)
    options = subset.Options()
    options.layout_features = ["kern"] if font.is_drawn else ["kern", "liga", "tnum", "ccmp", "locl", "rvrn"]
    options.hinting = False
    options.name_IDs = [0, 13, 14]  # copyright and licence; the rest is written anew
    options.notdef_outline = True
    options.glyph_names = False
    options.drop_tables += ["GDEF", "STAT", "MVAR", "gasp"] if font.is_drawn else []
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=subset.parse_unicodes(font.characters))
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
    weight = made.axes["wght"]
    style = "Roman" if isinstance(weight, tuple) else {400: "Regular", 500: "Medium", 600: "SemiBold"}[int(weight)]
    texts = {1: made.family, 2: "Regular", 3: f"{made.family} {style}", 4: f"{made.family} {style}"}
    texts |= {6: f"{made.family.replace(' ', '')}-{style}", 16: made.family, 17: style}
    texts[10] = f"A subset of {made.package} {VERSION}, changed; see tools/fonts.py of inkmeans."
    for number, text in texts.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    if not isinstance(weight, tuple):
        font["OS/2"].usWeightClass = int(weight)
    font["head"].created = font["head"].modified = _WHEN


_WHEN = 3_850_000_000  # seconds from 1904: the same bytes each time
_FREQUENT = (
    "eeeeeeeeeeeetttttttttaaaaaaaaooooooooiiiiiiinnnnnnnsssssshhhhhhrrrrrrddddllllcccuuummmwwffggyyppbbvk0123456789 "
)


def _mean_width(font: TTFont) -> float:
    """Return the mean advance of English text, in ems."""
    names, widths = font.getBestCmap(), font["hmtx"]
    return sum(widths[names[ord(letter)]][0] for letter in _FREQUENT) / len(_FREQUENT) / font["head"].unitsPerEm


def fallback(font: TTFont, stand_in: TTFont) -> str:
    """Return the descriptors that give the stand-in the font's width and line height."""
    size = _mean_width(font) / _mean_width(stand_in)
    em = font["head"].unitsPerEm * size / 100
    up, down = font["hhea"].ascent / em, -font["hhea"].descent / em
    return f"size-adjust: {100 * size:.1f}%; ascent-override: {up:.1f}%; descent-override: {down:.1f}%;"


def fetch(folder: Path) -> None:
    """Unpack the packages that hold the sources into `folder`."""
    for package in sorted({font.package for font in FONTS}):
        command = ["npm", "pack", "--silent", f"@fontsource-variable/{package}@{VERSION}"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
        with tarfile.open(folder / done.stdout.strip()) as archive:
            archive.extractall(folder, filter="data")
        (folder / "package").rename(folder / package)


def main() -> None:
    """Make every font, and print how large it is."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[1] if len(sys.argv) > 1 else temporary)
        if len(sys.argv) == 1:
            fetch(folder)
        for font in FONTS:
            make(font, folder)
            print(f"{(ROOT / font.path).stat().st_size:>8,}  {font.path}")
    # Liberation has the widths of Arial and Times New Roman.
    for name, stand_in in {"plex-sans-latin": "LiberationSans", "newsreader-latin": "LiberationSerif"}.items():
        other = Path(f"/usr/share/fonts/truetype/liberation/{stand_in}-Regular.ttf")
        if other.exists():
            print(f"{name} by {stand_in}: {fallback(TTFont(ROOT / _PAGE / f'{name}.woff2'), TTFont(other))}")


if __name__ == "__main__":
    main()
