"""Marking: the table of marks is brought up to date, by the jobs every minute and by a page for the little that is new.

A page never tells more stories than it has time for. What it leaves to the jobs it says.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from django.db import OperationalError, transaction
from django.db.models import Max

from modicum.services.diary import Story
from modicum.services.following import Marks, marks_of
from modicum.services.following.marks import FORM
from modicum.web.clinic.models import ALL, Marked
from modicum.web.store.models import Event
from modicum.web.stories import stories_of

AT_ONCE = 8  # trials that a page brings up to date by itself: some hundred milliseconds where none was told yet
_JOBS_AT_ONCE = 50
_READ = 4_000  # marks that a process remembers having read, some kilobytes each


def marks_for(trials: Iterable[str]) -> tuple[Mapping[str, Marks], int]:
    """Marks of these trials, brought up to date as far as a page has time for.

    Args:
        trials: their names in the store.

    Returns:
        The marks by trial, and in how many trials there is something newer than its marks.
    """
    wanted = set(trials)
    rows = _readable(Marked.objects.filter(trial__in=[*wanted, ALL]))
    stale = _stale(rows)
    kept = {trial: _read(row) for trial, row in rows.items() if trial in wanted}
    stale |= {trial: rows[trial].sequence for trial, marks in kept.items() if marks is None}
    new, own = dict[str, Marks](), [trial for trial in stale if trial in wanted]
    if own:
        new = _made(own[:AT_ONCE])
        _keep(new.values(), looked_at=max(stale.values()) if len(new) == len(stale) else 0)
    return {**{trial: marks for trial, marks in kept.items() if marks is not None}, **new}, max(len(own) - AT_ONCE, 0)


def marks_kept(trials: Iterable[str]) -> Mapping[str, Marks]:
    """Marks of these trials as they were kept last, by trial: at most a minute behind, and none is made for a page.

    Args:
        trials: their names in the store.
    """
    rows = _readable(Marked.objects.filter(trial__in=[*trials, ALL]))
    read = {trial: _read(row) for trial, row in rows.items() if trial != ALL}
    return {trial: marks for trial, marks in read.items() if marks is not None}


def mark_all() -> int:
    """Bring every mark up to date: the work of the jobs; how many were made."""
    stale = _stale(_readable(Marked.objects.all()))
    for at in range(0, len(stale), _JOBS_AT_ONCE):
        _keep(_made(list(stale)[at : at + _JOBS_AT_ONCE]).values())
    if stale:
        _keep((), looked_at=max(stale.values()))
    return len(stale)


def mark_one(story: Story) -> None:
    """Bring the marks of one trial up to date, after something was done in it."""
    _keep([marks_of(story)])


def _readable(rows: Iterable[Marked]) -> dict[str, Marked]:
    """The rows by trial; none where they are of another version, so that all are made again."""
    found = {row.trial: row for row in rows}
    return found if ALL in found and found[ALL].content == FORM else {}


def _stale(rows: Mapping[str, Marked]) -> dict[str, int]:
    """Trials with events after their marks, and the number of their last event."""
    looked_at = rows[ALL].sequence if ALL in rows else 0
    found = Event.objects.filter(sequence__gt=looked_at).exclude(trial__startswith="site:").order_by()
    last = dict(found.values_list("trial").annotate(Max("sequence")))
    return {
        trial: sequence
        for trial, sequence in sorted(last.items())
        if trial not in rows or rows[trial].sequence < sequence
    }


def _made(trials: Sequence[str]) -> dict[str, Marks]:
    return {trial: marks_of(story) for trial, story in stories_of(trials).items()}


def _read(row: Marked) -> Marks | None:
    return _parsed(row.content)


@lru_cache(maxsize=_READ)
def _parsed(content: str) -> Marks | None:
    """Marks of a text, which is most often the one that was read before."""
    return Marks.of(json.loads(content))


def _keep(made: Iterable[Marks], looked_at: int = 0) -> None:
    """Keep marks, never older ones over newer; a database that cannot be written leaves the pages as they are."""
    try:
        with transaction.atomic():
            _write(list(made), looked_at)
    except OperationalError:
        return


def _write(made: Sequence[Marks], looked_at: int) -> None:
    Marked.objects.get_or_create(trial=ALL, defaults={"sequence": 0, "content": FORM})
    all_of_them = Marked.objects.select_for_update().get(trial=ALL)  # one process at a time
    if all_of_them.content != FORM:
        Marked.objects.exclude(trial=ALL).delete()
        all_of_them.sequence = 0
        Marked.objects.filter(trial=ALL).update(sequence=0, content=FORM)
    names = [marks.trial for marks in made]
    known = dict(Marked.objects.filter(trial__in=names).values_list("trial", "sequence"))
    rows = [
        Marked(trial=marks.trial, sequence=marks.sequence, content=json.dumps(marks.to_content(), ensure_ascii=False))
        for marks in made
        if known.get(marks.trial, -1) <= marks.sequence
    ]
    Marked.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["trial"], update_fields=["sequence", "content"]
    )
    if looked_at > all_of_them.sequence:
        Marked.objects.filter(trial=ALL).update(sequence=looked_at)
