"""Takes secrets out of text that is about to be written down.

What is known by its form goes wherever it stands: our tokens, bearer credentials, JSON web tokens, private keys, the
password of a URL, our cookies. What is known by its name goes by that: `password=…`, `"adminToken": "…"`. Each
expression takes linear time on any text: nobody slows a server down by what they make it log.
"""

from __future__ import annotations

import re

REDACTED = "[redacted]"
_NAME = r"(?:passw(?:or)?d|secret|token|api[_-]?key|authorization|credential|cookie|csrf)"
_SECRET_NAME = re.compile(_NAME, re.IGNORECASE)
_FORMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"mrg_\w+"), f"mrg_{REDACTED}"),
    (re.compile(r"\b(bearer|basic)\s+[\w.~+/=-]+", re.IGNORECASE), rf"\1 {REDACTED}"),
    (re.compile(r"(?<![\w-])eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?"), REDACTED),
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL), REDACTED),
    (re.compile(r"(://[^\s:/@]{0,256}:)[^\s@]{1,1024}@"), rf"\1{REDACTED}@"),
    (re.compile(r"(__Host-[\w-]{1,64}=)[^;\s\"']+"), rf"\1{REDACTED}"),
    (
        re.compile(rf"""({_NAME}[\w-]{{0,64}}["']?\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s,;&)}}\]]+)""", re.IGNORECASE),
        rf"\1{REDACTED}",
    ),
)


def redacted(text: str) -> str:
    """`text` without what looks like a secret."""
    for form, replacement in _FORMS:
        text = form.sub(replacement, text)
    return text


def names_a_secret(name: str) -> bool:
    """Whether a value of this name is not to be written down at all."""
    return _SECRET_NAME.search(name) is not None
