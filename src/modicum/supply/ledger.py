"""The ledger of capsules: every one that was ordered is in exactly one account, in capsules and in micrograms."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from modicum.foundation.errors import SupplyError, problem
from modicum.supply.amounts import say_strength
from modicum.supply.kits import FilledKit

Account = Literal["dispensed", "retained", "returned", "destroyed", "overage"]
ACCOUNTS: tuple[Account, ...] = get_args(Account)
# What may be done with a capsule; nothing else changes an account.
MOVES: tuple[tuple[Account, Account], ...] = (
    ("overage", "retained"),  # kept as a sample
    ("overage", "dispensed"),  # handed out for a night, or a spare one that was used
    ("overage", "returned"),  # a spare one that came back
    ("dispensed", "returned"),  # handed out for a night, and not taken
    ("overage", "destroyed"),
    ("retained", "destroyed"),
    ("returned", "destroyed"),
)


@dataclass(frozen=True)
class Ledger:
    """Where the capsules are; a move makes a new ledger.

    ``overage`` is what was made and neither handed out for a night nor kept, returned or destroyed: the spare capsules
    of a kit are in it, wherever the kit is, until they are used or come back.

    Args:
        counts: capsules by content (micrograms) and account.
    """

    counts: Mapping[int, Mapping[Account, int]]

    @classmethod
    def of_made(cls, made: Mapping[int, int]) -> "Ledger":
        """A ledger of capsules that were just made.

        Args:
            made: capsules by content, micrograms.

        Example:
            >>> ledger = Ledger.of_made({500: 20, 0: 20}).move(500, 14, "overage", "dispensed")
            >>> ledger.capsules("dispensed"), ledger.amount_ug("dispensed"), ledger.ordered_ug
            (14, 7000, 10000)
        """
        return cls({content: {**dict.fromkeys(ACCOUNTS, 0), "overage": count} for content, count in made.items()})

    @property
    def ordered(self) -> int:
        """Capsules that were ordered: all accounts together."""
        return sum(self.capsules(account) for account in ACCOUNTS)

    @property
    def ordered_ug(self) -> int:
        """Drug that was ordered in capsules, micrograms."""
        return sum(self.amount_ug(account) for account in ACCOUNTS)

    def capsules(self, account: Account) -> int:
        """Capsules in an account."""
        return sum(accounts[account] for accounts in self.counts.values())

    def amount_ug(self, account: Account) -> int:
        """Drug in an account, micrograms."""
        return sum(content * accounts[account] for content, accounts in self.counts.items())

    def move(self, content_ug: int, capsules: int, source: Account, target: Account) -> "Ledger":
        """The ledger after capsules went from one account to another.

        Args:
            content_ug: of each of them, micrograms.
            capsules: number of them, >= 0.
            source: account they were in.
            target: account they are in now.

        Raises:
            SupplyError: there are not so many, or this is not done with capsules.
        """
        there = self.counts.get(content_ug, {}).get(source, 0)
        what = f"{capsules} capsules of {say_strength(content_ug)} from {source} to {target}"
        if (source, target) not in MOVES:
            fix = f"Moves are: {', '.join(f'{one} to {two}' for one, two in MOVES)}."
            raise SupplyError([problem("MOD-SUPPLY-18", "ledger", what, "Capsules do not go this way", fix)])
        if not 0 <= capsules <= there:
            fix = "Count again; what is missing is entered as dispensed, not as returned."
            raise SupplyError([problem("MOD-SUPPLY-18", "ledger", what, f"There are {there}", fix)])
        if not capsules:
            return self
        accounts = dict(self.counts[content_ug])
        accounts[source] -= capsules
        accounts[target] += capsules
        return Ledger({**self.counts, content_ug: accounts})

    def hand_out(self, filled: FilledKit) -> "Ledger":
        """The ledger after a kit was handed out: its nights are dispensed, its spare capsules stay overage.

        Args:
            filled: the kit.
        """
        after = self
        for content, capsules in filled.count(spare=False).items():
            after = after.move(content, capsules, "overage", "dispensed")
        return after

    def take_back(self, filled: FilledKit, left: Mapping[int, int]) -> "Ledger":
        """The ledger after a kit came back: what is left of it is returned, spare ones first.

        Args:
            filled: the kit, handed out before.
            left: capsules that came back, by content, micrograms; a content that is not named came back with none.

        Raises:
            SupplyError: more came back than went out.
        """
        after = self
        out, spare = filled.count(spare=False), filled.count(spare=True)
        for content in sorted({*out, *left}):
            came, unused = left.get(content, 0), spare.get(content, 0)
            if not 0 <= came <= out.get(content, 0) + unused:
                most = out.get(content, 0) + unused
                message, fix = f"At most {most} of these went out with kit {filled.kit.code}", "Count again."
                what = f"{came} capsules of {say_strength(content)}"
                raise SupplyError([problem("MOD-SUPPLY-18", "returned", what, message, fix)])
            after = after.move(content, min(came, unused), "overage", "returned") if came and unused else after
            after = after.move(content, max(came - unused, 0), "dispensed", "returned") if came > unused else after
            after = after.move(content, unused - came, "overage", "dispensed") if came < unused else after
        return after
