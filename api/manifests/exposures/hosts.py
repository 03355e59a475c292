"""The names under which apps are reached: generated, so that nobody can ask for somebody else's.

A name ends in the namespace's slug, whose random suffix no two tenants share; one that would be too long for a DNS
label ends in a hash of itself instead, of another length than a suffix, so that it can be nobody's plain name.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping

MAX_LABEL = 63
"""Of a DNS label (RFC 1035, section 2.3.4)."""
_HASH = 8


def host_label(app: str, slug: str) -> str:
    """The DNS label of an app in the namespace `slug`: `<app>-<slug>`, or its beginning and a hash."""
    whole = f"{app}-{slug}"
    if len(whole) <= MAX_LABEL:
        return whole
    digest = base64.b32encode(hashlib.sha256(whole.encode()).digest()).decode().lower()[:_HASH]
    return f"{whole[: MAX_LABEL - _HASH - 1].rstrip('-')}-{digest}"


def other_slugs(app: str, slug: str) -> list[str]:
    """The namespaces, if there are such, of which some app would have the same label as `app` has in `slug`.

    For `shop` in `a-x4k2mq` there is none; for `my-shop` in it, the app `my` of a namespace `shop-a-x4k2mq`.
    """
    words = f"{app}-{slug}".split("-")
    endings = ("-".join(words[start:]) for start in range(1, len(words)))
    return [ending for ending in endings if ending != slug]


def filled(template: str, values: Mapping[str, str]) -> str:
    """A template of a profile with its names filled in; other braces stay as they are."""
    for name, value in values.items():
        template = template.replace(f"{{{name}}}", value)
    return template
