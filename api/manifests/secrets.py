"""Everything of an app that never leaves the server, by one name each: how it is kept, compared and built.

A variable goes by its own name, a file by its path, the password of a registry by whom it is for. No two of them can
have the same: the first has letters, digits and underscores, the second begins with a slash, the third has a colon.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from api.errors import FieldPath
from api.manifests.files import secret_key_of
from api.manifests.models import WorkloadSpec
from api.manifests.registries import password_name, server_of


@dataclass(frozen=True, slots=True)
class Secret:
    """One of them: `name` among the secret values, `path` of its value in the form; `value` None is "as it is".

    `lacking` says in words that it has none yet.
    """

    name: str
    value: str | None
    path: FieldPath
    lacking: str


def secrets_of(spec: WorkloadSpec) -> Iterator[Secret]:
    """Every secret of `spec`."""
    for position, variable in enumerate(spec.secrets):
        path: FieldPath = ("secrets", position, "value")
        yield Secret(variable.name, variable.value, path, f"The secret {variable.name} has no value")
    for position, file in enumerate(spec.secret_files):
        path = ("secret_files", position, "content")
        yield Secret(file.path, file.content, path, f"The secret file {file.path} has no content")
    if (credentials := spec.registry_credentials) is not None:
        path = ("registry_credentials", "password")
        lacking = f"{credentials.username} has no password at {server_of(spec, credentials)}"
        yield Secret(password_name(spec, credentials), credentials.password or None, path, lacking)


def is_file(name: str) -> bool:
    """Whether a secret value of that name is a file's content; the name is its path."""
    return name.startswith("/")


def is_password(name: str) -> bool:
    """Whether a secret value of that name is the password of a registry."""
    return ":" in name and not is_file(name)


def without_values(spec: WorkloadSpec) -> WorkloadSpec:
    """The same spec with its secrets by name only: the form in which it is stored, compared and shown."""
    return with_values(spec, {})


def with_values(spec: WorkloadSpec, values: Mapping[str, str]) -> WorkloadSpec:
    """The same spec, each secret with its value of `values`: for building manifests and for nothing else."""
    credentials = spec.registry_credentials
    if credentials is not None:
        credentials = replace(credentials, password=values.get(password_name(spec, credentials)))
    return replace(
        spec,
        secrets=tuple(replace(each, value=values.get(each.name)) for each in spec.secrets),
        secret_files=tuple(replace(each, content=values.get(each.path)) for each in spec.secret_files),
        registry_credentials=credentials,
    )


def secret_data(spec: WorkloadSpec, values: Mapping[str, str]) -> dict[str, str]:
    """What is in the app's Secret: the values of its variables, and its secret files."""
    return {
        **{each.name: values[each.name] for each in spec.secrets},
        **{secret_key_of(each.path): values[each.path] for each in spec.secret_files},
    }
