"""Take a screenshot of each view and state of the page, on four screens, light and dark.

python tools/screenshots.py                          all of them, into build/screenshots
python tools/screenshots.py learn draw-lesson        the states whose names begin so
python tools/screenshots.py -o FOLDER --screens desktop phone --themes dark
python tools/screenshots.py --full                   the whole page, not what the screen shows of it
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from live_page import SCREENS, launch
from page_states import STATES, open_state, servers
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]


def main() -> int:
    """Write the screenshots."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="STATE", help="what the names of the states begin with")
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "build" / "screenshots", metavar="FOLDER")
    parser.add_argument("--screens", nargs="+", choices=SCREENS, default=list(SCREENS))
    parser.add_argument("--themes", nargs="+", choices=("light", "dark"), default=["light", "dark"])
    parser.add_argument("--full", action="store_true", help="the whole page, not what the screen shows of it")
    arguments = parser.parse_args()
    chosen = [one for one in STATES if not arguments.names or one.name.startswith(tuple(arguments.names))]
    if not chosen:
        print(f"No state's name begins so; there are {', '.join(one.name for one in STATES)}.", file=sys.stderr)
        return 2
    failed = False
    arguments.output.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        servers(Path(folder)) as server_of,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        for state in chosen:
            for screen in arguments.screens:
                if screen not in state.screens:
                    continue
                context = browser.new_context(**SCREENS[screen], reduced_motion="reduce")
                page = context.new_page()
                try:
                    open_state(page, server_of(state), state)
                except AssertionError as error:
                    print(f"{state.name}, {screen}: {str(error).splitlines()[0]}", file=sys.stderr)
                    failed = True
                for theme in arguments.themes:
                    page.emulate_media(color_scheme=theme)
                    page.wait_for_timeout(200)
                    path = arguments.output / f"{state.name}-{screen}-{theme}.png"
                    page.screenshot(path=path, full_page=arguments.full)
                    print(path)
                context.close()
        browser.close()
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
