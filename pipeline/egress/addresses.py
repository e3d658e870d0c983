"""Address → may we go there? Schemes by list, hosts by what they resolve to.

Opens no connection.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline import errors

if TYPE_CHECKING:
    import httpx2

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
SCHEMES = ("http", "https")
# Of no use to a page, though Python calls them public: local-use NAT64, old 6to4 relays,
# protocol assignments, documentation.
_NEVER = tuple(
    ipaddress.ip_network(net)
    for net in ("64:ff9b:1::/48", "192.88.99.0/24", "192.0.0.0/24", "3fff::/20")
)
_NAME = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.?", re.IGNORECASE
)
_PLACE = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#\\]*", re.IGNORECASE)
_NEVER_PUBLIC = frozenset(
    (
        # IANA's registry of special-use domain names: RFC 2606, 6761, 6762, 7686,
        # 8375, 9476; all under arpa are for machines.
        *("alt", "arpa", "example", "invalid", "local", "localhost", "onion", "test"),
        # Never to be delegated, by ICANN's word, or so often used inside
        # that they never will be (RFC 6762, appendix G).
        *("internal", "corp", "home", "mail", "lan", "private", "intranet", "localdomain"),
        # What routers, directories and name services of clusters and
        # of hidden networks answer for by themselves.
        *("belkin", "ctc", "dhcp", "domain", "gateway", "intra", "loc", "localnet", "priv"),
        *("router", "server", "wlan", "wifi", "workgroup", "workstation"),
        *("cluster", "compose", "consul", "docker", "k8s", "kube", "kubernetes", "marathon"),
        *("mesos", "minikube", "node", "nomad", "pod", "rancher", "service", "svc", "swarm"),
        *("vagrant", "weave"),
        *("bit", "exit", "gnu", "i2p", "zkey"),
    )
)
"""Last labels that no public name service knows."""
_TOP = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{1,59}")
"""What the last label of a public name is made of (RFC 3696):
never a digit or a hyphen between letters.
"""
# An IPv4 address travels in the last 32 bits of these: translated (RFC 6052,
# RFC 2765) and IPv4-compatible addresses.
_EMBEDDING = tuple(
    ipaddress.IPv6Network(net) for net in ("64:ff9b::/96", "::ffff:0:0:0/96", "::/96")
)


def allowed(host: str, port: int, allow: Iterable[str]) -> bool:
    """Say whether the config names this host, or this host and port, as one that may be private."""
    name = host.lower().strip("[]").rstrip(".")
    spellings = {name, f"{name}:{port}", f"[{name}]", f"[{name}]:{port}"}
    return any(entry.lower() in spellings for entry in allow)


def public(address: Address) -> bool:
    """Say whether an address lies in the public internet, whatever IPv6 form it is wrapped in."""
    if any(address in net for net in _NEVER):
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = _inner(address)
        if inner is not None:
            return public(inner)
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


@lru_cache(maxsize=512)  # one look asks it of its address again and again
def checked(url: str) -> httpx2.URL:
    """Return the parsed address.

    Raise EgressError for another scheme, credentials in the address, or a host that is none.
    """
    import httpx2

    try:
        parsed = httpx2.URL(url)
    except (httpx2.InvalidURL, UnicodeError) as error:
        raise errors.EgressError(f"the address cannot be parsed: {error}") from error
    if parsed.scheme not in SCHEMES:
        raise errors.EgressError(
            f'the scheme "{parsed.scheme}" is not allowed; only http and https are'
        )
    if parsed.userinfo:
        raise errors.EgressError("the address holds a user name or password; take it out")
    if not parsed.host:
        raise errors.EgressError("the address has no host")
    if not (_NAME.fullmatch(host := parsed.raw_host.decode("ascii")) or _number(host)):
        raise errors.EgressError(f'"{host[:100]}" is no host name; write it plainly')
    return parsed


def parted(url: str) -> tuple[str, str]:
    """Return an address's scheme and host, and all that follows them,
    where a webhook has its token; parse nothing.
    """
    place = _PLACE.match(url)
    return (place[0], url[place.end() :]) if place else ("", url)


def public_name(host: str) -> bool:
    """Say whether a name that nobody here can resolve may stand for a public host
    where somebody else resolves it.
    """
    labels = host.lower().rstrip(".").split(".")
    top = labels[-1]
    return len(labels) > 1 and _TOP.fullmatch(top) is not None and top not in _NEVER_PUBLIC


def _number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return "%" not in host


def found(host: str, port: int) -> list[str]:
    """Return every address of a host, in the order to try them.

    Raise EgressError when it has none.
    """
    import socket

    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a host name"
        raise errors.EgressError(
            f"the name {host} cannot be resolved ({reason}); is it right, and is there a network?"
        ) from error
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


def reachable(host: str, port: int, addresses: Iterable[str], allow: Iterable[str]) -> None:
    """Raise EgressError if any of a host's addresses is not public
    and the config does not name the host.
    """
    if allowed(host, port, allow):
        return
    for address in addresses:
        if not public(ipaddress.ip_address(address.partition("%")[0])):
            at = "" if address == host else f" ({address})"
            meant = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
            raise errors.EgressError(
                f"{host}{at} is not a public address; name {meant} in fetch.allow if you mean it"
            )


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    teredo = address.teredo
    wrapped = address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)
    if wrapped is None and any(address in net for net in _EMBEDDING):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return wrapped
