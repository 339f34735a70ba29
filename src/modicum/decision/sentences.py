"""The words of a verdict: probabilities are said as probabilities of the thing stated, as natural frequencies."""

from modicum.analysis.estimate import DoseEffect, Summary
from modicum.analysis.inference import Inference
from modicum.analysis.preposterior import Outlook
from modicum.decision.answer import SideEffect
from modicum.decision.finding import Facts, in_view, too_little_to_gain, tried_doses, were_tried
from modicum.decision.judging import Judgement
from modicum.decision.words import amount, chances_in_10, dose_words, drug_word, in_100, nights_in_100, sentence
from modicum.decision.worsening import p_worse, worsening

NOTICED = "perhaps through having noticed the {drug}"


def prescriber_sentence(posterior: Inference, facts: Facts, found: Judgement, *, qualified: bool) -> str:
    """The verdict in one sentence, for a prescriber."""
    text = _verdict(posterior, facts, found)
    return _qualified(text, posterior) if qualified else sentence(text)


def patient_sentence(posterior: Inference, facts: Facts, found: Judgement, *, qualified: bool) -> str:
    """The same for the patient."""
    drug = drug_word(posterior.question)
    plain = {
        "futile": "Going on would not show that it helps",
        "open-label": "You were better in those weeks, but nobody can tell whether that was the " + drug + " or hope",
        "cannot-tell": f"Your diary cannot tell{_why_not(posterior, facts)}",
    }
    if found.code == "harm":
        text = _harm(posterior, facts, found, person="you")
    elif found.code == "nothing-that-matters":
        text = _nothing(posterior, facts, person="you")
    elif found.code in plain:
        text = plain[found.code]
    else:
        text = _works(posterior, found).replace("works", "works for you", 1)
    return _qualified(text, posterior) if qualified else sentence(text)


def reasons(posterior: Inference, facts: Facts, found: Judgement, *, belief_checked: bool) -> tuple[str, ...]:
    """The numbers behind the verdict, one sentence each.

    Args:
        posterior: that was judged.
        facts: of the trial.
        found: the judgement.
        belief_checked: whether guesses were there to check the verdict against.
    """
    if facts.n_observed == 0:
        return (f"The diary holds no score of {posterior.question.label.lower()}.",)
    if facts.constant:
        return ("Every answer is the same, so that nothing can be seen to change, whatever was taken.",)
    told = _told(posterior, facts, found)
    if found.code == "cannot-tell" and too_little_to_gain(posterior.question, facts):
        told = (_room(posterior, facts), *told)
    if found.code in ("works", "works-smaller-too") and not belief_checked:
        told = (
            *told,
            "No guess comes with its reason, so that nothing shows whether the person noticed what was taken.",
        )
    if found.code == "cannot-tell" and facts.blinded_drug_free and not facts.look_due:
        told = (
            *told,
            f"Whether the {drug_word(posterior.question)} works is said only after the pairs that the protocol names,"
            " and this diary does not end there.",
        )
    return told


def _room(posterior: Inference, facts: Facts) -> str:
    question = posterior.question
    return (
        f"Without the {drug_word(question)} there is {amount(facts.room, question)} to gain on average, less than"
        f" {amount(question.mcid, question)}, the smallest difference that matters: no drug could help by that much, so"
        " that \u201cnothing that matters\u201d would be said of any."
    )


def what_would_tell(posterior: Inference, foreseen: Outlook | None) -> str:
    """What further blinded weeks would tell, and with what chance."""
    if foreseen is None:
        return ""
    weeks = max(1, round(foreseen.pairs * 2 * foreseen.half_days / 7))
    dose = dose_words(foreseen.dose_mg, posterior.question)
    blinded = "placebo, blinded" if posterior.question.dose_unit else "none, blinded if it can be"
    half = _counted(foreseen.half_days, "day")
    design = f"in {_counted(foreseen.pairs, 'pair')}, each {half} on and {half} off"
    telling = min(round(10 * foreseen.p_tells), 9)
    working = min(round(10 * foreseen.p_works), telling)
    return (
        f"{_counted(weeks, 'more week')} of {dose} against {blinded}, {design}, would tell with"
        f" {chances_in_10(foreseen.p_tells)} ({working} that it works, {telling - working} that it makes no"
        " difference that matters). This is computed in closed form from the model, not simulated."
    )


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def effect_words(effect: Summary, posterior: Inference) -> str:
    """An effect with its interval, signed: "−1.8 points (95 % interval −2.8 to −0.7)"."""
    low, high = effect.interval95
    chance = posterior.question.kind == "binary"
    mean, low, high = (_in_hundred(v) if chance else _signed(v) for v in (effect.mean, low, high))
    return f"{mean} {'in 100' if chance else posterior.question.unit}".strip() + f" (95 % interval {low} to {high})"


