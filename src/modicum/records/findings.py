"""What a reader found wrong or worth saying, collected so that everything is said at once."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from modicum.foundation.errors import Problem
from modicum.records.problems import Code

# Problems of a whole column or file that would otherwise repeat on every row.
SAID_ONCE = frozenset({Code.LEVEL.value, Code.NEWEST_FIRST.value})


@dataclass
class Findings:
    """The problems of one table: of the whole file, of rows (by position), rows set aside, and warnings.

    Args:
        broken: rows that could not even be split into cells; nothing more is said about them.
    """

    broken: Collection[int] = ()
    options: list[Problem] = field(default_factory=list)
    file: list[Problem] = field(default_factory=list)
    rows: dict[int, list[Problem]] = field(default_factory=dict)
    set_aside: dict[int, Problem] = field(default_factory=dict)
    warnings: list[Problem] = field(default_factory=list)

    def refuse(self, row: int, problem: Problem) -> None:
        """A row cannot be used, for this reason."""
        if row not in self.broken:
            self.rows.setdefault(row, []).append(problem)

    def listing(self) -> list[Problem]:
        """Every problem that refuses the file, in the order of the file; what holds for a whole column is said once."""
        return self.options + self.file + _said_once(self.rows[row] for row in sorted(self.rows))

    def refused(self) -> tuple[Problem, ...]:
        """One problem for each row not used; a row with several says them all."""
        reasons = {row: _joined(problems) for row, problems in self.rows.items()} | self.set_aside
        return tuple(reasons[row] for row in sorted(reasons))


def _said_once(groups: Iterable[list[Problem]]) -> list[Problem]:
    out: list[Problem] = []
    first: dict[tuple[str, str], int] = {}
    more: dict[int, int] = {}
    for problem in (problem for group in groups for problem in group):
        key = (problem.code, problem.fix)
        if problem.code in SAID_ONCE and key in first:
            more[first[key]] = more.get(first[key], 0) + 1
            continue
        first.setdefault(key, len(out))
        out.append(problem)
    for index, count in more.items():
        rows = "row" if count == 1 else "rows"
        out[index] = replace(out[index], where=f"{out[index].where} and {count} more {rows}")
    return out


def _joined(problems: list[Problem]) -> Problem:
    first, *rest = problems
    also = "".join(f"; also {later.where}: {later.message} [{later.code}]" for later in rest)
    return replace(first, message=first.message + also)
