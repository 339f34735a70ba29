import io

import numpy as np
import pytest

from modicum.foundation.errors import InputError
from modicum.protocol import library, read_protocol
from modicum.records import read_diary

every_protocol = pytest.mark.parametrize("name", library())


def diary_of(protocol, dose):
    asked = [item for item in protocol.outcomes if not item.sum_of]
    effects = [f"side_effect:{effect.name}" for effect in protocol.side_effects]
    header = ["day", "dose_mg", *(item.name for item in asked), *effects]
    line = ["0", f"{dose:g}", *(f"{item.low:g}" for item in asked), *("0" for _ in effects)]
    return io.StringIO("\n".join([",".join(header), ",".join(line)]))


@every_protocol
def test_a_diary_with_the_items_of_a_shipped_protocol_is_read_with_nothing_to_say(name):
    protocol = read_protocol(name)
    diary = read_diary(diary_of(protocol, max(protocol.drug.ladder_mg)), protocol=protocol)
    assert diary.warnings == ()
    assert diary.dose_hour == protocol.drug.dose_hour
    assert set(diary.scores) >= {item.name for item in protocol.outcomes}
    assert set(diary.side_effects) == {effect.name for effect in protocol.side_effects}
    assert not np.isnan(diary.scores[protocol.primary]).any()


@every_protocol
def test_a_dose_above_the_ladder_of_a_shipped_protocol_is_refused(name):
    protocol = read_protocol(name)
    with pytest.raises(InputError):
        read_diary(diary_of(protocol, 10 * max(protocol.drug.ladder_mg)), protocol=protocol)
