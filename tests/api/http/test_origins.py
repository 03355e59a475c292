"""Where browsers may reach this server."""

from __future__ import annotations

import pytest

from api.errors import ConfigurationError
from api.http.origins import Origins


def test_without_a_public_url_only_loopback_on_the_port() -> None:
    origins = Origins.of(public_url=None, port=8080)

    assert {"http://localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080"} == origins.origins
    assert {"localhost", "127.0.0.1", "[::1]"} == origins.hosts


def test_with_a_public_url_only_its_pages_are_ours() -> None:
    origins = Origins.of(public_url="https://Apps.example.com/", port=8080)

    assert {"https://apps.example.com"} == origins.origins
    assert "apps.example.com" in origins.hosts


@pytest.mark.parametrize("url", ["apps.example.com", "ftp://apps.example.com", "https://", "https:///x"])
def test_a_public_url_that_is_no_address_names_its_setting(url: str) -> None:
    with pytest.raises(ConfigurationError) as wrong:
        Origins.of(public_url=url, port=8080)

    assert "MOORAGE_PUBLIC_URL" == wrong.value.setting
