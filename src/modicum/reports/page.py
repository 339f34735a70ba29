"""One self-contained file: both pages, one hashed style sheet, fonts inside, no script and no network."""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from modicum.decision.answer import Answer
from modicum.reports import theme, wording
from modicum.reports.blocks import Frame, Key, View
from modicum.reports.charts import ChartModule, figure
from modicum.reports.swatches import swatch
from modicum.reports.telling import tell

TEMPLATES = Path(__file__).parent / "templates"
PAPER_WIDE, PAPER_NARROW = 638, 294
_CLASS = re.compile(r'class="([^"]*)"')


def render(answer: Answer, language: str = "en", say: Callable[[str], str] = str) -> str:
    """The report as one HTML document: the prescriber's page, and the patient's page on a sheet of its own.

    Args:
        answer: what is shown. The same answer gives the same bytes.
        language: of both pages, "en" or "de"; English where it is another.
        say: words of a protocol to that language, or to themselves where nobody translated them.

    Returns:
        HTML that needs no network and passes the strict content-security policy that it carries.
    """
    told = tell(answer, language, say)
    drawings = {name: _drawing(name, module, told.answer) for name, module in told.charts.items()}
    return document(told.view, drawings, frame=told.frame)


def render_patient(answer: Answer, language: str = "en", say: Callable[[str], str] = str) -> str:
    """The patient's page by itself, as one HTML document: for the phone, where nobody asks for the full report.

    Args:
        answer: what is shown.
        language: of the page, "en" or "de"; English where it is another.
        say: words of a protocol to that language, or to themselves where nobody translated them.
    """
    told = tell(answer, language, say)
    drawings = {
        name: _drawing(name, module, told.answer) for name, module in told.charts.items() if name == "own_scale"
    }
    return document(told.alone, drawings, alone=True, chain_head=answer.chain_head, frame=told.frame)


def document(
    shown: View, drawings: Mapping[str, str], *, alone: bool = False, chain_head: str = "", frame: Frame | None = None
) -> str:
    """A view as one HTML document.

    Args:
        shown: what the pages say.
        drawings: of every chart that they name, as inline SVG.
        alone: whether it is the patient's page by itself.
        chain_head: of the store that it comes from, printed on that page; "" where it comes from none.
        frame: its language and fixed words; None for English.
    """
    from markupsafe import Markup

    css = style_sheet("".join(drawings.values()))
    page = template("report.html.j2").render(
        css=Markup(css),  # noqa: S704  (the package's own)
        style_hash=base64.b64encode(hashlib.sha256(css.encode()).digest()).decode(),
        charts={name: Markup(drawing) for name, drawing in drawings.items()},  # noqa: S704  (drawn here)
        view=shown,
        alone=alone,
        frame=frame or Frame(),
        chain_head=chain_head,
        p=shown.prescriber,
        me=shown.patient,
    )
    return wording.legible(page)


def _drawing(name: str, module: ChartModule[Answer], answer: Answer) -> str:
    """Both drawings of a chart; that of the patient's page in the width of its sheet."""
    return figure(module, answer, PAPER_WIDE, PAPER_NARROW) if name == "own_scale" else figure(module, answer)


def style_sheet(drawn: str = "") -> str:
    """The style sheet of a report: tokens, look, report, the colours that the drawings use, and the fonts inside.

    Args:
        drawn: the drawings; every colour class in them gets its rule.
    """
    used = sorted({name for names in _CLASS.findall(drawn) for name in names.split()})
    used += [f"{short}-{token}" for short in "fs" for token in theme.RAMP]
    rules = [
        f".{name}{{{'fill' if name[0] == 'f' else 'stroke'}:var(--{name[2:]})}}"
        for name in sorted(set(used))
        if name[:2] in ("f-", "s-")
    ]
    return "\n".join([_fixed_style(), "".join(rules)])


@cache
def _fixed_style() -> str:
    """Fonts, tokens, look and report in one text; printing always takes the light tokens."""
    tokens = re.sub(r"@font-face\{[^}]*\}\n?", "", theme.tokens_css())
    light = re.search(r":root\{(.*?)\n\}", tokens, re.DOTALL)
    printed = f"@media print{{:root:not([data-theme=dark]){{{light[1] if light else ''}}}}}"
    faces = "".join(
        f'@font-face{{font-family:"{family}";src:url(data:font/woff2;base64,{_font(name)}) format("woff2");'
        "font-weight:200 900}"
        for family, name in (("Source Sans 3", "SourceSans3.woff2"), ("Source Serif 4", "SourceSerif4.woff2"))
    )
    sheets = [(theme.LOOK / name).read_text(encoding="utf-8") for name in ("app.css", "bar.css", "report.css")]
    return "\n".join([faces, tokens, *sheets, printed])


def _font(name: str) -> str:
    """A font file in base64."""
    return base64.b64encode((theme.LOOK / "fonts" / name).read_bytes()).decode()


def template(name: str) -> Any:
    """A template of this package by its file name."""
    return _environment().get_template(name)


@cache
def _environment() -> Any:
    """Templates, with escaping on and undefined names refused."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"said": wording.unbroken, "swatch": _sign}
    return environment


def _sign(key: Key) -> Any:
    """The sign of a key, as markup."""
    from markupsafe import Markup

    return Markup(swatch(key))  # noqa: S704  (drawn here)
