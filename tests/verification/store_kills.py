"""The server of a store, killed again and again while clients send: nothing acknowledged is lost, nothing twice."""

import random
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import databases
from verification.finding import Finding
from verification.store_server import Client, Server, Start, clients, kept, wait

UP_AGAIN_SECONDS = 3.0
_LOADED_SECONDS = (0.05, 0.4)
_PATIENCE_SECONDS = 60.0


def run_kills(engine: str, count: int, progress: Callable[[int, int], None] | None = None) -> Finding:
    """So many kills of one server, on SQLite or PostgreSQL. The clients send on, through every kill."""
    chance, starts = random.Random(20261129), list[Start]()
    with ExitStack() as stack:
        database = _empty(engine, stack)
        server = Server(database)
        server.start()
        with clients(server.port) as sending:
            for number in range(count):
                if number % 2:  # every other time somebody is served first, however busy the machine is
                    _await_one_more(sending)
                wait(_LOADED_SECONDS, chance)
                server.kill()
                starts.append(server.start())
                if progress:
                    progress(number + 1, count)
        server.kill()
        found = kept(database, [one for client in sending for one in client.acknowledged])
    slowest = max(one.own_seconds for one in starts)
    return Finding(
        passed=found.whole and slowest <= UP_AGAIN_SECONDS,
        bound=f"0 lost, 0 twice, chain whole, up in {UP_AGAIN_SECONDS:g} s but for waiting for a processor",
        summary=f"{found.lost} of {found.acknowledged} lost, {found.twice} twice, chain {found.chain}, "
        f"up in {slowest:.1f} s at most, {count} kills",
        figures={
            "kills": count,
            "acknowledged": found.acknowledged,
            "lost": found.lost,
            "twice": found.twice,
            "chain": found.chain,
            "sent_again": sum(client.resent for client in sending),
            "slowest_start_seconds": round(slowest, 2),
            "slowest_start_on_the_clock": round(max(one.seconds for one in starts), 2),
            "median_start_on_the_clock": round(median(one.seconds for one in starts), 2),
        },
    )


def _await_one_more(sending: list[Client]) -> None:
    def told() -> int:
        return sum(len(client.acknowledged) for client in sending)

    before, until = told(), time.monotonic() + _PATIENCE_SECONDS
    while told() == before and time.monotonic() < until:
        time.sleep(0.002)


def _empty(engine: str, stack: ExitStack) -> str:
    if engine == "postgresql":
        return stack.enter_context(databases.postgresql())
    return str(Path(stack.enter_context(TemporaryDirectory(prefix="modicum-kills-"))) / "store.sqlite3")
