"""What the environment says of the place where the web runs: hosts, proxies, and whether it is reached by https."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Hosts:
    """The names under which the clinic is reached.

    Args:
        names: without scheme and port; those of the machine itself are always among them.
        origins: those that a form may come from, with scheme and port.
        https: whether a browser elsewhere reaches them by https alone.
    """

    names: tuple[str, ...]
    origins: tuple[str, ...]
    https: bool


def hosts(said: str) -> Hosts:
    """Read ``MODICUM_HOSTS``.

    Args:
        said: names parted by commas. A bare name is reached by https; who wants less writes ``http://`` before it.

    Example:
        >>> hosts("clinic.example.org").https, hosts("http://10.0.0.5:8000").https, hosts("").https
        (True, False, False)
        >>> hosts("clinic.example.org").origins
        ('https://clinic.example.org',)
    """
    words = [word.strip().rstrip("/") for word in said.split(",") if word.strip()]
    addresses = [urlsplit(word if "://" in word else f"https://{word}") for word in words]
    elsewhere = [address for address in addresses if _name(address.hostname) not in LOOPBACK]
    names = dict.fromkeys((*LOOPBACK, *(_name(address.hostname) for address in addresses)))
    origins = tuple(f"{address.scheme}://{address.netloc}" for address in addresses)
    https = bool(elsewhere) and all(address.scheme == "https" for address in elsewhere)
    return Hosts(tuple(names), origins, https)


def networks(said: str) -> tuple[Network, ...]:
    """Read ``MODICUM_PROXIES``: addresses or networks of the proxies whose word on a caller is taken.

    Example:
        >>> networks("127.0.0.1, 10.1.0.0/16")[1].num_addresses
        65536
    """
    return tuple(ipaddress.ip_network(word.strip()) for word in said.split(",") if word.strip())


def within(address: str, trusted: Iterable[Network]) -> bool:
    """Whether an address is in one of the networks.

    Example:
        >>> within("10.1.2.3", networks("10.1.0.0/16")), within("unknown", networks("10.1.0.0/16"))
        (True, False)
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in trusted)


def _name(host: str | None) -> str:
    return f"[{host}]" if host and ":" in host else host or ""
