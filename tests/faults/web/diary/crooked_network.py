"""A network between a phone and its clinic that loses, cuts, delays, replaces and forges replies."""

import asyncio
import contextlib
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

API = "/api/v1/"


@dataclass(frozen=True)
class Reply:
    """An HTTP reply, whole."""

    status: int
    headers: dict[str, str]
    body: bytes

    def to_bytes(self) -> bytes:
        lines = [f"HTTP/1.1 {self.status} Crooked"]
        headers = {**self.headers, "content-length": str(len(self.body)), "connection": "close"}
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + self.body


@dataclass
class Asked:
    """An HTTP request, whole."""

    method: str
    path: str
    head: bytes
    body: bytes

    @property
    def entries(self) -> list[dict[str, Any]]:
        return json.loads(self.body)["entries"] if self.path == f"{API}entries" else []


Fault = Callable[["Crossing"], Any]


@dataclass
class Crossing:
    """One request on its way: a fault decides what comes of it."""

    asked: Asked
    network: "CrookedNetwork"

    async def forward(self) -> Reply:
        """What the clinic answers."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.network.clinic_port)
        writer.write(self.asked.head + self.asked.body)
        await writer.drain()
        whole = await reader.read()
        writer.close()
        head, _, body = whole.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        headers = {name.lower(): value for name, value in headers.items()}
        if headers.pop("transfer-encoding", "") == "chunked":
            body = _joined(body)
        return Reply(int(first.split()[1]), headers, body)


@dataclass
class CrookedNetwork:
    """Listens on a port of its own, and passes on to the clinic's.

    Args:
        clinic_port: where the clinic listens.
        fault: what happens to requests of the interface; None lets them pass.
        of_all: what happens to every other request; None lets it pass.
    """

    clinic_port: int
    fault: Fault | None = None
    of_all: Fault | None = None
    port: int = 0
    seen: list[Asked] = field(default_factory=list)
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def posts(self) -> list[Asked]:
        return [one for one in self.seen if one.path == f"{API}entries"]

    def start(self) -> None:
        ready = threading.Event()

        def run() -> None:
            asyncio.set_event_loop(self.loop)
            server = self.loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
            self.port = server.sockets[0].getsockname()[1]
            ready.set()
            self.loop.run_forever()

        threading.Thread(target=run, daemon=True).start()
        ready.wait()

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            asked = await _read(reader)
            self.seen.append(asked)
            crossing = Crossing(asked, self)
            fault = self.fault if asked.path.startswith(API) else self.of_all
            found = await fault(crossing) if fault else (await crossing.forward()).to_bytes()
            if found:
                writer.write(found)
                await writer.drain()
        writer.close()


async def _read(reader: asyncio.StreamReader) -> Asked:
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").rstrip().split("\r\n")
    method, path, _ = first.split()
    length = next((int(line.split(":")[1]) for line in lines if line.lower().startswith("content-length:")), 0)
    kept = [line for line in lines if not line.lower().startswith(("connection:", "accept-encoding:"))]
    plain = "\r\n".join([first, *kept, "Connection: close"]).encode("latin-1") + b"\r\n\r\n"
    return Asked(method, path.split("?")[0], plain, await reader.readexactly(length))


def _joined(chunks: bytes) -> bytes:
    whole, rest = b"", chunks
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        length = int(size, 16)
        if not length:
            break
        whole, rest = whole + rest[:length], rest[length + 2 :]
    return whole


def status(code: int, **headers: str) -> Fault:
    """The clinic refuses; it sees nothing of what was sent."""

    async def fault(_crossing: Crossing) -> bytes:
        body = json.dumps({"schema": "modicum.error/1", "problems": [{"code": "MOD-TEST-01"}]}).encode()
        return Reply(code, {"content-type": "application/json", **headers}, body).to_bytes()

    return fault


async def portal(_crossing: Crossing) -> bytes:
    """A hotel's page in place of the clinic's answer."""
    return Reply(200, {"content-type": "text/html"}, b"<!doctype html><title>Welcome</title><h1>Log in</h1>").to_bytes()


async def redirect(_crossing: Crossing) -> bytes:
    """To a page of the network's own."""
    return Reply(302, {"location": "http://127.0.0.1:9/login"}, b"").to_bytes()


async def reset(_crossing: Crossing) -> bytes:
    """The request never arrives."""
    return b""


async def lost_reply(crossing: Crossing) -> bytes:
    """The clinic has it on its disk, and nobody hears of it."""
    await crossing.forward()
    return b""


async def half_reply(crossing: Crossing) -> bytes:
    """The answer breaks off in the middle."""
    whole = (await crossing.forward()).to_bytes()
    return whole[: len(whole) - len(whole.partition(b"\r\n\r\n")[2]) // 2]


def stalled(seconds: float) -> Fault:
    """The answer does not come for a long time, and then not at all."""

    async def fault(crossing: Crossing) -> bytes:
        await crossing.forward()
        await asyncio.sleep(seconds)
        return b""

    return fault


def altered(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Fault:
    """What the clinic answers to entries, changed on the way."""

    async def fault(crossing: Crossing) -> bytes:
        reply = await crossing.forward()
        if not crossing.asked.entries:
            return reply.to_bytes()
        return Reply(reply.status, reply.headers, json.dumps(change(json.loads(reply.body))).encode()).to_bytes()

    return fault


def of_entries(fault: Fault) -> Fault:
    """A fault of handing in alone: the schedule passes."""

    async def found(crossing: Crossing) -> bytes:
        return await fault(crossing) if crossing.asked.entries else (await crossing.forward()).to_bytes()

    return found


def where(test: Callable[[Asked], bool], fault: Fault) -> Fault:
    """A fault of some requests; the others pass."""

    async def found(crossing: Crossing) -> bytes:
        return await fault(crossing) if test(crossing.asked) else (await crossing.forward()).to_bytes()

    return found
