"""The shell of the app: one page, one service worker, one manifest, the same bytes for everybody.

Nothing here knows who asks. What is personal comes through the interface for phones, and stays on the phone.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.template.loader import render_to_string

from modicum.web import assets

PAGE = "/diary/"
STYLES = ("look/tokens.css", "look/app.css", "diary/diary.css")
FONTS = ("look/fonts/SourceSans3.woff2", "look/fonts/SourceSerif4.woff2")
WORDS = ("diary/words/en.json", "diary/words/de.json")
ICON, TOUCH_ICON = "diary/icons/icon.svg", "diary/icons/icon-180.png"
MAIN, WORKER = "diary/app.js", "diary/sw.js"
_LETTERS = 16


@dataclass(frozen=True)
class Part:
    """Something that is served as it is.

    Args:
        text: of it.
        kind: its media type.
    """

    text: str
    kind: str

    @property
    def etag(self) -> str:
        """The same for the same text."""
        return f'"{hashlib.sha256(self.text.encode()).hexdigest()[:_LETTERS]}"'


def modules() -> tuple[str, ...]:
    """Every module of the app but the first and the service worker, by name."""
    return tuple(
        sorted(
            name
            for name in assets.files()
            if name.startswith("diary/") and name.endswith(".js") and name not in (MAIN, WORKER)
        )
    )


def kept_offline() -> tuple[str, ...]:
    """The paths that a phone keeps, so that the diary opens without a network."""
    names = (*STYLES, *FONTS, *WORDS, ICON, MAIN, *modules())
    return (PAGE, *(assets.address(name) for name in names))


@cache
def page() -> Part:
    """The one page."""
    context = {
        "styles": [assets.address(name) for name in STYLES],
        "modules": [assets.address(name) for name in modules()],
        "script": assets.address(MAIN),
        "icon": assets.address(ICON),
        "touch_icon": assets.address(TOUCH_ICON),
    }
    return Part(render_to_string("diary/page.html", context), "text/html; charset=utf-8")


@cache
def worker() -> Part:
    """The service worker, told what to keep. Its version changes with any byte of the shell."""
    version = hashlib.sha256(f"{page().text}{assets.fingerprint()}".encode()).hexdigest()[:_LETTERS]
    told = f"const VERSION = {json.dumps(version)};\nconst SHELL = {json.dumps(kept_offline())};\n"
    return Part(told + Path(assets.files()[WORKER]).read_text(encoding="utf-8"), "text/javascript; charset=utf-8")


@cache
def manifest() -> Part:
    """What the phone needs to put the app on the home screen; its name tells nobody anything."""
    icons = [{"src": assets.address(ICON), "sizes": "any", "type": "image/svg+xml"}]
    for size, purpose in ((192, "any"), (512, "any"), (512, "maskable")):
        name = f"diary/icons/{'mask' if purpose == 'maskable' else 'icon'}-{size}.png"
        icons.append({"src": assets.address(name), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose})
    content = {
        "id": PAGE,
        "name": "Diary",
        "short_name": "Diary",
        "start_url": PAGE,
        "scope": "/",  # so that a link is joined in the app that it was pasted in
        "display": "standalone",
        "background_color": "#f8f8f5",
        "theme_color": "#f8f8f5",
        "icons": icons,
    }
    return Part(json.dumps(content, indent=1), "application/manifest+json")
