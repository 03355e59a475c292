"""Where a webhook is delivered to: an https:// URL, of which everybody reads the same host.

Parsers disagree about unusual URLs (https://www.rfc-editor.org/rfc/rfc3986, https://url.spec.whatwg.org): whatever two
of them could read differently is refused, and not interpreted.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from api.errors import InvalidInput
from api.webhooks.addresses import Address, AddressPolicy

MOST_CHARACTERS = 2_048
HTTPS_PORT = 443
NETWORKS_SETTING = "MOORAGE_WEBHOOK_NETWORKS"
PORTS_SETTING = "MOORAGE_WEBHOOK_PORTS"
_EXAMPLE = "https://hooks.example.com/moorage"
_CHARACTERS = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
"""Those of RFC 3986: no space, control character, backslash or letter beyond ASCII."""
_NAME = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
"""Its last label begins with a letter: `127.1`, `2130706433` and `0x7f.1` are addresses to some, and names to none."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a delivery goes. `address` is set where the URL itself names an address."""

    url: str
    host: str
    port: int
    address: Address | None


class Targets:
    """Reads URLs by the rules of the installation."""

    def __init__(self, policy: AddressPolicy, *, ports: Collection[int] = (HTTPS_PORT,)) -> None:
        self._policy = policy
        self._ports = frozenset(ports)

    def read(self, url: str) -> Target:
        """Where `url` leads; raises InvalidInput on path `url`. No name is looked up for it."""
        if len(url) > MOST_CHARACTERS:
            raise _refused(f"The URL has {len(url)} characters; at most {MOST_CHARACTERS} are allowed.")
        if not _CHARACTERS.fullmatch(url):
            message = "Write the URL in ASCII, a host beyond that as its xn--… name, other characters percent-encoded."
            raise _refused(message)
        scheme, _, rest = url.partition("://")
        if scheme.lower() != "https" or not rest:
            raise _refused("A webhook's URL begins with https://.")
        return self._read_authority(url)

    def _read_authority(self, url: str) -> Target:
        try:
            parts = urlsplit(url)
            port = HTTPS_PORT if parts.port is None else parts.port
        except ValueError as error:
            raise _refused("The URL has no host, or a port that is none.") from error
        if "@" in parts.netloc:
            raise _refused("Leave user and password out of the URL: deliveries are signed, which a receiver can check.")
        if "#" in url:
            raise _refused("Leave out what follows #: it is never sent.")
        if port not in self._ports:
            allowed = ", ".join(map(str, sorted(self._ports)))
            raise _refused(
                f"Port {port} is not allowed here. Allowed: {allowed}. Who runs Moorage allows more in {PORTS_SETTING}."
            )
        host = parts.hostname or ""
        return Target(url, host, port, self._address(host))

    def _address(self, host: str) -> Address | None:
        try:
            address = ip_address(host)
        except ValueError:
            if not _NAME.fullmatch(host):
                message = "The host is no DNS name; write it out in full, without a dot at its end."
                raise _refused(message) from None
            return None
        if "%" in host or not self._policy.permits(address):
            raise _refused(
                "The address is not one of the public internet. "
                f"Who runs Moorage allows networks beside it in {NETWORKS_SETTING}."
            )
        return address


def _refused(message: str) -> InvalidInput:
    return InvalidInput(message, path=("url",), example=_EXAMPLE)
