"""A receiver of webhooks: real HTTPS on loopback, with a certificate of an authority of the test's own."""

from __future__ import annotations

import asyncio
import base64
import hmac
import ssl
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "hooks.example.com"
PATIENCE = 20.0

Answering = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Received:
    """One request as it came in."""

    host: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body)

    def is_signed_by(self, secret: str) -> bool:
        """Whether one of its signatures is that of `secret`, by the text of the specification and not by our code."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        content = b".".join(
            (self.headers["webhook-id"].encode(), self.headers["webhook-timestamp"].encode(), self.body)
        )
        expected = base64.b64encode(hmac.new(key, content, "sha256").digest()).decode()
        return f"v1,{expected}" in self.headers["webhook-signature"].split(" ")


@dataclass
class Receiver:
    """What came in, and what is to be answered: scripted answers first, then 204 for ever."""

    port: int = 0
    received: asyncio.Queue[Received] = field(default_factory=asyncio.Queue)
    answers: deque[Answering] = field(default_factory=deque)

    @property
    def url(self) -> str:
        return f"https://{HOST}:{self.port}/hook"

    def answer(self, status: int, text: str = "", **headers: str) -> None:
        """Answer so, once."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}

        async def answering(_request: web.BaseRequest) -> web.StreamResponse:
            return web.Response(status=status, text=text, headers=named)

        self.answers.append(answering)

    async def next(self) -> Received:
        """What comes in next."""
        async with asyncio.timeout(PATIENCE):
            return await self.received.get()

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.received.put_nowait(Received(request.host, request.path_qs, headers, body))
        if self.answers:
            return await self.answers.popleft()(request)
        return web.Response(status=204)


@dataclass(frozen=True)
class Authority:
    """Signs certificates for receivers; `file` is what those who trust it read."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    file: Path

    @classmethod
    def in_folder(cls, folder: Path) -> Authority:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "an authority of the tests")])
        constraints = x509.BasicConstraints(ca=True, path_length=0)
        usage = x509.KeyUsage(
            digital_signature=True,
            key_cert_sign=True,
            crl_sign=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            encipher_only=False,
            decipher_only=False,
        )
        builder = _builder(name, name, key.public_key()).add_extension(constraints, critical=True)
        certificate = builder.add_extension(usage, critical=True).sign(key, hashes.SHA256())
        file = folder / "authority.pem"
        file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        return cls(key, certificate, file)

    def context_for(self, folder: Path, *names: str) -> ssl.SSLContext:
        """What a server of these names serves with."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        alternatives = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
        builder = _builder(subject, self.certificate.subject, key.public_key()).add_extension(alternatives, False)
        file = folder / f"{names[0]}.pem"
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
    )


@asynccontextmanager
async def receiving(tls: ssl.SSLContext, *, address: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Receiver]:
    """A receiver that listens there until the block is left."""
    receiver = Receiver()
    runner = web.ServerRunner(web.Server(receiver.handle), shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, address, port, ssl_context=tls)
    await site.start()
    try:
        receiver.port = runner.addresses[0][1]
        yield receiver
    finally:
        await runner.cleanup()