def _in_hundred(chance: float) -> str:
    """A difference of chances in 100, signed; tenths only below 1."""
    return f"{100.0 * chance:+.{1 if abs(chance) < 0.01 else 0}f}".replace("-", "\u2212")


def _signed(value: float) -> str:
    digits = 0 if abs(value) >= 1000 else 1 if abs(value) >= 0.05 else 2
    return f"{value:+,.{digits}f}".replace("-", "\u2212")


def _verdict(posterior: Inference, facts: Facts, found: Judgement) -> str:
    drug, person = drug_word(posterior.question), posterior.question.label.split(",")[0].lower()
    fixed = {
        "futile": f"going on is futile: it would hardly show that the {drug} works",
        "open-label": f"better under the {drug}, which cannot be told from hope",
        "cannot-tell": f"this diary cannot tell{_why_not(posterior, facts)}",
    }
    if found.code == "harm":
        return _harm(posterior, facts, found, person=person)
    if found.code == "nothing-that-matters":
        return _nothing(posterior, facts, person=person)
    return fixed.get(found.code) or _works(posterior, found)


def _why_not(posterior: Inference, facts: Facts) -> str:
    """A verdict that more weeks may bring, or that no diary like this one can."""
    if facts.n_observed and not facts.constant and too_little_to_gain(posterior.question, facts):
        return ": there is less to gain than the smallest difference that matters"
    return " yet"


def _nothing(posterior: Inference, facts: Facts, person: str) -> str:
    """That nothing helps, and what may make it worse (docs/decisions/0011)."""
    question, dose = posterior.question, worsening(posterior, facts)
    drug, you = drug_word(question), " you" if person == "you" else ""
    if dose is None:
        return f"the {drug} does nothing{' for you' if you else ''} that matters"
    chance = f"by {amount(question.mcid, question)} or more: {in_100(p_worse(posterior, dose))}"
    if len(tried_doses(posterior, facts.rules)) > 1:
        words = dose_words(dose.dose_mg, question)
        return f"no dose tried helps{you} enough to matter, and {words} may make {person} worse ({chance})"
    return f"the {drug} does not help{you}, and may make {person} worse ({chance})"


def _works(posterior: Inference, found: Judgement) -> str:
    if found.dose is None:
        raise ValueError("a verdict of works names its dose")
    question = posterior.question
    dose = dose_words(question.ladder_mg[found.dose], question)
    probably = "probably " if found.strength == "probable" else ""
    if found.compared is not None:
        larger = dose_words(question.ladder_mg[found.compared], question)
        return f"{larger} {probably}works, but no better than {dose}"
    smaller = any(posterior.taken[: found.dose])
    return f"{dose} {probably}works" + (", and no smaller dose was shown to" if smaller else "")


def _harm(posterior: Inference, facts: Facts, found: Judgement, person: str) -> str:
    if facts.severe:
        listed = " and ".join(name.replace("_", " ") for name in facts.severe)
        return (
            f"stop and talk: {listed} was rated severe" if facts.severe != ("red flag",) else "stop and talk: red flag"
        )
    dose = dose_words(posterior.question.ladder_mg[found.dose or 0], posterior.question)
    probably = "probably " if found.strength == "probable" else ""
    return f"stop: {dose} {probably}makes {person} worse"


def _qualified(text: str, posterior: Inference) -> str:
    return sentence(f"{text}, {NOTICED.format(drug=drug_word(posterior.question))}")


def _told(posterior: Inference, facts: Facts, found: Judgement) -> tuple[str, ...]:
    mcid = amount(posterior.question.mcid, posterior.question)
    if found.code == "harm":
        return _told_harm(posterior, facts, found)
    if found.code == "nothing-that-matters":
        return _told_nothing(posterior, facts, mcid)
    named = found.dose if found.dose is not None else in_view(posterior, facts)
    if named is None:
        return ("No dose was taken.",)
    if not facts.blinded_drug_free:
        return _told_open(posterior, posterior.doses[named], mcid)
    return _told_dose(posterior, posterior.doses[named], mcid)


