"""Titles of columns as people write them: side effects by any of their spellings, and near misses of a field."""

import re

from modicum.records.options import FIELDS, SIDE_EFFECT
from modicum.records.problems import Code, problem
from modicum.records.sheet import Sheet

_WRITTEN = re.compile(r"side[\s_-]*effects?\s*:(.*)", re.IGNORECASE)
_TIMES = frozenset({"day", "time"})


def plain(title: str) -> str:
    """A title without what people vary: case, spaces, underscores and hyphens.

    Example:
        >>> plain("Side Effect"), plain("dose-mg")
        ('sideeffect', 'dosemg')
    """
    return re.sub(r"[\s_-]", "", title).casefold()


def side_effect_columns(sheet: Sheet) -> dict[str, str]:
    """Column by side effect, by name; a title in another form is read and said, one without a name refuses the file."""
    mapping, found = sheet.options.mapping, dict[str, str]()
    for title in sorted({*sheet.table.header, *mapping}):
        written = _WRITTEN.fullmatch(title)
        column = mapping.get(title, title)
        elsewhere = title not in mapping and title in mapping.values()
        if written is None or elsewhere or column not in sheet.table.columns:
            continue
        name = _known(written[1].strip(), sheet.options.side_effects)
        if not name or name in found:
            _refuse(sheet, title, found.get(name, ""))
            continue
        found[name] = column
        if title != SIDE_EFFECT + name:
            message = f"The column was read as {SIDE_EFFECT}{name}"
            sheet.warn(Code.NEAR_TITLE, (), message, f"Nothing, or name it {SIDE_EFFECT}{name}.", value=title)
    _compare_with_protocol(sheet, found)
    return found


def warn_of_near_titles(sheet: Sheet, rest: list[str], found: set[str]) -> None:
    """Warn of columns that no part was found for, although their titles are nearly those of one.

    Args:
        sheet: the table.
        rest: columns without a part.
        found: fields, outcomes and covariates that have a column.
    """
    options = sheet.options
    names = [*FIELDS, *(item.name for item in options.items), *options.covariates, *options.protocol_covariates]
    missing = {plain(name): name for name in reversed(names) if name not in found}
    if _TIMES & found or options.day_from_row:
        missing = {key: name for key, name in missing.items() if name not in _TIMES}
    for title in rest:
        name = missing.get(plain(title))
        if plain(title).startswith("sideeffect"):
            name = f"{SIDE_EFFECT}NAME"
        if name not in (None, title):
            message = f"The column has nearly the title of {name}, but was not read as it"
            sheet.warn(Code.NEAR_TITLE, (), message, f"If that is what it holds, name it {name}.", value=title)


def _known(name: str, declared: tuple[str, ...]) -> str:
    """The protocol's spelling of a side effect, or the name as it is."""
    return next((known for known in declared if plain(known) == plain(name)), name)


def _refuse(sheet: Sheet, title: str, other: str) -> None:
    message = f'The column and "{other}" name the same side effect' if other else "The column names no side effect"
    fix = f"Name it {SIDE_EFFECT}NAME, for example {SIDE_EFFECT}nausea, or delete it."
    where = f"{sheet.table.source}, header" if sheet.table.source else "header"
    sheet.findings.file.append(problem(Code.HEADER, where, title, message, fix))


def _compare_with_protocol(sheet: Sheet, found: dict[str, str]) -> None:
    declared = sheet.options.side_effects
    strange = [name for name in found if declared and name not in declared]
    absent = [name for name in declared if name not in found]
    if strange:
        message = "The protocol does not ask about these side effects; they are kept"
        fix = f"Nothing, or name them as the protocol does: {', '.join(declared)}."
        sheet.warn(Code.NOT_ASKED, (), message, fix, value=", ".join(strange))
    if absent:
        message = "The file lacks these side effects of the protocol"
        fix = f"Nothing, if they were not asked; else name their columns {SIDE_EFFECT}NAME."
        sheet.warn(Code.ITEM_ABSENT, (), message, fix, value=", ".join(absent))
