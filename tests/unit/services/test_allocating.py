import stat

import pytest

from allocation_fixtures import FLAGSHIP, NOW, PUBLIC, chance, drawn, key_file, reveal
from modicum.allocation import Contributions
from modicum.foundation.errors import AllocationError, InputError
from modicum.services.allocating import fix_contribution, randomise, verify_folder
from modicum.services.binding import bind
from modicum.services.unblinding import PATHS, unblind

CONTRIBUTIONS = Contributions(b"s" * 32, "dice")


def everything(folder):
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def refused(*arguments, **options):
    with pytest.raises(InputError) as caught:
        randomise(*arguments, **{"now": NOW, "randomness": chance(1), **options})
    return [one.code for one in caught.value.problems]


def draw(folder, **options):
    return randomise(FLAGSHIP, folder, CONTRIBUTIONS, **{"now": NOW, "randomness": chance(1), **options})


def test_a_draw_leaves_one_folder_with_document_protocol_seals_and_keys(tmp_path):
    done = draw(tmp_path / "p7")
    assert set(everything(tmp_path)) == {
        *(f"p7/{name}" for name in ("allocation.json", "protocol.toml")),
        *(f"p7/sealed/{role}.age" for role in PUBLIC),
        *(f"p7/keys/{role}.key" for role in PUBLIC),
    }
    assert done.new
    assert done.document.head.slot == "p7"
    assert [one.code for one in done.warnings] == ["MOD-ALLOC-41"]


def test_secret_keys_can_be_read_by_their_owner_only(tmp_path):
    draw(tmp_path / "p7")
    assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "p7" / "keys").iterdir()} == {0o600}


def test_no_key_is_made_where_the_public_ones_are_given(tmp_path):
    done = draw(tmp_path / "p7", public_keys=PUBLIC)
    assert (done.keys, done.warnings) == ((), ())
    assert not (tmp_path / "p7" / "keys").exists()
    assert [one.public_key for one in done.document.head.recipients] == list(PUBLIC.values())


def test_a_draw_without_the_participant_says_so(tmp_path):
    done = randomise(
        FLAGSHIP, tmp_path / "p", Contributions(b"s" * 32, ""), public_keys=PUBLIC, now=NOW, randomness=chance(1)
    )
    assert [one.code for one in done.warnings] == ["MOD-ALLOC-40"]


def test_the_half_of_the_system_has_32_bytes():
    assert len(fix_contribution(chance(1))) == 32