def _told_nothing(posterior: Inference, facts: Facts, mcid: str) -> tuple[str, ...]:
    """The rule, and for the top dose, and the one that may make it worse, the effect and the chance of a worsening."""
    chance = in_100(posterior.p_all_too_small(were_tried(posterior, facts.rules)))
    what = f"{mcid}, the smallest difference that matters"
    told = [f"The chance that no dose tried helps by at least {what}, is {chance}."]
    for dose in dict.fromkeys((worsening(posterior, facts) or posterior.doses[-1], posterior.doses[-1])):
        told += [_effect_of(posterior, dose), _chance_of_worse(posterior, dose)]
    return tuple(told)


def _effect_of(posterior: Inference, dose: DoseEffect) -> str:
    words, drug = dose_words(dose.dose_mg, posterior.question), drug_word(posterior.question)
    return f"Effect of {words} against no {drug}: {effect_words(dose.effect, posterior)}, if the {drug} does anything."


def _told_dose(posterior: Inference, dose: DoseEffect, mcid: str) -> tuple[str, ...]:
    words = dose_words(dose.dose_mg, posterior.question)
    drug = drug_word(posterior.question)
    return (
        _effect_of(posterior, dose),
        f"The chance that {words} helps by at least {mcid}, the smallest difference that matters, is"
        f" {in_100(dose.p_mcid)}; if the {drug} does anything, it is {in_100(dose.p_mcid_given_effect)}.",
        f"The chance that the {drug} has no effect at all is {in_100(posterior.p_no_effect())}.",
    )


def _told_open(posterior: Inference, dose: DoseEffect, mcid: str) -> tuple[str, ...]:
    words, drug = dose_words(dose.dose_mg, posterior.question), drug_word(posterior.question)
    together = dose.with_expectation or dose.effect
    given = in_100(dose.p_mcid_with_expectation)
    averaged = f"{in_100(dose.p_mcid)}; if they do anything, it is " if dose.with_expectation is None else ""
    return (
        f"With {words}, {drug} and hope together: {effect_words(together, posterior)}, if they do anything.",
        f"The chance that together they help by at least {mcid}, the smallest difference that matters, is"
        f" {averaged}{given}.",
        f"There was no blinded comparison with no {drug}, so that nothing tells the two apart, and no smallest dose"
        " is named.",
    )


def side_effect_reasons(found: Judgement, posterior: Inference, effects: tuple[SideEffect, ...]) -> tuple[str, ...]:
    """What the dose in force adds of every side effect that was rated severe, where the verdict is harm."""
    if found.code != "harm" or found.dose is None:
        return ()
    question = posterior.question
    words, drug = dose_words(question.ladder_mg[found.dose], question), drug_word(question)
    told: list[str] = []
    for effect in effects:
        if effect.rated_severe and effect.model is not None:
            added = effect.model.doses[found.dose].attributable
            low, high = (nights_in_100(end) for end in added.interval95)
            named = sentence(effect.label).rstrip(".")
            told.append(
                f"{named}: {words} adds about {nights_in_100(added.mean)} nights in 100 with"
                f" it to those without the {drug} (95 % {low} to {high})."
            )
    return tuple(told)


def _told_harm(posterior: Inference, facts: Facts, found: Judgement) -> tuple[str, ...]:
    told: tuple[str, ...] = ()
    if facts.severe:
        told = (f"Rated severe, or marked as a red flag: {', '.join(facts.severe)}.",)
    if found.dose is None or not posterior.taken[found.dose]:
        return told
    dose, limit = posterior.doses[found.dose], facts.rules.p_harm
    rule = f" The rule stops from {in_100(limit)} of these on." if not facts.severe else ""
    return (*told, _chance_of_worse(posterior, dose) + rule)


def _chance_of_worse(posterior: Inference, dose: DoseEffect) -> str:
    """Both probabilities of a worsening by the MCID, named."""
    question = posterior.question
    words, mcid, drug = dose_words(dose.dose_mg, question), amount(question.mcid, question), drug_word(question)
    averaged = in_100(p_worse(posterior, dose))
    return (
        f"The chance that {words} makes it worse by at least {mcid} is {averaged}; if the {drug} does anything,"
        f" it is {in_100(dose.p_harm)}."
    )
