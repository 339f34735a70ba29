"""Lines: a name as a record, a label or a sheet of paper can hold it."""


def on_one_line(text: str, longest: int) -> str:
    r"""A text on one line, with plain blanks and without signs that cannot be printed.

    What is pasted may hold blanks that do not break, soft hyphens or marks of direction. A record of an opening takes
    none of them, and nobody's name may keep her from opening an order in an emergency.

    Args:
        text: as it was typed.
        longest: how many signs are kept.

    Example:
        >>> on_one_line("Dr\u00a0O\u00adkafor", 100)
        'Dr Okafor'
    """
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable())[:longest].strip()
