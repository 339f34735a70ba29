"""The signs in the key of a chart, as small drawings in token colours; the words beside them say what they mean."""

from modicum.reports.blocks import Key

_SIGNS = {
    "entry": ("14 14", '<circle class="f-dot" cx="7" cy="7" r="3"/>'),
    "course": (
        "26 14",
        '<path class="f-band-95" d="M0 0H26V14H0z"/><path class="f-band-80" d="M0 4H26V10H0z"/>'
        '<path class="s-course" d="M0 7H26" stroke-width="2"/>',
    ),
    "without": ("26 14", '<path class="s-ink-2" d="M0 7H26" stroke-width="1.5" stroke-dasharray="2 3"/>'),
    "dose": ("26 14", '<path class="f-{token}" d="M0 1H26V13H0z"/>'),
    "placebo": ("26 14", '<path class="f-placebo" d="M0 5H26V9H0z"/>'),
    "part": ("14 14", '<path class="f-{token} s-line-strong" d="M.5 .5H13.5V13.5H.5z"/>'),
    "interval": (
        "26 14",
        '<path class="s-{token}" d="M0 7H26" stroke-width="1.75"/><path class="s-{token}" d="M5 7H21" '
        'stroke-width="5"/><path class="s-{token}" d="M9 7H17" stroke-width="11"/>'
        '<circle class="f-ink s-paper" cx="13" cy="7" r="3.5"/>',
    ),
}


def swatch(key: Key) -> str:
    """The sign of a key as an ``svg`` element whose colours are classes; it says nothing to who cannot see it.

    Example:
        >>> swatch(Key("placebo", "placebo"))
        '<svg viewBox="0 0 26 14" aria-hidden="true"><path class="f-placebo" d="M0 5H26V9H0z"/></svg>'
    """
    box, body = _SIGNS[key.sign]
    return f'<svg viewBox="0 0 {box}" aria-hidden="true">{body.replace("{token}", key.token)}</svg>'
