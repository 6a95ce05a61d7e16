"""Write the page's fonts: the characters, weights and sizes that it uses, from the fonts as Google Fonts serves them.

Run: pip install "fonttools[woff]", then python tools/subset_fonts.py FOLDER, where FOLDER holds the three files named
below (the latin and latin-ext parts of IBM Plex Sans, the latin part of Newsreader; both SIL OFL 1.1, no reserved
name). It also prints how the fallback fonts of frontend/src/styles/fonts.css must be scaled, so that no line moves when
a font arrives.
"""

import sys
from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter, parse_unicodes, save_font
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

TARGET = Path(__file__).parents[1] / "frontend" / "src" / "fonts"
LATIN = (
    "20-7E,A0-FF,131,152-153,2009,200A,2013,2014,2018-201A,201C-201E,2022,2026,202F,2032,2033,2039,203A,20AC,"
    "2191,2193,2212,2215"
)
FONTS = {
    # The page sets text in 400 to 700; titles are always 500, from 18 px up.
    "plex-sans-latin": ({"wght": (400, 700)}, LATIN),
    "plex-sans-latin-ext": ({"wght": (400, 700)}, "100-24F,1E00-1EFF,20A0-20BF,2113"),
    "newsreader-latin": ({"wght": 500, "opsz": (18, 72)}, LATIN),
}
FREQUENT = (
    "eeeeeeeeeeeetttttttttaaaaaaaaooooooooiiiiiiinnnnnnnsssssshhhhhhrrrrrrddddllllcccuuummmwwffggyyppbbvk0123456789 "
)


def subset(source: Path, target: Path, axes: dict[str, object], unicodes: str) -> None:
    """Write one font with these axes and characters."""
    instance = BytesIO()  # read anew: an instance in memory lacks the empty variations that the subsetter looks up
    instantiateVariableFont(TTFont(source), axes).save(instance)
    font = TTFont(instance)
    options = Options(flavor="woff2", hinting=False, layout_features=["kern", "liga", "tnum", "ccmp", "locl", "rvrn"])
    options.name_IDs = [0, 1, 2, 13, 14]  # whose it is, what it is called, its licence
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=parse_unicodes(unicodes))
    subsetter.subset(font)
    save_font(font, target, options)


def mean_width(font: TTFont) -> float:
    """Return the mean advance of English text, in ems."""
    names, widths = font.getBestCmap(), font["hmtx"]
    return sum(widths[names[ord(letter)]][0] for letter in FREQUENT) / len(FREQUENT) / font["head"].unitsPerEm


def fallback(font: TTFont, stand_in: TTFont) -> str:
    """Return the descriptors that give the stand-in the font's width and line height."""
    size = mean_width(font) / mean_width(stand_in)
    em = font["head"].unitsPerEm * size / 100
    up, down = font["hhea"].ascent / em, -font["hhea"].descent / em
    return f"size-adjust: {100 * size:.1f}%; ascent-override: {up:.1f}%; descent-override: {down:.1f}%;"


def main(folder: Path) -> None:
    """Write all fonts of the page from those in the folder."""
    for name, (axes, unicodes) in FONTS.items():
        target = TARGET / f"{name}.woff2"
        subset(folder / f"{name}.woff2", target, axes, unicodes)
        print(f"{target.name}: {target.stat().st_size:,} bytes")
    # Liberation has the widths of Arial and Times New Roman.
    for name, stand_in in {"plex-sans-latin": "LiberationSans", "newsreader-latin": "LiberationSerif"}.items():
        font = TTFont(TARGET / f"{name}.woff2")
        other = TTFont(f"/usr/share/fonts/truetype/liberation/{stand_in}-Regular.ttf")
        print(f"{name} by {stand_in}: {fallback(font, other)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
