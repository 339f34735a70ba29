"""The patient's page in German: sentence by sentence what the English one says, with the same numbers.

It says what was found and how sure; it never says what to take.
"""

from modicum.analysis.estimate import DoseEffect, Summary
from modicum.decision.answer import Answer
from modicum.reports import patient, prescriber, wording
from modicum.reports.blocks import Figure, Frame, Paragraph, PatientPage, Section
from modicum.reports.charts import own_scale
from modicum.reports.german import chart, verdict
from modicum.reports.german import wording as german

_NOTHING_TO_COMPARE = (
    "In Ihrem Tagebuch hat kein Tag sowohl eine Antwort als auch eine Dosis; deshalb gibt es noch nichts zu "
    "vergleichen."
)
_SAME = "Alle Antworten in Ihrem Tagebuch sind gleich; deshalb kann es nicht zeigen, ob sich etwas geändert hat."
_NO_REASON = "In Ihrem Tagebuch gibt es keinen Grund, mehr zu nehmen."
_DIARY = "mit einem Tagebuch wie Ihrem"
FRAME = Frame(
    language="de",
    skip="Zu Ihrem Ergebnis springen",
    about="Über diese Seite",
    prints="Diese Seite passt gedruckt auf ein Blatt, zum Mitnehmen.",
    stands="Sie beruht auf Ihren Angaben: {}.",
    record="Ende der Aufzeichnung der Praxis, als sie gemacht wurde:",
    skip_to_answer="Zur Antwort springen",
    pages="Seiten dieses Berichts",
    full_report="Der vollständige Bericht, für Ihre Ärztin oder Ihren Arzt",
    part="{}, Teil {}",
    unprinted="Einige Zeichen dieser Seiten haben in den Schriften dieser Datei keine Form; jedes steht als "
    "\N{REPLACEMENT CHARACTER}. Der Bericht in HTML zeigt sie.",
)


def page(answer: Answer) -> PatientPage:
    """Everything that the page shows.

    Args:
        answer: with its words in German.
    """
    sentence = verdict.patient_sentence(answer)
    said = (
        ("Wie sicher ist das?", how_sure(answer)),
        ("Und mehr davon?", what_about_more(answer)),
        ("Was Ihnen auffiel", what_you_noticed(answer)),
        ("Wie es weitergeht", what_happens_next(answer)),
    )
    entries = german.counted(answer.n_observed, "Eintrag", "Einträge")
    return PatientPage(
        name="Für den Patienten",
        kicker=f"Ihr Ergebnis. {kicker(answer)}",
        sentence=sentence or answer.verdict.patient_sentence or answer.verdict.sentence,
        figure=Figure("own_scale", chart.alternative(answer)) if own_scale.levels(answer) is not None else None,
        lead=lead(answer),
        sections=tuple(Section(heading, tuple(map(Paragraph, words))) for heading, words in said if words),
        entries=f"{entries} an {german.counted(answer.n_days, 'Tag', 'Tagen')}",
        sentence_language="" if sentence else "en",
    )


def kicker(answer: Answer) -> str:
    """What this is and when it was."""
    length = german.counted(answer.n_days, "Tag", "Tage") if answer.n_observed else "Kein Eintrag wurde verwendet"
    ends = prescriber.days_of(answer)
    if ends is None:
        return f"{wording.stopped(answer.title)} {length}."
    begin, end = (f"{day.day}. {german.MONTHS[day.month - 1]} {day.year}" for day in ends)
    return f"{wording.stopped(answer.title)} {length}, {begin} bis {end}."


def lead(answer: Answer) -> str:
    """How much, in one or two sentences."""
    question, code = answer.question, answer.verdict.code
    dose = patient.dose_of(answer)
    if dose is None:
        return _SAME if answer.uninformative and answer.n_observed else _NOTHING_TO_COMPARE
    small, drug = german.mcid(question), german.drug(question)
    named, outcome = german.with_dose(question, dose.dose_mg), german.outcome(question)
    effect = wording.shown(answer, dose)
    change = german.size(question, effect.mean)
    matters = f"Als kleinster Unterschied, auf den es ankommt, wurde festgelegt: {small}."
    if code == "open-label":
        return (
            f"Solange Sie {german.dose(question, dose.dose_mg)} nahmen, war {outcome} {german.about(change)}. Sie "
            f"wussten, was Sie nahmen; deshalb kann niemand sagen, wie viel davon {drug} war und wie viel Hoffnung "
            "oder Zeit."
        )
    if code in ("cannot-tell", "futile"):
        return f"Mit {named} {_between(answer, effect)} als ohne {drug}. {matters}"
    if code == "nothing-that-matters":
        what = "die Behandlung" if wording.single(question) else "keine der Dosen, die Sie nahmen,"
        not_ = " nicht" if wording.single(question) else ""
        helps = f"{german.improves(question)} {what} {german.outcome_object(question)}{not_} um {small} oder mehr"
        return f"Wahrscheinlich {helps}. {matters}"
    if code == "harm" and question.sign * effect.mean > 0:
        return (
            "Die Studie wurde beendet wegen dessen, was Sie gemeldet haben. Ihre Ärztin oder Ihr Arzt erklärt Ihnen, "
            "was zu sehen war."
        )
    return f"Mit {named} war {outcome} {german.about(change)} als ohne {drug}. {matters}"


