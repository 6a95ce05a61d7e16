"""Learn as a person uses it, and what the engine itself says of the same run."""

import base64
import io
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from inkmeans import KMeans
from inkmeans.kmeans import Iteration

STILL = {"reduced_motion": "reduce"}
"""Nothing is animated: the next picture is there at once."""
_DRAWN = """plane => {
    const marks = [...plane.querySelectorAll(":scope > canvas")].filter(canvas => Number(getComputedStyle(canvas).opacity));
    return [
        marks.at(-1).toDataURL(), // the upper one covers the lower, in which the next picture is made ready
        ...[...plane.querySelectorAll("canvas")].filter(canvas => canvas.parentElement !== plane).map(canvas => canvas.toDataURL()),
        ...[...plane.querySelectorAll("[data-cluster]")].map(tile => tile.style.transform),
    ];
}"""
_TINT = """{
    const probe = plane.appendChild(document.createElement("i"));
    probe.style.color = "var(--cNUMBER)";
    const color = getComputedStyle(probe).color;
    probe.remove();
    return color.match(/[\\d.]+/g).map(Number);
}"""


def half_steps(X: NDArray[np.uint8], rows: list[int]) -> tuple[KMeans, list[Iteration]]:
    """Fit `KMeans` from images picked by hand; return it and its half-steps, without a last one that moved nothing."""
    told: list[Iteration] = []
    model = KMeans(len(rows), init=X[rows].astype(np.float64), n_init=1, callback=told.append).fit(X)
    if told[-1].half_step == "update" and not told[-1].moved.any():
        told.pop()
    return model, told


def by_hand(rows: list[int], *, pixels: str = "raw", step: int = 0) -> str:
    """Return the address of a run on scikit-learn's digits from these images."""
    picked = ",".join(map(str, rows))
    return f"/learn?set=digits&pixels={pixels}&k={len(rows)}&start=hand&rows={picked}&step={step}"


@dataclass
class LearnTab:
    """Learn in a tab."""

    page: Page

    @property
    def plane(self) -> Locator:
        return self.page.get_by_role("application")

    @property
    def title(self) -> Locator:
        """Return what the present half-step is called."""
        return self.page.get_by_role("heading", level=2)

    @property
    def player(self) -> Locator:
        return self.page.get_by_role("region", name="Player")

    @property
    def slider(self) -> Locator:
        return self.page.get_by_role("slider", name="Half-step")

    def button(self, name: str) -> Locator:
        return self.player.get_by_role("button", name=name, exact=True)

    def is_at(self, step: int) -> None:
        """Wait until a half-step is shown."""
        expect(self.slider).to_have_attribute("aria-valuenow", str(step))
        expect(self.plane).to_have_attribute("data-step", str(step))

    def is_past(self, step: int) -> None:
        """Wait until it has played so far."""
        expect(self.title).to_be_visible()
        for _ in range(200):
            if int(self.slider.get_attribute("aria-valuenow") or 0) > step:
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"It does not play past half-step {step}.")

    def labels(self) -> list[int]:
        """Return the clusters of the marks as they are painted."""
        text = self.plane.get_attribute("data-labels")
        return [int(label) for label in text.split()] if text else []

    def counts(self) -> list[int]:
        """Return how many images each center says it holds."""
        names = self.page.get_by_role("button", name=re.compile("^Look into cluster ")).evaluate_all(
            "buttons => buttons.map(button => button.ariaLabel)"
        )
        return [
            0 if ": empty" in name else int(re.search(r": ([\d,]+) image", name)[1].replace(",", "")) for name in names
        ]

    def query(self) -> dict[str, str]:
        """Return the state in the address."""
        return {key: values[0] for key, values in parse_qs(urlsplit(self.page.url).query).items()}

    def picture(self) -> Image.Image:
        """Return the plane as it looks, without its round corners: the browser paints those as it likes."""
        picture = Image.open(io.BytesIO(self.plane.screenshot())).convert("RGB")
        return picture.crop((12, 12, picture.width - 12, picture.height - 12))

    def settled(self) -> Image.Image:
        """Return the plane as it looks when two looks are the same."""
        before, now = None, self.picture()
        for _ in range(40):
            if before == now:
                return now
            self.page.wait_for_timeout(60)
            before, now = now, self.picture()
        raise AssertionError("The plane does not come to rest.")

    def drawn(self) -> list[str]:
        """Return all that is drawn in the plane: the marks, the trails, the tiles and where these lie."""
        self.settled()
        drawn: list[str] = self.plane.evaluate(_DRAWN)
        return drawn

    def looks_like(self, picture: Image.Image) -> None:
        """Wait until the plane looks as it did."""
        for _ in range(60):
            if self.picture() == picture:
                return
            self.page.wait_for_timeout(60)
        raise AssertionError("The plane does not look as it did.")

    def lone_marks(self, apart: float = 22) -> list[tuple[int, float, float]]:
        """Return marks that nothing covers: mark, and its middle on the screen, from its place in the plane."""
        glyphs = self._glyphs()
        places = np.frombuffer(base64.b64decode(glyphs["positions"]), dtype="<f4").reshape(-1, 2)
        box = self.plane.bounding_box()
        assert box is not None
        # The marks fill the box but for a border, which is 1 pixel, and a margin; y goes up.
        low, high = places.min(axis=0), places.max(axis=0)
        size = np.array([box["width"], box["height"]]) - 2
        share = (places - low) / (high - low)
        share[:, 1] = 1 - share[:, 1]
        margin = 22 if size[0] < 480 else 34
        on_screen = np.array([box["x"], box["y"]]) + 1 + margin + share * (size - 2 * margin)
        gaps = ((on_screen[:, None] - on_screen[None]) ** 2).sum(axis=2)
        np.fill_diagonal(gaps, np.inf)
        alone = gaps.min(axis=1) > apart**2
        for tile in self.plane.locator("[data-cluster], [data-control]").all():
            at = tile.bounding_box()
            if at is not None:
                middle = np.array([at["x"] + at["width"] / 2, at["y"] + at["height"] / 2])
                reach = np.array([at["width"], at["height"]]) / 2 + 16
                alone &= (np.abs(on_screen - middle) > reach).any(axis=1)
        return [(int(mark), *map(float, on_screen[mark])) for mark in np.flatnonzero(alone)]

    def tints_of_lone_marks(self) -> dict[int, int]:
        """Return for marks that nothing covers the cluster whose tint they are painted in."""
        box = self.plane.bounding_box()
        assert box is not None
        picture = np.asarray(self.settled(), dtype=float)
        ground = picture[0, 0]
        tints = np.array(
            [self.plane.evaluate(f"plane => {_TINT}".replace("NUMBER", str(number))) for number in range(12)],
            dtype=float,
        )
        directions = (tints - ground) / np.linalg.norm(tints - ground, axis=1, keepdims=True)
        found = {}
        for mark, x, y in self.lone_marks():
            left, top = round(x - box["x"]) - 12, round(y - box["y"]) - 12
            around = picture[top - 8 : top + 8, left - 8 : left + 8].reshape(-1, 3) - ground
            darkest = around[np.linalg.norm(around, axis=1).argmax()]
            found[mark] = int((directions @ darkest).argmax())
        return found

    def _glyphs(self) -> dict[str, Any]:
        query = self.query()
        answer = self.page.request.get(
            f"{self.page.url.partition('/learn')[0]}/api/v1/learn/sets/{query['set']}?pixels={query['pixels']}"
        )
        document: dict[str, Any] = answer.json()
        return document
