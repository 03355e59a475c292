"""Where an installation lets webhooks go, and the way there."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from api.errors import ConfigurationError
from api.webhooks.addresses import AddressPolicy, Network
from api.webhooks.resolving import LookUp, system_look_up
from api.webhooks.sending import Sender
from api.webhooks.targets import HTTPS_PORT, Targets

CERTIFICATES_SETTING = "MOORAGE_WEBHOOK_CERTIFICATES"


@dataclass(frozen=True, slots=True)
class Reach:
    """The public internet, and besides what the settings name: `networks` and `ports`; `certificates` is a file of
    authorities of the installation's own."""

    networks: tuple[Network, ...] = ()
    ports: tuple[int, ...] = (HTTPS_PORT,)
    certificates: Path | None = None
    timeout: float = 5.0

    @property
    def policy(self) -> AddressPolicy:
        return AddressPolicy(self.networks)

    @property
    def targets(self) -> Targets:
        return Targets(self.policy, ports=self.ports)

    def tls(self) -> ssl.SSLContext:
        """Verifies receivers; raises ConfigurationError where the file of authorities cannot be read."""
        context = ssl.create_default_context()
        if self.certificates is not None:
            try:
                context.load_verify_locations(self.certificates)
            except OSError as error:  # ssl.SSLError among them
                message = f"the certificates in {self.certificates} cannot be read ({error.strerror or error})"
                raise ConfigurationError(message, setting=CERTIFICATES_SETTING) from error
        return context

    def sender(self, look_up: LookUp) -> Sender:
        """Posts deliveries within that reach."""
        return Sender(self.targets, self.policy, look_up, tls=self.tls(), timeout=self.timeout)


@contextmanager
def opened_sender(reach: Reach) -> Iterator[Sender]:
    """A sender that asks the operating system for addresses. Raises ConfigurationError."""
    with system_look_up() as look_up:
        yield reach.sender(look_up)
