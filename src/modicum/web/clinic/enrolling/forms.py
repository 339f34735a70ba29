"""The forms of screening. What is right and wrong is said by the screening itself; nothing that was typed is lost."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from modicum.foundation.errors import OptionsError, Problem
from modicum.screening import questions
from modicum.services.enrolling.clearing import Query
from modicum.services.screening import Screened, screen
from modicum.web.clinic.enrolling.questions import choices_of, question_words
from modicum.web.language import refusal

LONGEST_WORDS = 1000  # characters on one question of a screening


class ScreeningForm(forms.Form):
    """A medication list, and the questions of the history."""

    def __init__(self, *given: Any, today: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.today = today
        self.screened: Screened | None = None
        self.fields["medications"] = forms.CharField(
            label=_("Everything that is taken, one medicine a line"),
            help_text=_(
                'With dose and, for what was stopped, the day of the last one. "None" says that nothing is taken. '
                "No names of persons: the list is kept with the trial, which knows a number alone."
            ),
            required=False,
            strip=False,
            widget=forms.Textarea({"rows": 7, "class": "in", "autocomplete": "off", "spellcheck": "false"}),
        )
        for key, question in questions().items():
            self.fields[key] = _field(question.kind, question_words(question), choices_of(question), _hint(key))

    @property
    def answers(self) -> dict[str, Any]:
        """The answers of the history that were given."""
        typed = {key: str(self.cleaned_data.get(key) or "").strip() for key in questions()}
        return {key: _number(key, value) for key, value in typed.items() if value}

    def clean(self) -> dict[str, Any]:
        """Screen what was given; every problem is shown beside what it is about."""
        given = super().clean() or self.cleaned_data
        text = given.get("medications") or ""
        if not text.strip():
            words = _('Nothing is screened without a list. Write "none" where nothing is taken.')
            self.add_error("medications", f"{words} [MOD-SCREEN-08]")
        try:
            self.screened = screen(text, history=self.answers, on=self.today)
        except OptionsError as error:
            for problem in error.problems:
                self.add_error(_place(problem), refusal(problem))
        return given


class SigningForm(forms.Form):
    """The prescriber's word on everything that a screening asks."""

    def __init__(self, *given: Any, queries: Sequence[Query], **more: Any) -> None:
        super().__init__(*given, **more)
        self.queries = queries
        for query in queries:
            self.fields[query.key] = _words(
                _("What you found, and what it is") if query.finding is None else _("Your word on it")
            )
        self.fields["reason"] = _words(_("Why this person may start all the same"))
        self.fields["signed"] = forms.BooleanField(
            label=_("I have looked at each of these, and sign this with my name"),
            error_messages={"required": _("Tick this to sign. Without it nothing is recorded.")},
        )

    @property
    def words(self) -> dict[str, str]:
        """The words on each query."""
        return {query.key: self.cleaned_data[query.key] for query in self.queries}


def _field(kind: str, label: str, choices: list[tuple[str, str]], hint: str) -> forms.Field:
    if kind == "choice":
        return forms.ChoiceField(label=label, help_text=hint, required=False, choices=choices, widget=forms.RadioSelect)
    more = {"type": "date"} if kind == "date" else {"inputmode": "decimal", "autocomplete": "off"}
    return forms.CharField(label=label, help_text=hint, required=False, widget=forms.TextInput(more))


def _hint(key: str) -> str:
    question = questions()[key]
    if question.only_if == "under-18":
        return _("Only for somebody under 18.")
    return _("May stay open.") if question.optional else ""


def _number(key: str, value: str) -> str | float:
    """Years as a number where they are one; anything else is for the screening to refuse."""
    if questions()[key].kind != "years":
        return value
    try:
        return float(value.replace(",", "."))
    except ValueError:
        return value


def _place(problem: Problem) -> str:
    """The field that a problem is about."""
    key = problem.where.rpartition(", ")[2]
    return key if key in questions() else "medications"


def _words(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST_WORDS,
        error_messages={"required": _("Say it in your own words: it stands on the record.")},
        widget=forms.Textarea({"rows": 2, "class": "in"}),
    )


def given_before(said: Mapping[str, Any]) -> dict[str, str]:
    """What was given to an earlier screening, to be changed and screened again.

    Args:
        said: content of its event.
    """
    return {"medications": said["medications"], **said["answers"]}
