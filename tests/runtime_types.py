"""How types and shapes are checked while tests run: an int may stand where a float is asked for, as in typing."""

from beartype import BeartypeConf, beartype

check = beartype(conf=BeartypeConf(is_pep484_tower=True))
