"""Names, labels and quantities: what they may look like, and how it is said when they do not.

Source: k8s.io/apimachinery/pkg/util/validation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from . import quantity
from .status import FieldError, invalid_value

Errors: TypeAlias = Iterator[FieldError]

MAX_PORT = 65535
PORT_DETAIL = "must be between 1 and 65535, inclusive"
NOT_NEGATIVE = "must be greater than or equal to 0"

_MAX_LABEL = 63
_MAX_SUBDOMAIN = 253
_MAX_PORT_NAME = 15

_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_QUALIFIED = re.compile(r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")
_PATH_SEGMENT = re.compile(r"(?!\.{1,2}$)[^/%]+")
_CONFIG_KEY = re.compile(r"[-._a-zA-Z0-9]+")
_LETTER = re.compile(r"[a-z]")

_LABEL_DETAIL = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with "
    "an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
)
_SUBDOMAIN_DETAIL = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and "
    "end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)
_QUALIFIED_DETAIL = (
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
    "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
    "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
)
_LABEL_VALUE_DETAIL = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and "
    "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)
_CONFIG_KEY_DETAIL = (
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or "
    "'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"
)


def dns_label(field: str, value: str) -> Errors:
    if len(value) > _MAX_LABEL:
        yield invalid_value(field, value, _too_long(_MAX_LABEL))
    if not _LABEL.fullmatch(value):
        yield invalid_value(field, value, _LABEL_DETAIL)


def subdomain(field: str, value: str) -> Errors:
    if len(value) > _MAX_SUBDOMAIN:
        yield invalid_value(field, value, _too_long(_MAX_SUBDOMAIN))
    if not _SUBDOMAIN.fullmatch(value):
        yield invalid_value(field, value, _SUBDOMAIN_DETAIL)


def path_segment(field: str, value: str) -> Errors:
    if not _PATH_SEGMENT.fullmatch(value):
        yield invalid_value(field, value, "may not contain '/' or '%', nor be '.' or '..'")


def _too_long(limit: int) -> str:
    return f"must be no more than {limit} bytes"


def labels(field: str, values: Mapping[str, str]) -> Errors:
    for key, value in values.items():
        yield from qualified(field, key)
        if len(value) > _MAX_LABEL:
            yield invalid_value(field, value, _too_long(_MAX_LABEL))
        if value and not _QUALIFIED.fullmatch(value):
            yield invalid_value(field, value, _LABEL_VALUE_DETAIL)


def qualified(field: str, key: str) -> Errors:
    prefix, slash, name = key.rpartition("/")
    if slash and not _SUBDOMAIN.fullmatch(prefix):
        yield invalid_value(field, key, f"prefix part {_SUBDOMAIN_DETAIL}")
    if len(name) > _MAX_LABEL:
        yield invalid_value(field, key, f"name part {_too_long(_MAX_LABEL)}")
    if not _QUALIFIED.fullmatch(name):
        yield invalid_value(field, key, _QUALIFIED_DETAIL)


def port_name(field: str, name: str) -> Errors:
    if len(name) > _MAX_PORT_NAME:
        yield invalid_value(field, name, f"must be no more than {_MAX_PORT_NAME} characters")
    elif not _LABEL.fullmatch(name):
        detail = "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"
        yield invalid_value(field, name, detail)
    elif not _LETTER.search(name):
        yield invalid_value(field, name, "must contain at least one letter (a-z)")


def port_number(field: str, number: Any) -> Errors:
    if isinstance(number, int) and not 0 < number <= MAX_PORT:
        yield invalid_value(field, number, PORT_DETAIL)


def config_key(field: str, key: str) -> Errors:
    if not _CONFIG_KEY.fullmatch(key):
        yield invalid_value(field, key, _CONFIG_KEY_DETAIL)


def not_negative(field: str, value: Any) -> Errors:
    if isinstance(value, int) and value < 0:
        yield invalid_value(field, value, NOT_NEGATIVE)


def amount(field: str, value: Any) -> Errors:
    """A quantity that is not negative; decoding has refused what is none."""
    if quantity.parse(value) < 0:
        yield invalid_value(field, value, NOT_NEGATIVE)
