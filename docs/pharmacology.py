"""Write the tables of docs/pharmacology.md from the data they describe; run by ``make docs``."""

from pathlib import Path

from modicum.pharmacology import CLAIMS, PARAMETERS, SCENARIOS

PAGE = Path(__file__).resolve().parent / "pharmacology.md"
WRITTEN, END = "<!-- {}: written by docs/pharmacology.py -->", "<!-- end of {} -->"


def parameters() -> str:
    """Every number, one line each."""
    rows = [
        f"| `{one.name}` | {one.value:g} | {one.unit} | {one.sentence} | {one.source or 'none'} | {one.label} |"
        for one in PARAMETERS.values()
    ]
    return "\n".join(
        ["| name | value | unit | what it is | source | grade |", "| --- | --- | --- | --- | --- | --- |", *rows]
    )


def scenarios() -> str:
    """The two stories of how long a dose blocks."""
    rows = [
        f"| `{one.name}` | {one.half_time_h:g} h after {one.dose_mg:g} mg | {one.sentence} "
        f"| {one.source} | {one.label} |"
        for one in SCENARIOS.values()
    ]
    return "\n".join(
        ["| scenario | half of the peak is left | why | source | grade |", "| --- | --- | --- | --- | --- |", *rows]
    )


def claims() -> str:
    """The register of claims."""
    rows = [f"| {c.claim} | {c.said_by} | {c.measured} | {c.grade} | **{c.finding}** |" for c in CLAIMS]
    return "\n".join(
        [
            "| claim | who says so | what was measured | grade | what that comes to |",
            "| --- | --- | --- | --- | --- |",
            *rows,
        ]
    )


def page() -> str:
    """The whole page, its tables renewed."""
    text = PAGE.read_text(encoding="utf-8")
    for name, table in (("scenarios", scenarios()), ("parameters", parameters()), ("claims", claims())):
        start, end = WRITTEN.format(name), END.format(name)
        before, _, rest = text.partition(start)
        text = f"{before}{start}\n\n{table}\n\n{end}{rest.partition(end)[2]}"
    return text


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
