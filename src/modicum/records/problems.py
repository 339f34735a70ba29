"""The catalogue of what can be wrong with a diary: one stable code and one sentence for each."""

from enum import StrEnum

from modicum.foundation.errors import Problem


class Code(StrEnum):
    """A stable code with its sentence; 01-39 refuse a file or a row, 40-59 are warnings.

    Example:
        >>> Code.RANGE.value, Code.RANGE.sentence
        ('MOD-DIARY-15', 'A value lies outside its range.')
    """

    sentence: str

    def __new__(cls, code: str, sentence: str) -> "Code":
        """A member is its code; the sentence hangs on it."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.sentence = sentence
        return member

    NO_FILE = "MOD-DIARY-01", "The file is not there or cannot be opened."
    SOURCE = "MOD-DIARY-02", "A diary cannot be read from a value of this type."
    TOO_LARGE = "MOD-DIARY-03", "The file is larger than a person's diary can be."
    NOT_A_TABLE = "MOD-DIARY-04", "The content is neither a table in text nor Parquet."
    NO_ROWS = "MOD-DIARY-05", "There are no rows."
    HEADER = "MOD-DIARY-06", "A column has no name, or two columns have the same name."
    RAGGED = "MOD-DIARY-07", "A row has more or fewer cells than the header."
    QUOTES = "MOD-DIARY-08", "A quotation mark is not closed, or stands inside a cell."
    CONTROL = "MOD-DIARY-09", "A row contains a NUL byte or another control character."
    NO_TIME_COLUMN = "MOD-DIARY-10", "The file has neither a column day nor a column time."
    TIME = "MOD-DIARY-11", "The time of a row is missing or cannot be read."
    BACKWARDS = "MOD-DIARY-12", "Time goes backwards from one row to a later one."
    NEWEST_FIRST = "MOD-DIARY-13", "The rows run from the newest to the oldest."
    NUMBER = "MOD-DIARY-14", "A cell that must hold a finite number does not."
    RANGE = "MOD-DIARY-15", "A value lies outside its range."
    DECIMAL_COMMA = "MOD-DIARY-16", "A number is written with a decimal comma in a file separated by commas."
    NEGATIVE_DOSE = "MOD-DIARY-17", "A dose is negative."
    ABOVE_LADDER = "MOD-DIARY-18", "A dose is above the highest dose of the protocol."
    DAYS_DISAGREE = "MOD-DIARY-19", "Rows of one dosing day state different doses."
    LEVEL = "MOD-DIARY-20", "A dose is written as a text that no level translates."
    FLAG = "MOD-DIARY-21", "A cell that must hold yes or no holds neither."
    WORD = "MOD-DIARY-22", "A cell holds a word that its column does not know."
    DUPLICATE = "MOD-DIARY-23", "A timed row repeats an earlier row in every cell; it is set aside."
    NO_COLUMN = "MOD-DIARY-24", "An option names a column that the file does not have."
    OPTION = "MOD-DIARY-25", "An option of the reader has a value that cannot be used."
    NOTHING_LEFT = "MOD-DIARY-26", "No row is left once the bad rows are skipped."
    NONE_CHOSEN = "MOD-DIARY-27", "No row has the values asked for."
    RECORD = "MOD-DIARY-28", "A record cannot be used: its time has no zone, or what it corrects does not fit."

    LATIN = "MOD-DIARY-40", "The file is not UTF-8; it was read as Latin-1."
    COMMAS_READ = "MOD-DIARY-41", "Numbers with a decimal comma were read."
    OFFSETS = "MOD-DIARY-42", "Times have different offsets from UTC; each counts on its own local clock."
    DAY_AND_TIME = "MOD-DIARY-43", "The columns day and time do not agree; one of them was used."
    OFF_LADDER = "MOD-DIARY-44", "A dose is not on the ladder of the protocol; it is kept."
    IGNORED = "MOD-DIARY-45", "Columns were not used."
    NO_DOSE = "MOD-DIARY-46", "The file has no column dose_mg and no column planned_mg."
    ITEM_ABSENT = "MOD-DIARY-47", "Items of the protocol are not in the file."
    RECEIVED = "MOD-DIARY-48", "An entry was received before it happened."
    SUM = "MOD-DIARY-49", "A declared sum in the file differs from the sum of its parts; the parts were used."
    CLOCK_BACK = (
        "MOD-DIARY-50",
        "The local clock went back between two entries; the later one keeps the time of the earlier.",
    )
    NEAR_TITLE = "MOD-DIARY-51", "The title of a column is nearly that of a field or of a side effect."
    NOT_ASKED = "MOD-DIARY-52", "A side effect is not one that the protocol asks about; it is kept."


def problem(code: Code, where: str, value: object, message: str, fix: str) -> Problem:
    """One problem of the catalogue, its value cut to what a person can read."""
    text = str(value)
    return Problem(str(code.value), where, text if len(text) <= 80 else text[:77] + "...", message, fix)
