"""Which URLs a webhook may have."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from api.errors import InvalidInput
from api.webhooks.addresses import AddressPolicy
from api.webhooks.targets import MOST_CHARACTERS, Targets

START = "https://hooks.example.com/"


@pytest.fixture
def targets() -> Targets:
    return Targets(AddressPolicy())


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://hooks.example.com", "hooks.example.com"),
        ("https://hooks.example.com:443/a/b?c=d&e=%20", "hooks.example.com"),
        ("HTTPS://Hooks.Example.COM/", "hooks.example.com"),
        ("https://xn--bcher-kva.example/", "xn--bcher-kva.example"),
        ("https://1.example.com/", "1.example.com"),
        ("https://8.8.8.8/", "8.8.8.8"),
        ("https://[2606:4700:4700::1111]/", "2606:4700:4700::1111"),
        (START + "x" * (MOST_CHARACTERS - len(START)), "hooks.example.com"),
    ],
)
def test_a_url_of_the_public_internet_is_read(targets: Targets, url: str, host: str) -> None:
    target = targets.read(url)

    assert (url, host, 443) == (target.url, target.host, target.port)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.example.com",
        "//hooks.example.com/",
        "http://hooks.example.com/",
        "ftp://hooks.example.com/",
        "https:/hooks.example.com/",
        "https:hooks.example.com",
        "https://",
        "https:///path",
        "https://?x",
        START + "x" * (MOST_CHARACTERS + 1 - len(START)),
    ],
)
def test_what_is_no_https_url_is_refused(targets: Targets, url: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        targets.read(url)

    assert ("url",) == refused.value.path


@pytest.mark.parametrize(
    "url",
    [
        "https://user@hooks.example.com/",
        "https://user:password@hooks.example.com/",
        "https://@hooks.example.com/",
        "https://hooks.example.com@evil.example/",
        "https://hooks.example.com%40evil.example/",
        "https://hooks.example.com\\@evil.example/",
        "https://hooks.example.com#@evil.example/",
        "https://hooks.example.com/#fragment",
    ],
)
def test_a_url_that_two_readers_may_take_for_two_hosts_is_refused(targets: Targets, url: str) -> None:
    with pytest.raises(InvalidInput):
        targets.read(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://bücher.example/",
        "https://\uff45xample.com/",
        "https://\uff11\uff12\uff17.0.0.1/",
        "https://example\u3002com/",
        "https://loc\u00adalhost/",
        "https://hooks.example.com/\r\nHost:x",
        "https://hooks.example.com/ x",
        "https://hooks.example.com\t/",
        "https://hooks.example.com\0/",
    ],
)
def test_a_url_beyond_ascii_or_with_control_characters_is_refused(targets: Targets, url: str) -> None:
    with pytest.raises(InvalidInput):
        targets.read(url)


@pytest.mark.parametrize(
    "host",
    [
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "017700000001",
        "127.0.0.01",
        "0",
        "example.0x7f",
        "example.1",
        "[::1",
        "[::ffff:127.0.0.1%25eth0]",
        "[fe80::1%25eth0]",
        "hooks.example.com.",
        "127.0.0.1.",
        "hooks..example.com",
        ".example.com",
        "-a.example.com",
        "a_b.example.com",
        "a" * 64 + ".example.com",
    ],
)
def test_a_host_that_is_neither_a_name_nor_a_plain_address_is_refused(targets: Targets, host: str) -> None:
    with pytest.raises(InvalidInput):
        targets.read(f"https://{host}/")


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "[::ffff:7f00:1]", "[fd00::1]"])
def test_an_address_that_is_not_public_is_refused(targets: Targets, host: str) -> None:
    with pytest.raises(InvalidInput, match=r"public internet.*MOORAGE_WEBHOOK_NETWORKS"):
        targets.read(f"https://{host}/")


@pytest.mark.parametrize("port", ["0", "80", "22", "8443", "65536", "x", "-1", "443x"])
def test_other_ports_are_refused(targets: Targets, port: str) -> None:
    with pytest.raises(InvalidInput):
        targets.read(f"https://hooks.example.com:{port}/")


def test_who_names_a_port_that_is_not_allowed_is_told_the_setting_that_would_allow_it(targets: Targets) -> None:
    with pytest.raises(InvalidInput, match=r"Allowed: 443\. .*MOORAGE_WEBHOOK_PORTS"):
        targets.read("https://hooks.example.com:8443/")


def test_an_installation_may_allow_ports_and_addresses_of_its_own() -> None:
    targets = Targets(AddressPolicy([ip_network("10.2.0.0/16")]), ports=(443, 8443))

    target = targets.read("https://10.2.3.4:8443/")

    assert (ip_address("10.2.3.4"), 8443) == (target.address, target.port)
