"""Where browsers may reach this server: the names it answers under, and the origins whose pages are its own."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from api.errors import ConfigurationError

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True)
class Origins:
    """`origins` as browsers write them in the Origin header; `hosts` are names without a port."""

    origins: frozenset[str]
    hosts: frozenset[str]

    @classmethod
    def of(cls, *, public_url: str | None, port: int) -> Origins:
        """Those of `public_url` where there is one, else those of loopback on `port`.

        Loopback names are always answered to: whoever can open them is on this machine or forwards a port.
        """
        if public_url is None:
            return cls(frozenset(f"http://{host}:{port}" for host in _LOOPBACK), frozenset(_LOOPBACK))
        url = urlsplit(public_url)
        if url.scheme not in {"http", "https"} or not url.hostname:
            message = f"{public_url!r} is not an address. Write it like https://apps.example.com"
            raise ConfigurationError(message, setting="MOORAGE_PUBLIC_URL")
        return cls(frozenset({f"{url.scheme}://{url.netloc.lower()}"}), frozenset({url.hostname, *_LOOPBACK}))
