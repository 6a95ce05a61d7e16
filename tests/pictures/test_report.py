"""The report: stands alone, escapes everything, says what its numbers mean."""

import base64
import io
import re
import struct
import zlib
from html.parser import HTMLParser
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from inkmeans.errors import InputError
from inkmeans.evaluate import Confusion
from inkmeans.pictures import (
    ClusterEntry,
    Figure,
    MistakeEntry,
    ReadingEntry,
    ReportData,
    report,
)
from inkmeans.pictures._reading import marked_photo
from inkmeans.pictures._text import FACES, font_file
from inkmeans.pictures._tiles import ACCENT, DOUBT, INK
from inkmeans.records import GlyphReading, Reading

VOID = {"meta", "link", "img", "br"}
EVIL = '<script>alert("1")</script>'


class Page(HTMLParser):
    """What a test asks of a page: tags with attributes, text, ids, and that every tag is closed."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.words, self.open = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self):
        return " ".join("".join(self.words).split())

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


def full_data(word="7"):
    ink = np.eye(8)
    glyphs = (GlyphReading(word, 0.9, (1, 1, 8, 8)), GlyphReading("?", 0.2, (12, 1, 8, 8)))
    return ReportData(
        f"Title {word}",
        lead=f"Lead {word}",
        figures=[Figure("accuracy", "97.1 %"), Figure(f"custom {word}", f"1 {word}", f"A note {word}.")],
        clusters=[
            ClusterEntry(0, word, [ink] * 50, sources=[word] * 50, doubtful=3, center=ink, truths={word: 40, "1": 10}),
            ClusterEntry(1, None, [], center=ink),
            ClusterEntry(2, "9", np.ones((3, 5, 4)), size=1234, center=ink),
        ],
        readings=[ReadingEntry(np.ones((10, 25)), Reading(f"{word}?", 0.2, True, (0, 0, 1, 1), glyphs), word)],
        confusion=Confusion((word, "9"), np.array([[40, 3], [0, 1200]]), np.array([1, 0])),
        mistakes=[MistakeEntry(ink, word, 0.61, "9", word), MistakeEntry(ink, "?", 0.31, word)],
        made={"k": 3, word: word, "normalizer": {"version": 1, word: word}, "seeds": [1, 2]},
    )


def test_a_report_stands_alone():
    html = report(full_data())
    page = Page(html)
    assert page.open == []
    assert not {"script", "iframe", "object", "embed", "base", "form"} & {tag for tag, _ in page.tags}
    for tag, attributes in page.tags:
        for name, value in attributes.items():
            assert not name.startswith("on")
            assert name not in ("srcset", "style", "action", "formaction", "poster", "background")
            if name in ("src", "href"):
                kinds = ("png", "jpeg", "svg+xml") if tag == "link" else ("png", "jpeg")
                assert value.startswith((*(f"data:image/{kind};base64," for kind in kinds), "#"))
    style = html[html.index("<style>") : html.index("</style>")]
    assert style.count("url(") == style.count('url("data:font/woff;base64,') == 3
    assert "@import" not in style
    assert "http" not in html.replace('xmlns="http://www.w3.org/2000/svg"', "")  # the name of a language, not a link


def test_the_fonts_come_along():
    html = report(ReportData("x"))
    rules = re.findall(r'@font-face \{ font-family: "Inkmeans (\w+)"; font-weight: (\d+); src: url\("(.*?)"\)', html)
    assert [rule[:2] for rule in rules] == [("Sans", "400"), ("Sans", "600"), ("Serif", "500")]
    for face, (_, _, uri) in zip(FACES, rules, strict=True):
        packed = base64.b64decode(uri.partition(",")[2])
        assert (packed[:4], int.from_bytes(packed[8:12])) == (b"wOFF", len(packed))
        assert unpacked(packed) == font_file(face)
    assert len(html) < 130_000
    assert "SIL Open Font License 1.1" in html


def unpacked(woff):
    """Return the TrueType file that a WOFF holds; its directory is in the order of tags."""
    n, size = int.from_bytes(woff[12:14]), int.from_bytes(woff[16:20])
    powers = max(i for i in range(8) if 2**i <= n)
    search = 16 * 2**powers
    head, body = woff[4:8] + struct.pack(">HHHH", n, search, powers, 16 * n - search), b""
    records = [struct.unpack(">4sIIII", woff[44 + 20 * i : 64 + 20 * i]) for i in range(n)]
    places = {}
    for tag, start, packed, length, _ in sorted(records, key=lambda record: record[1]):
        part = woff[start : start + packed]
        part = part if packed == length else zlib.decompress(part)
        assert len(part) == length
        places[tag] = 12 + 16 * n + len(body)
        body += part + b"\0" * (-length % 4)
    for tag, _, _, length, checksum in records:
        head += struct.pack(">4sIII", tag, checksum, places[tag], length)
    assert len(head + body) == size
    return head + body


def test_a_sheet_says_how_many_of_its_images_it_shows():
    text = Page(report(full_data())).text
    assert "50 images · purity 80.0 % · 36 shown" in text
    assert "1,234 images · 3 shown" in text
    assert "shown" not in Page(report(ReportData("T", clusters=[ClusterEntry(0, "1", [np.ones((4, 4))] * 3)]))).text


def test_the_files_of_the_images_shown_are_named_and_those_of_the_doubtful_first():
    sources = [f"scan-{i:02d}.png" for i in range(40)]
    entry = ClusterEntry(4, "7", [np.eye(4)] * 40, sources=sources, doubtful=2)
    html = report(ReportData("x", clusters=[entry]))
    page = Page(html)
    assert "doubtful: scan-38.png, scan-39.png" in page.text
    listed = re.findall(r"<li><bdi>(scan-.*?)</bdi></li>", html)
    assert listed == sources[:34] + sources[38:]
    assert "unusually far from their center" in page.text
    assert "files, in the order" not in report(ReportData("x", clusters=[ClusterEntry(4, "7", [np.eye(4)] * 40)]))


def test_every_picture_opens_and_has_an_alternative_text():
    images = Page(report(full_data())).all("img")
    assert len(images) == 3 + 1 + 2 + 2  # centers, reading, mistakes, sheets
    for image in images:
        assert image["alt"].strip()
        picture = Image.open(io.BytesIO(base64.b64decode(image["src"].partition(",")[2])))
        assert picture.size == (int(image["width"]), int(image["height"]))


def test_links_lead_to_places_on_the_page_and_ids_are_unique():
    page = Page(report(full_data()))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for attributes in page.all("a"):
        assert attributes["href"].removeprefix("#") in ids
    for _, attributes in page.tags:
        assert attributes.get("aria-labelledby", ids[0]) in ids


def test_a_report_is_accessible():
    page = Page(report(full_data()))
    assert page.all("html")[0]["lang"] == "en"
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert {cell.get("scope") for cell in page.all("th")} == {"row", "col"}
    assert any(meta.get("name") == "viewport" for meta in page.all("meta"))


def test_both_color_schemes_and_print_are_styled():
    html = report(ReportData("x"))
    assert "@media screen and (prefers-color-scheme: dark)" in html
    assert "@media print" in html


@pytest.mark.parametrize("word", [EVIL, '"><img src=x onerror=alert(1)>', "${title} $style", "</style></title>&amp;"])
def test_foreign_text_is_shown_and_never_run(word):
    evil, plain = Page(report(full_data(word))), Page(report(full_data("7")))
    assert [tag for tag, _ in evil.tags] == [tag for tag, _ in plain.tags]
    assert [set(attributes) for _, attributes in evil.tags] == [set(attributes) for _, attributes in plain.tags]
    assert evil.text.count(word) >= 15


def test_a_name_that_utf8_cannot_hold_is_shown_as_its_code_point():
    html = report(full_data("a\udcff\x00b"))
    html.encode("utf-8")
    assert "aU+DCFFU+0000b" in html


def test_names_in_any_script_are_kept_as_they_are():
    html = report(full_data("೬"))
    assert "<bdi>೬</bdi>" in html


def test_the_numbers_are_right():
    text = Page(report(full_data())).text
    assert "50 images · purity 80.0 %" in text
    assert "1,234 images" in text
    assert "truths: 7 (40), 1 (10)" in text.replace("\xa0", " ")
    assert "1 read wrong, 1 rejected." in text
    assert "read 7 (61 %), is 9" in text
    assert "rejected (31 %), is 7" in text
    assert "read 7? (20 %)" in text
    assert "90.9 %" in text  # 40 of 44
    assert "100.0 %" in text


def test_every_number_of_the_summary_has_a_note():
    page = Page(report(full_data()))
    assert "none of them used in training, whose name was read right." in page.text
    assert "A note 7." in page.text
    assert "Purity is the share of" in page.text
    assert "Confidence is the probability" in page.text
    references = [attributes["href"] for attributes in page.all("a") if attributes["href"].startswith("#note-")]
    notes = [attributes["id"] for attributes in page.all("li") if "id" in attributes]
    assert {reference[1:] for reference in references} == set(notes)
    assert references[:2] == ["#note-1", "#note-2"]


def test_confusion_cells_are_shaded_by_how_often():
    html = report(ReportData("x", confusion=Confusion(("a", "b"), np.array([[90, 10], [1, 0]]), np.array([0, 5]))))
    cells = re.findall(r'<td class="([^"]+)">([^<]+)</td>', html)
    assert cells == [
        ("right h9", "90"), ("wrong h9", "10"), ("zero", "0"), ("share", "90.0 %"),
        ("wrong h1", "1"), ("zero", "0"), ("rejected h5", "5"), ("share", "0.0 %"),
    ]  # fmt: skip
    assert "rejected" in Page(html).text


def test_the_same_data_gives_the_same_report():
    assert report(full_data()) == report(full_data())


def test_a_part_that_is_left_out_has_no_section():
    page = Page(report(ReportData("x", made={"k": 3})))
    assert [attributes["id"] for attributes in page.all("h2")] == ["h-made"]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (ReportData("x"), "There is nothing to show yet: no figures, clusters or readings were given."),
        (ReportData("x", mistakes=[]), "Nothing was read wrong or rejected."),
        (ReportData("x", clusters=[ClusterEntry(0, "1", [])]), "This cluster holds no image."),
        (
            ReportData("x", confusion=Confusion((), np.zeros((0, 0), dtype=int), np.zeros(0, int))),
            "There were no truths to compare.",
        ),
    ],
)
def test_what_is_empty_says_so_in_one_sentence(data, sentence):
    assert sentence in Page(report(data)).text


def test_many_mistakes_end_in_a_line():
    mistakes = [MistakeEntry(np.eye(4), "4", 0.61, "9")] * 1300
    page = Page(report(ReportData("x", mistakes=mistakes)))
    assert len(page.all("img")) == 64
    assert "1,300 read wrong, 0 rejected." in page.text
    assert "and 1,236 more" in page.text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (ReportData("  "), r"a report needs a title; got an empty one\."),
        (
            ReportData("x", clusters=[ClusterEntry(3, "a", []), ClusterEntry(3, "b", [])]),
            r"each cluster of a report needs a number of its own; two have the same\.",
        ),
        (
            ReportData("x", confusion=Confusion(("a", "b"), np.zeros((2, 3), dtype=int), np.zeros(2, dtype=int))),
            r"the confusion's counts must be integers of shape \(2, 2\), .* got int64 of shapes \(2, 3\) and \(2,\)\.",
        ),
        (
            ReportData("x", clusters=[ClusterEntry(3, "a", [np.eye(4)] * 2, sources=["a.png"])]),
            r"the sources of cluster 3 must be as many as its images, 2; got 1\.",
        ),
        (
            ReportData("x", clusters=[ClusterEntry(3, "a", [], center=np.zeros(784))]),
            r"the center of cluster 3 must be 2-D \(height, width\); its shape is \(784,\)\.",
        ),
        (
            ReportData("x", mistakes=[MistakeEntry(np.zeros((0, 0)), "4", 0.6, "9")]),
            r"the image of mistake 0 must hold at least one pixel; its shape is \(0, 0\)\.",
        ),
    ],
)
def test_what_cannot_be_shown_gets_one_sentence(data, message):
    with pytest.raises(InputError, match=f"^{message}$"):
        report(data)


def test_a_photo_keeps_its_shadows_and_the_colors_of_its_boxes():
    shadow = np.tile(np.linspace(60, 220, 600).astype(np.uint8), (300, 1))
    glyphs = (GlyphReading("7", 0.99, (50, 60, 100, 100)), GlyphReading("?", 0.2, (300, 60, 100, 100)))
    entry = ReadingEntry(shadow, Reading("7?", 0.2, True, (0, 0, 1, 1), glyphs))
    (image,) = Page(report(ReportData("x", readings=[entry]))).all("img")
    shown = Image.open(io.BytesIO(base64.b64decode(image["src"].partition(",")[2]))).convert("RGB")
    drawn = np.asarray(marked_photo(entry.image, entry.reading, longest=1200)).astype(int)
    apart = np.abs(np.asarray(shown) - drawn).max(axis=2)
    for color in (ACCENT, DOUBT):
        assert np.median(apart[(drawn == color).all(axis=2)]) <= 16
    assert np.abs(np.diff(np.asarray(shown)[-30, 5:595, 0].astype(int))).max() <= 3  # a band of a palette is 4 or more


def opened(image):
    """Return the picture of an <img>, with how opaque it is."""
    return Image.open(io.BytesIO(base64.b64decode(image["src"].partition(",")[2]))).convert("RGBA")


def test_ink_has_one_color_on_a_clear_ground_so_that_it_can_be_turned():
    levels = np.linspace(0, 1, 64).reshape(8, 8)
    (image,) = Page(report(ReportData("x", mistakes=[MistakeEntry(levels, "4", 0.61, "9")]))).all("img")
    pixels = np.asarray(opened(image))
    assert (pixels[..., :3] == INK).all()
    assert (pixels[0, 0, 3], pixels[-1, -1, 3]) == (0, 255)
    assert np.abs(pixels[..., 3] - 255 * levels).max() <= 8


def test_tiles_of_a_sheet_lie_on_a_clear_ground_and_doubtful_ones_under_the_highlighter():
    sheet = next(image for image in Page(report(full_data())).all("img") if image["class"] == "sheet")
    picture = opened(sheet)
    assert picture.getpixel((3 + 62 + 5, 20))[3] == 0  # between two tiles
    assert picture.getpixel((20, 45))[3] == 0  # the paper of one
    assert picture.getpixel((1, 1)) == (*ACCENT, 255)
    assert picture.getpixel((picture.width - 3 - 10, picture.height - 3 - 50)) == (*DOUBT, 255)


def test_the_highlighter_marks_doubt_in_words_too():
    html = report(full_data())
    assert "<mark>3 doubtful</mark>" in html
    assert "<strong><bdi>7<mark>?</mark></bdi></strong>" in html.replace("<mark>7</mark>", "7")
    assert "<mark>rejected</mark>" in html
    assert "<mark>" not in report(ReportData("x", clusters=[ClusterEntry(0, "7", [np.eye(4)] * 5)]))


@pytest.mark.parametrize(("size", "doubtful", "marked"), [(100, 3, True), (101, 3, False), (5, 2, False), (5, 3, True)])
def test_a_center_with_many_doubtful_images_has_a_sign_with_words(size, doubtful, marked):
    entry = ClusterEntry(0, "7", [np.eye(4)] * 5, size=size, doubtful=doubtful, center=np.eye(4))
    html = report(ReportData("x", clusters=[entry]))
    assert (f'<span class="dot"><span class="unseen">{doubtful} doubtful</span></span>' in html) == marked
    assert ("A highlighted corner" in html) == marked


def test_no_red_is_left():
    html = report(full_data())
    for red, green, blue in re.findall(r"#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})\b", html.split("<body>")[0]):
        red, green, blue = int(red, 16), int(green, 16), int(blue, 16)
        assert red < green + 60 or red < blue + 60 or green > 110 or red < 110, (red, green, blue)
    assert " red " not in Page(html).text