def _between(answer: Answer, effect: Summary) -> str:
    """From one end of the 95 % interval to the other, in words."""
    low, high = (german.size(answer.question, end) for end in effect.interval95)
    outcome = german.outcome(answer.question)
    return f"war {outcome} {low}" if low == high else f"kann {outcome} alles gewesen sein von {low} bis {high}"


def how_sure(answer: Answer) -> list[str]:
    """How sure, as people out of 100; where nothing was compared blinded, first what the chances are about."""
    dose = patient.dose_of(answer)
    if answer.uninformative:
        return []
    if dose is None:
        return ["Noch gibt es nichts, dessen man sicher sein könnte."]
    if not wording.hoped(answer):
        return _chances(answer, dose)
    drug = german.drug(answer.question)
    hope = (
        f"Was hier zu sehen ist, ist {drug} zusammen mit der Hoffnung darauf; dieses Tagebuch kann beides nicht "
        "trennen."
    )
    return [hope, *(_open(answer, dose) if answer.verdict.code == "open-label" else _chances(answer, dose))]


def _chances(answer: Answer, dose: DoseEffect) -> list[str]:
    """How sure of the verdict, both sides of the chance."""
    question, code = answer.question, answer.verdict.code
    named, small = german.dose(question, dose.dose_mg), german.mcid(question)
    if code == "harm":
        return [_harm(answer, dose)]
    if code == "nothing-that-matters":
        none = answer.smallest_dose.probabilities.get("none", answer.p_no_effect)
        what, other = (
            ("die Behandlung nicht", "würde sie es")
            if wording.single(question)
            else ("keine Dosis, die Sie nahmen,", "würde es eine")
        )
        return [
            f"{_degree(none)}: Bei {german.people(none)} {_DIARY} würde {what} wirklich um {small} oder mehr helfen. "
            f"Bei {german.others(none)} {other}."
        ]
    p = wording.shown_chance(answer, dose)
    it = "beides zusammen" if wording.hoped(answer) else "es"
    helps = f"Bei {german.people(p)} {_DIARY} würde {it} wirklich um {small} oder mehr helfen."
    less = f"Bei {german.others(p)} würde {it} weniger helfen"
    if not code.startswith("works"):
        hope = ", zusammen mit der Hoffnung darauf," if wording.hoped(answer) else ""
        return [f"Nicht sicher, ob {named}{hope} hilft: {helps} {less}, gar nicht, oder es schlechter machen."]
    return [f"{_degree(p)}, dass {named} hilft: {helps} {less}, oder gar nicht.", *_less(answer, dose)]


def _open(answer: Answer, dose: DoseEffect) -> list[str]:
    """How sure that it was better, and why nobody knows what did it."""
    p = wording.shown_chance(answer, dose)
    return [
        f"{_degree(p)}, dass es Ihnen besser ging: Bei {german.people(p)} {_DIARY} wäre die Veränderung wirklich "
        f"{german.mcid(answer.question)} oder mehr.",
        f"Nicht sicher, warum. Um zu wissen, ob es {german.drug(answer.question)} war, müssen einige Wochen vergehen, "
        "in denen Sie nicht wissen, was Sie nehmen.",
    ]


def _harm(answer: Answer, dose: DoseEffect) -> str:
    """How sure that a dose makes it worse; a trial stopped for another reason has no such number."""
    question = answer.question
    if question.sign * dose.effect.mean >= 0:
        return "Auf dieser Seite geht es um Ihre Sicherheit, nicht um Chancen."
    named = wording.sentence(german.dose(question, dose.dose_mg))
    return (
        f"{named} {german.worsens(question)} {german.outcome_object(question)} um {german.mcid(question)} oder mehr "
        f"bei {german.people(wording.p_worse(answer, dose))} {_DIARY}."
    )


def _less(answer: Answer, dose: DoseEffect) -> list[str]:
    """How sure that nothing smaller would do."""
    question = answer.question
    lower = [d for d in wording.taken(answer) if d.dose_mg < dose.dose_mg]
    if not lower:
        tried = f"Keine Dosis unter {german.dose(question, dose.dose_mg)} wurde versucht."
        return [tried] if question.dose_unit else []
    given = answer.smallest_dose.probabilities
    enough = sum(given.get(repr(float(d.dose_mg)), 0.0) for d in lower)
    largest = f"{german.dose(question, lower[-1].dose_mg)}{' oder weniger' if len(lower) > 1 else ''}"
    degree = "Ziemlich sicher" if enough < 0.1 else "Weniger sicher"
    people = f"{'etwa ' if 0.01 <= enough <= 0.99 else ''}{german.people(enough)}"
    return [f"{degree}, dass nichts Kleineres genügt: Bei {people} mit Ihrem Tagebuch würde {largest} genügen."]


