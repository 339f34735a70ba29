"""The chain: every change, gap, swap and forged event is named."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modicum.records.chain import GENESIS, canonical, check, link


def chain(count):
    links, head = [], GENESIS
    for number in range(1, count + 1):
        links.append(link(number, {"trial": "t", "content": canonical({"pain": number})}, head))
        head = links[-1].hash
    return links


def test_a_chain_as_it_was_written_is_whole():
    links = chain(5)
    found = check(links)
    assert (found.count, found.head, found.broken) == (5, links[-1].hash, ())


@pytest.mark.parametrize(
    "change",
    [
        lambda links: [replace(links[0], body={**links[0].body, "trial": "other"}), *links[1:]],
        lambda links: links[:2] + links[3:],
        lambda links: [links[1], links[0], *links[2:]],
        lambda links: [*links[:2], links[1], *links[2:]],
        lambda links: [*links[:-1], replace(links[-1], hash="0" * 64)],
        lambda links: links[1:],
        lambda links: [*links[:2], replace(links[2], previous_hash=GENESIS), *links[3:]],
    ],
)
def test_a_change_a_gap_a_swap_and_a_forged_event_are_found(change):
    assert check(change(chain(5))).broken


def test_a_chain_that_was_cut_off_is_found_by_its_head_alone():
    links = chain(5)
    short = check(links[:4])
    assert short.broken == ()
    assert short.head != check(links).head


def test_an_event_written_anew_breaks_the_link_of_the_next_one():
    links = chain(3)
    forged = link(1, {"trial": "other"}, GENESIS)
    assert [one.sequence for one in check([forged, *links[1:]]).broken] == [2]


@given(st.integers(1, 6), st.data())
def test_whichever_character_is_changed_is_found(count, data):
    links = chain(count)
    at = data.draw(st.integers(0, count - 1))
    text = links[at].body["content"]
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters(codec="ascii").filter(lambda letter: letter != text[place]))
    changed = {**links[at].body, "content": text[:place] + other + text[place + 1 :]}
    links[at] = replace(links[at], body=changed)
    assert [one.sequence for one in check(links).broken] == [at + 1]
