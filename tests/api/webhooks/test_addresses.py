"""Which addresses a webhook may reach."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from api.webhooks.addresses import AddressPolicy

REFUSED = {
    "this host": ("0.0.0.0", "0.1.2.3", "::"),
    "private": ("10.0.0.1", "172.16.0.1", "172.31.255.254", "192.168.1.1", "fd12:3456::1", "fc00::1"),
    "carrier": ("100.64.0.1", "100.127.255.254"),
    "loopback": ("127.0.0.1", "127.255.255.254", "::1"),
    "link-local": ("169.254.0.1", "fe80::1"),
    "site-local": ("fec0::1",),
    "metadata": (
        "169.254.169.254",  # AWS, GCP, Azure and others
        "169.254.170.2",  # ECS
        "100.100.100.200",  # Alibaba
        "168.63.129.16",  # Azure
        "192.0.0.192",  # Oracle
        "fd00:ec2::254",  # AWS
        "fd20:ce::254",  # GCP
    ),
    "assignments": ("192.0.0.1", "2001::1", "2001:2::1", "2001:10::1"),
    "documentation": ("192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"),
    "relays": ("192.88.99.1",),
    "benchmarks": ("198.18.0.1", "198.19.255.254"),
    "multicast": ("224.0.0.1", "239.255.255.255", "ff02::1"),
    "reserved": ("240.0.0.1", "255.255.255.255", "4000::1", "5f00::1", "100::1"),
    "mapped": ("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254"),
    "compatible": ("::127.0.0.1", "::10.0.0.1"),
    "6to4": ("2002:7f00:1::", "2002:a00:1::1", "2002:808:808::1"),
    "NAT64": ("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b::10.0.0.1", "64:ff9b:1::1"),
}
PUBLIC = ("1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "223.255.255.254", "2606:4700:4700::1111", "2a00::1")


@pytest.mark.parametrize(("kind", "address"), [(kind, each) for kind, some in REFUSED.items() for each in some])
def test_what_is_not_of_the_public_internet_is_refused(kind: str, address: str) -> None:
    assert not AddressPolicy().permits(ip_address(address)), kind


@pytest.mark.parametrize("address", [*PUBLIC, "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_are_allowed_also_within_a_translated_one(address: str) -> None:
    assert AddressPolicy().permits(ip_address(address))


def test_an_installation_may_allow_networks_of_its_own_and_nothing_beside_them() -> None:
    policy = AddressPolicy([ip_network("10.2.0.0/16"), ip_network("fd00:1::/32")])

    permitted = [policy.permits(ip_address(each)) for each in ("10.2.3.4", "::ffff:10.2.3.4", "fd00:1::1")]
    refused = [policy.permits(ip_address(each)) for each in ("10.3.0.1", "127.0.0.1", "fd00:2::1")]

    assert ([True] * 3, [False] * 3) == (permitted, refused)