def _degree(p: float) -> str:
    """A probability as a degree of being sure."""
    if p >= 0.9:
        return "Ziemlich sicher"
    return "Einigermaßen sicher" if p >= 0.7 else "Eher wahrscheinlich" if p >= 0.5 else "Nicht sicher"


def what_about_more(answer: Answer) -> list[str]:
    """What the diary says about higher doses; nothing is recommended."""
    question, code = answer.question, answer.verdict.code
    known, dose = wording.taken(answer), patient.dose_of(answer)
    if not question.dose_unit or dose is None or not known:
        return []
    top, named = german.dose(question, known[-1].dose_mg), german.dose(question, dose.dose_mg)
    unread = f"Sie nahmen bis zu {top}. Ob mehr helfen würde, lässt sich aus diesem Tagebuch nicht ablesen."
    fixed = {
        "harm": _NO_REASON,
        "nothing-that-matters": f"Sie nahmen bis zu {top}. {_NO_REASON}",
        "open-label": (
            "Die kleinste Dosis, die genügt, lässt sich aus diesem Tagebuch nicht ablesen; ein Grund, mehr zu nehmen, "
            "auch nicht."
        ),
        "cannot-tell": unread,
        "futile": unread,
    }
    if code in fixed:
        return [fixed[code]]
    above = [d for d in known if d.dose_mg > dose.dose_mg]
    if not above:
        return [f"Sie nahmen nichts über {named}, deshalb kann diese Seite es nicht sagen."]
    best = patient.better_of(answer, dose, above)
    if best is not None:
        gain = german.unit(question, german.plain(question, abs(best.effect.mean - dose.effect.mean)))
        return [
            f"{german.dose(question, best.dose_mg)} könnte noch besser sein, um etwa {gain}. Ob das eine höhere Dosis "
            "wert ist, wägen Sie mit Ihrer Ärztin oder Ihrem Arzt ab."
        ]
    names = german.listed(german.dose(question, d.dose_mg) for d in above)
    return [f"{names} {'war' if len(above) == 1 else 'waren'} nicht besser als {named}. {_NO_REASON}"]


def what_you_noticed(answer: Answer) -> list[str]:
    """Side effects as counted, the most frequent first, and that a count is not a cause."""
    if not answer.side_effects:
        return ["Dieses Tagebuch hat nicht nach Nebenwirkungen gefragt."]
    found = patient.noticed(answer)
    if not found:
        return ["Sie haben keine der Nebenwirkungen gemeldet, nach denen das Tagebuch gefragt hat."]
    said = [_noticed(s.label or s.name, s.events, s.asked, s.severe) for s in found[: patient.MOST_SIDE_EFFECTS]]
    left = len(found) - patient.MOST_SIDE_EFFECTS
    more = german.counted(left, "weitere steht", "weitere stehen")
    rest = f" {more} im vollständigen Bericht." if left > 0 else ""
    return [f"{' '.join(said)}{rest}", "Das sind Zählungen. Sie sagen nicht, was die Ursache war."]


def _noticed(label: str, events: int, asked: int, severe: int) -> str:
    """One side effect in a sentence."""
    worse = f", davon {severe} störend oder schlimmer" if severe else ""
    return f"{wording.sentence(label)}: {events} von {german.counted(asked, 'Antwort', 'Antworten')}{worse}."


def what_happens_next(answer: Answer) -> list[str]:
    """Where to take the page, what a day is worth, and what would tell."""
    if answer.verdict.code == "harm":
        return [
            "Sprechen Sie jetzt mit Ihrer Ärztin oder Ihrem Arzt, wenn möglich vor der nächsten Dosis. Wenn es Ihnen "
            "sehr schlecht geht, holen Sie Hilfe."
        ]
    out = [
        "Nehmen Sie diese Seite zu Ihrer Ärztin oder Ihrem Arzt mit, und entscheiden Sie gemeinsam. Beginnen, beenden "
        "oder ändern Sie keine Dosis allein wegen dieser Seite.",
        "Manche Wochen werden besser sein und manche schlechter, mit jeder Dosis.",
    ]
    if answer.verdict.what_would_tell and not answer.uninformative:
        out.append(
            "Im Bericht für Ihre Ärztin oder Ihren Arzt steht, welche weiteren Wochen es zeigen würden, und mit "
            "welcher Chance."
        )
    return out
