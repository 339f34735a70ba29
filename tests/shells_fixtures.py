"""Small diaries for the tests of the shells: a virtual person, arithmetic instead of chance."""

from pathlib import Path

BLOCKS_MG = (0.0, 1.5, 0.0, 1.5, 1.5, 0.0)


def rows(days_a_block: int = 8, effect: float = -2.0, blinded: bool | None = True) -> list[str]:
    """Header and rows of a diary in blocks; the outcome is a saw-tooth plus the effect."""
    header = "day,dose_mg,pain,sleep" + (",blinded" if blinded is not None else "")
    lines = [header]
    for day in range(days_a_block * len(BLOCKS_MG)):
        dose = BLOCKS_MG[day // days_a_block]
        noise = ((7 * day) % 5 - 2) * 0.4 + ((11 * day) % 3 - 1) * 0.3
        pain = 6 + noise + (effect if dose and day % days_a_block > 1 else 0)
        cells = [str(day), f"{dose:g}", f"{pain:.1f}", f"{5 - noise:.1f}"]
        lines.append(",".join([*cells, *([str(blinded).lower()] if blinded is not None else [])]))
    return lines


def write(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