def test_all_problems_are_listed_at_once_and_nothing_is_made(tmp_path):
    keys = {"pharmacist": "age1x", "emergency": "age1x"}
    wrong = Contributions(b"s" * 32, "x" * 201)
    codes = refused("ldn-open", tmp_path / "no" / "p", wrong, slot="a\nb", public_keys=keys)
    assert codes == [
        *("MOD-ALLOC-03", "MOD-ALLOC-04", "MOD-ALLOC-05", "MOD-ALLOC-05", "MOD-ALLOC-06", "MOD-ALLOC-01"),
        "MOD-ALLOC-08",
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_protocol_that_is_not_there_is_one_problem_among_the_others(tmp_path):
    assert refused("no-such", tmp_path / "p", CONTRIBUTIONS, slot="x" * 101) == ["MOD-PROTO-01", "MOD-ALLOC-03"]


@pytest.mark.parametrize("text", ["a\tb", "a\u2028b", "\ud800"])
def test_a_contribution_that_cannot_be_read_aloud_is_refused(tmp_path, text):
    assert refused(FLAGSHIP, tmp_path / "p", Contributions(b"s" * 32, text)) == ["MOD-ALLOC-04"]


def test_a_folder_with_other_files_is_left_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    assert refused(FLAGSHIP, tmp_path, CONTRIBUTIONS) == ["MOD-ALLOC-08"]
    assert set(everything(tmp_path)) == {"notes.txt"}


def test_a_file_in_the_way_is_left_alone(tmp_path):
    (tmp_path / "p").write_text("mine", encoding="utf-8")
    assert refused(FLAGSHIP, tmp_path / "p", CONTRIBUTIONS) == ["MOD-ALLOC-08"]


def test_an_empty_folder_is_used(tmp_path):
    (tmp_path / "p").mkdir()
    assert draw(tmp_path / "p").new


def test_each_path_opens_with_its_own_key_and_leaves_a_record(tmp_path):
    folder = drawn(tmp_path / "p")
    for number, (path, roles) in enumerate(PATHS.items(), 1):
        found = reveal(folder, path, roles[0])
        assert (found.record.number, found.record.path, found.record.key) == (number, path, roles[0])
        assert (found.record.who, found.record.why) == ("A. Tester", "to see")
        assert found.record.opened_at == "2026-03-01T12:00:00Z"
        assert found.forged == ()
    assert len(list((folder / "openings").iterdir())) == 4


@pytest.mark.parametrize("path", ["supply", "review", "emergency"])
def test_no_path_but_the_last_leaves_the_arms_in_the_folder(tmp_path, path):
    folder = drawn(tmp_path / "p")
    reveal(folder, path, PATHS[path][0])
    assert not (folder / "revealed.json").exists()


@pytest.mark.parametrize("role", PUBLIC)
def test_the_final_reveal_opens_with_any_key_and_writes_the_papers(tmp_path, role):
    folder = drawn(tmp_path / "p")
    found = reveal(folder, "final", role)
    assert (folder / "revealed.json").read_bytes() == found.papers.to_bytes()
    assert reveal(folder, "final", role).forged == ()


def unopened(folder, key, path="final", who="A. Tester", why="to see"):
    before = everything(folder)
    with pytest.raises(AllocationError) as caught:
        unblind(folder, key, path, who=who, why=why, now=NOW, randomness=chance(1))
    assert everything(folder) == before
    return [one.code for one in caught.value.problems]


@pytest.mark.parametrize(
    ("path", "role"), [(path, role) for path in PATHS for role in PUBLIC if role not in PATHS[path]]
)
def test_a_key_opens_no_path_but_its_own(tmp_path, path, role):
    folder = drawn(tmp_path / "p")
    assert unopened(folder, key_file(tmp_path, role), path) == ["MOD-ALLOC-12"]


def test_an_opening_without_name_reason_or_path_is_refused_with_all_three(tmp_path):
    folder = drawn(tmp_path / "p")
    codes = unopened(folder, key_file(tmp_path, "review"), "curiosity", "", " ")
    assert codes == ["MOD-ALLOC-22", "MOD-ALLOC-14", "MOD-ALLOC-14"]


def test_a_stranger_opens_nothing(tmp_path):
    folder = drawn(tmp_path / "p")
    drawn(tmp_path / "q", seed=2, public_keys={})
    assert unopened(folder, tmp_path / "q" / "keys" / "review.key") == ["MOD-ALLOC-11"]


@pytest.mark.parametrize("content", [b"", b"age1x\n", b"AGE-SECRET-KEY-1X\n", b"\xff\n", None])
def test_a_file_that_is_no_key_opens_nothing(tmp_path, content):
    folder = drawn(tmp_path / "p")
    key = tmp_path / "key"
    if content is not None:
        key.write_bytes(content)
    assert unopened(folder, key) == ["MOD-ALLOC-10"]


@pytest.mark.parametrize("damage", [lambda file: file.unlink(), lambda file: file.write_bytes(file.read_bytes()[:-1])])
def test_a_damaged_seal_opens_nothing(tmp_path, damage):
    folder = drawn(tmp_path / "p")
    damage(folder / "sealed" / "review.age")
    assert unopened(folder, key_file(tmp_path, "review"), "review") == ["MOD-ALLOC-13"]


def test_a_seal_that_holds_something_else_opens_nothing(tmp_path):
    folder = drawn(tmp_path / "p")
    bind(folder, "confirmation", [1.5], now=NOW, randomness=chance(5))
    (folder / "sealed" / "review.age").write_bytes((folder / "bindings/0001/sealed/review.age").read_bytes())
    assert unopened(folder, key_file(tmp_path, "review"), "review") == ["MOD-ALLOC-13"]


def test_what_leaves_no_record_is_not_opened(tmp_path):
    folder = drawn(tmp_path / "p")
    (folder / "openings").write_text("in the way", encoding="utf-8")
    assert unopened(folder, key_file(tmp_path, "review"), "review") == ["MOD-ALLOC-15"]


def test_a_binding_draws_nothing_again_and_is_opened_with_the_rest(tmp_path):
    folder = drawn(tmp_path / "p")
    before = everything(folder)
    bind(folder, "confirmation", [1.5], now=NOW, randomness=chance(5))
    bind(folder, "confirmation", [3.0], from_period=5, now=NOW, randomness=chance(6))
    after = everything(folder)
    assert {name: after[name] for name in before} == before
    doses = [one.dose_mg for one in reveal(folder).course if one.phase == "confirmation"]
    assert sorted(doses) == [0.0] * 5 + [1.5] * 2 + [3.0] * 3


def test_a_retried_binding_is_the_same_binding(tmp_path):
    folder = drawn(tmp_path / "p")
    first = bind(folder, "confirmation", [1.5], request="review 1", now=NOW, randomness=chance(5))
    again = bind(folder, "confirmation", [1.5], request="review 1", now=NOW, randomness=chance(6))
    assert again.document == first.document
    assert (first.new, again.new) == (True, False)
    assert len(list((folder / "bindings").iterdir())) == 1


@pytest.mark.parametrize(
    ("phase", "dose", "period"), [("step-down", 0.5, 1), ("confirmation", 1.5, 3), ("nowhere", 1.5, 1)]
)
def test_a_retried_binding_that_asks_for_another_place_is_refused_and_binds_nothing(tmp_path, phase, dose, period):
    folder = drawn(tmp_path / "p")
    bind(folder, "confirmation", [1.5], request="review 1", now=NOW, randomness=chance(5))
    before = everything(folder)
    with pytest.raises(AllocationError) as caught:
        bind(folder, phase, [dose], from_period=period, request="review 1", now=NOW, randomness=chance(6))
    assert [one.code for one in caught.value.problems] == ["MOD-ALLOC-21"]
    assert everything(folder) == before


def test_a_retried_binding_says_that_its_doses_were_not_compared_whatever_they_are(tmp_path):
    """That nothing is said of whether they agree is on purpose: anybody could ask for each dose of the ladder."""
    folder = drawn(tmp_path / "p")
    bind(folder, "confirmation", [1.5], request="review 1", now=NOW, randomness=chance(5))
    said = [
        bind(folder, "confirmation", [dose], request="review 1", now=NOW, randomness=chance(6))
        for dose in (0.5, 1.5, 3.0, 4.5)
    ]
    assert [one.code for one in said[0].warnings] == ["MOD-ALLOC-42"]
    assert all(one == said[0] for one in said)


def test_nothing_is_bound_after_the_reveal(tmp_path):
    folder = drawn(tmp_path / "p")
    reveal(folder)
    with pytest.raises(AllocationError) as caught:
        bind(folder, "confirmation", [2.0], now=NOW, randomness=chance(5))
    assert [one.code for one in caught.value.problems] == ["MOD-ALLOC-17", "MOD-ALLOC-16"]


def test_nothing_is_bound_to_an_allocation_that_was_changed(tmp_path):
    folder = drawn(tmp_path / "p")
    (folder / "protocol.toml").write_bytes(b"")
    with pytest.raises(AllocationError) as caught:
        bind(folder, "confirmation", [1.5], now=NOW, randomness=chance(5))
    assert [one.code for one in caught.value.problems] == ["MOD-ALLOC-09"]
    assert "protocol.toml" in str(caught.value)


def test_a_folder_without_an_allocation_has_nothing_to_verify(tmp_path):
    with pytest.raises(AllocationError) as caught:
        verify_folder(tmp_path, noted=["xyz", "0" * 64, "-" * 64])
    assert [one.code for one in caught.value.problems] == ["MOD-ALLOC-20", "MOD-ALLOC-20", "MOD-ALLOC-09"]


def test_papers_that_are_not_there_are_a_problem_and_no_finding(tmp_path):
    folder = drawn(tmp_path / "p")
    with pytest.raises(AllocationError) as caught:
        verify_folder(folder, tmp_path / "none.json")
    assert [one.code for one in caught.value.problems] == ["MOD-ALLOC-19"]


def test_papers_from_elsewhere_prove_an_allocation_that_holds_none(tmp_path):
    folder = drawn(tmp_path / "p")
    reveal(folder)
    (folder / "revealed.json").rename(tmp_path / "papers.json")
    assert not verify_folder(folder)["revealed"]
    found = verify_folder(folder, tmp_path / "papers.json")
    assert (found["result"], found["revealed"]) == ("sound", True)
