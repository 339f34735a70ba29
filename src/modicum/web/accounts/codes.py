"""Links and secrets drawn as QR codes, for the camera of a phone."""

import segno


def drawn(text: str) -> str:
    """A text as SVG without styles of its own, dark on light in either theme, since cameras want it so."""
    code = segno.make(text, error="m", micro=False)
    return code.svg_inline(border=4, omitsize=True, svgclass="qr", lineclass=None, dark="#000", light="#fff")
