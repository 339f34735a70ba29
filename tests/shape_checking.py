"""The checker that tests put around every function of the analysis: named shapes, and types where an int is a float."""

from beartype import BeartypeConf, beartype

typed = beartype(conf=BeartypeConf(is_pep484_tower=True))
