"""The cast of the demo: who is on the way into a trial, who is in one, and what becomes of them."""

from dataclasses import dataclass

from modicum.web.accounts.models import Person, Role, Site

FLAGSHIP, SEED = "ldn-smallest-dose", 20261123
STAFF = (Role.PRESCRIBER, Role.PHARMACIST, Role.OPERATOR, Role.ANALYST)


@dataclass(frozen=True)
class Team:
    """Who looks after everybody.

    Args:
        site: where.
        prescriber: of everybody.
        pharmacist: of the site.
    """

    site: Site
    prescriber: Person
    pharmacist: Person


@dataclass(frozen=True)
class Arriving:
    """A virtual patient before her first day.

    Args:
        surname: an invented one.
        medications: as they were screened; "" where she was not.
        protocol: that was chosen; "" where none was.
        consented: whether she has.
    """

    surname: str
    medications: str = ""
    protocol: str = ""
    consented: bool = False


@dataclass(frozen=True)
class Lived:
    """A virtual patient in a trial.

    Args:
        surname: an invented one.
        days: since the first day of her trial.
        archetype: how the effect depends on the dose, in truth.
        effect_in_mcid: full benefit, in truth.
        language: of her diary.
        share: whether her trial may leave for research.
        silent_days: for how many of these days, at their end, nothing was heard of her phone.
        leaves: whether she leaves at the end of these days.
        medicine: new at the end of these days.
        held: why her prescriber holds the capsules; "" where she does not.
        waits: whether her last decision waits to be answered.
        signed: whether her answer was signed and her order opened.
        again: how many days before the end of these days each re-challenge of the dose that she keeps began.
    """

    surname: str
    days: int
    archetype: str = "none"
    effect_in_mcid: float = 2.0
    language: str = "en"
    share: bool = True
    silent_days: int = 0
    leaves: bool = False
    medicine: str = ""
    held: str = ""
    waits: bool = False
    signed: bool = False
    again: tuple[int, ...] = ()


IN_A_TRIAL = (
    Lived("Alder", 0),
    Lived("Birch", 9, "threshold-1.5"),
    Lived("Cedar", 40, "threshold-1.5", language="de"),
    Lived("Dogwood", 57, waits=True),
    Lived("Elder", 130, "threshold-1.5", 2.5),
    Lived("Fir", 50, share=False, leaves=True),
    Lived("Gorse", 420, "threshold-0.5", 2.5, signed=True),
    Lived("Hazel", 170, "threshold-1.5", 2.5),
    Lived("Ivy", 24, share=False, medicine="codeine linctus"),
    Lived("Quince", 33, held="A tooth is to be drawn on Thursday; painkillers are not settled yet."),
    Lived("Kerria", 20, silent_days=3),
    Lived("Juniper", 620, "threshold-1.5", 2.5, signed=True, again=(228, 12)),
)

ARRIVING = (
    Arriving("Larch"),
    Arriving("Maple", "tramadol 50 mg as needed\nparacetamol 500 mg"),
    Arriving("Nettle", "Zyzaxol 5 mg\nlevothyroxine 75 micrograms"),
    Arriving("Oak", "cetirizine 10 mg"),
    Arriving("Poplar", "paracetamol 500 mg", "ldn-crossover"),
    Arriving("Rowan", "none", FLAGSHIP, consented=True),
)
