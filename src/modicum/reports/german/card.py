"""The emergency card in German: word by word what the English one says."""

from modicum.reports import emergency_card
from modicum.reports.german import supply as words

WORDS = emergency_card.Words(
    language="de",
    heading="Notfallkarte",
    virtual=words.VIRTUAL,
    unprinted=words.UNPRINTED,
    before="Vor jedem Schmerzmittel",
    ring="Wen Sie anrufen",
    people=("Notfall, Tag und Nacht", "Ärztin oder Arzt", "Apotheke"),
    codes="Codes der Packungen",
    find_out="Wie sich feststellen lässt, was es ist",
    trial="Studie {}",
    since="{}, ab {}",
    wallet="Siehe die Karte im Portemonnaie",
    elsewhere=("Auf Deutsch auf der Rückseite", "Auf Deutsch"),
    advice=(
        "An der durchgezogenen Linie ausschneiden. Zuerst an der langen Mittellinie falten, sodass Englisch auf der "
        "Rückseite liegt, dann an den anderen gestrichelten Linien hin und her, sodass das erste Feld außen liegt.",
        "Tragen Sie sie bei Ihren anderen Karten. Zeigen Sie sie vor jedem Schmerzmittel allen, die Sie behandeln, "
        "auch in der Zahnarztpraxis.",
        "Dieselbe Karte gibt es als Seite für das Telefon: card.html.",
    ),
    warnings=words.warnings,
    unblinding=words.unblinding,
    day=words.day,
)
