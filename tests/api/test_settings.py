"""Settings as the environment has them."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from api.cli import main
from api.settings import Settings

TRUSTED_PROXIES = "MOORAGE_TRUSTED_PROXIES"


@pytest.mark.parametrize(
    ("text", "networks"),
    [("", ()), ("10.0.0.7", ("10.0.0.7/32",)), ("10.0.0.0/8, fd00::/8", ("10.0.0.0/8", "fd00::/8"))],
)
def test_trusted_proxies_are_networks_with_commas_in_between(
    monkeypatch: pytest.MonkeyPatch, text: str, networks: tuple[str, ...]
) -> None:
    monkeypatch.setenv(TRUSTED_PROXIES, text)

    assert tuple(map(ip_network, networks)) == Settings().trusted_proxies


def test_no_proxy_is_trusted_unless_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(TRUSTED_PROXIES, raising=False)

    assert () == Settings().trusted_proxies


@pytest.mark.parametrize("text", ["10.0.0.1/8", "proxy.example", "10.0.0.0/8 10.1.0.0/16"])
def test_a_network_that_is_none_stops_the_start_and_names_the_setting(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    monkeypatch.setenv(TRUSTED_PROXIES, text)

    assert 2 == main(["up"])
    assert TRUSTED_PROXIES in capsys.readouterr().err
