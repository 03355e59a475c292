"""Secrets are taken out of text, by their form or by their name, and the rest is left readable."""

from __future__ import annotations

import time

import pytest

from api.authentication.secret_tokens import new_api_token
from api.monitoring.redaction import names_a_secret, redacted

CANARY = "canary-7f3a"


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {CANARY}",
        f"authorization=basic {CANARY}",
        f"postgresql://ada:{CANARY}@db:5432/moorage",
        f"cookie: __Host-moorage-session={CANARY}; theme=dark",
        f'{{"email": "ada@example.com", "password": "{CANARY} with spaces"}}',
        f"adminToken='{CANARY}'",
        f"GET /register?token={CANARY}&next=/",
        f"X-CSRF-Token: {CANARY}",
        f"-----BEGIN RSA PRIVATE KEY-----\n{CANARY}\n-----END RSA PRIVATE KEY-----",
        f"-----BEGIN PRIVATE KEY-----\n{CANARY} (cut off",
        f"kubelet said eyJhbGciOi.{CANARY}.c2ln",
    ],
)
def test_a_secret_is_taken_out(text: str) -> None:
    assert CANARY not in redacted(text)


def test_an_api_token_is_taken_out_wherever_it_stands() -> None:
    token = new_api_token()

    assert "curl said mrg_[redacted], twice: mrg_[redacted]" == redacted(f"curl said {token}, twice: {token}")


@pytest.mark.parametrize(
    "text",
    [
        "deployed shop to shop-x7k2p in 1.2 s",
        "GET https://127.0.0.1:6443/api/v1/namespaces?watch=true",
        "no such workload: web",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert text == redacted(text)


@pytest.mark.parametrize("name", ["password", "session_secret", "adminToken", "API_KEY", "Set-Cookie"])
def test_a_field_can_be_secret_by_its_name(name: str) -> None:
    assert names_a_secret(name)


def test_a_name_that_says_nothing_secret_is_none() -> None:
    assert not names_a_secret("namespace")


@pytest.mark.parametrize("piece", ["x", "secret", "token ", "eyJ-", "://:", "a://b:", "bearer ", "mrg_", "__Host-"])
def test_hostile_text_takes_no_longer_than_any_other(piece: str) -> None:
    text = piece * (64 * 1024 // len(piece))

    started = time.process_time()
    redacted(text)

    assert 1 > time.process_time() - started
