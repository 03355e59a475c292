"""A service of a compose file: https://github.com/compose-spec/compose-spec/blob/main/05-services.md."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from api.errors import InvalidInput
from api.manifests.models import ConfigFile, Probe
from api.manifests.pasting import mounts
from api.manifests.pasting.disks import Disks
from api.manifests.pasting.gathering import (
    NO_FIELD,
    TEMPORARY,
    Gathering,
    cores,
    memory_bytes,
    number,
    seconds,
    whole,
    words,
)
from api.manifests.pasting.models import Pasted, PasteSource

_ELSEWHERE = "Its content is not in what was pasted. Add the file by hand."
_WHY: Mapping[str, str] = {
    "build": "Moorage runs images, and builds none. Build it, push it, and name it under `image`.",
    "cap_add": "The namespace's policy allows no capabilities.",
    "configs": _ELSEWHERE,
    "depends_on": "Apps of a namespace start side by side; let the app try again until the other one answers.",
    "env_file": "The file is not in what was pasted. Paste its content into the variables.",
    "networks": "An app is in its namespace's network; other apps there reach it by its name.",
    "privileged": "The namespace's policy allows no privileged containers.",
    "restart": "Kubernetes starts an app again whenever it ends.",
    "secrets": _ELSEWHERE,
    "tmpfs": TEMPORARY,
    "working_dir": "The image says in which folder the app runs.",
}
_DRIVEN = "The cluster's storage class says what disk it is."
_DECLARED: Mapping[str, str] = {
    "driver": _DRIVEN,
    "driver_opts": _DRIVEN,
    "external": "The volume begins empty: copy into it what the other one holds.",
}
"""What is said of a volume at the end of the file."""
_NOT_UNDERSTOOD = "It is not written as compose has it."


def is_compose(document: Mapping[str, Any]) -> bool:
    """Whether the document is a compose file."""
    return isinstance(document.get("services"), dict) and "kind" not in document


def read(document: Mapping[str, Any]) -> Pasted:
    """The first service that has an image. Raises InvalidInput where none has."""
    services = {str(name): each for name, each in document["services"].items() if isinstance(each, dict)}
    chosen = next((name for name, each in services.items() if isinstance(each.get("image"), str)), None)
    if chosen is None:
        message = "No service of this compose file names an image. Moorage runs images, and builds none."
        raise InvalidInput(message, path=("text",), example="image: ghcr.io/ada/engine:1.4.2")
    gathered = Gathering(PasteSource.COMPOSE)
    for name in sorted(map(str, services.keys() - {chosen})):
        gathered.leave_out(f"services.{name}", "One form is one app: paste this service on its own.")
    for part in sorted(map(str, document.keys() - {"services", "version", "name", "configs", "volumes"})):
        gathered.leave_out(str(part), _WHY.get(str(part), NO_FIELD))
    gathered.put("name", chosen)
    disks = Disks(gathered)
    _Service(gathered, f"services.{chosen}", _contents(document.get("configs")), disks).read(services[chosen])
    _declared(gathered, document.get("volumes"), disks)
    return gathered.pasted()


def _declared(gathered: Gathering, volumes: object, disks: Disks) -> None:
    """What the file says of its volumes beside their names; its values may be passwords of a file server."""
    for name, declared in volumes.items() if isinstance(volumes, dict) else ():
        if not disks.has(str(name)):
            gathered.leave_out(f"volumes.{name}", "The service that is taken does not mount it.")
            continue
        for key in sorted(map(str, declared.keys() - {"name", "labels"})) if isinstance(declared, dict) else ():
            gathered.leave_out(f"volumes.{name}.{key}", _DECLARED.get(key, NO_FIELD))


class _Service:
    """Reads one service; `path` is where it stands in the file."""

    def __init__(self, gathered: Gathering, path: str, configs: Mapping[str, str], disks: Disks) -> None:
        self._gathered = gathered
        self._path = path
        self._configs = configs
        self._disks = disks
        self._readers: Mapping[str, Callable[[Any], bool]] = {
            "image": self._image,
            "container_name": lambda _: True,
            "command": lambda value: self._words("arguments", value),
            "entrypoint": lambda value: self._words("command", value),
            "environment": self._environment,
            "ports": self._ports,
            "expose": self._ports,
            "user": self._user,
            "healthcheck": self._health,
            "stop_grace_period": self._grace,
            "deploy": self._deploy,
            "mem_limit": self._memory,
            "cpus": self._cpus,
            "scale": self._replicas,
            "configs": self._files,
            "volumes": self._volumes,
        }

    def read(self, service: Mapping[str, Any]) -> None:
        """Every key of the service."""
        for key, value in service.items():
            reader = self._readers.get(str(key))
            if reader is None:
                self._leave_out(str(key), _WHY.get(str(key), NO_FIELD))
            elif not reader(value):
                self._leave_out(str(key), _NOT_UNDERSTOOD)

    def _leave_out(self, key: str, why: str) -> None:
        self._gathered.leave_out(f"{self._path}.{key}", why)

    def _image(self, value: object) -> bool:
        self._gathered.put("image", value)
        return isinstance(value, str)

    def _words(self, field: str, value: object) -> bool:
        """A list, or a line that compose splits as a shell does."""
        if isinstance(value, str):
            try:
                value = shlex.split(value)
            except ValueError:
                return False
        found = words(value)
        self._gathered.put(field, tuple(found) if found else None)
        return found is not None or value is None

    def _environment(self, value: object) -> bool:
        for name, text in _variables(value):
            if text is None:
                self._leave_out(f"environment.{name}", "Its value is that of your shell, which was not pasted.")
            else:
                self._gathered.variable(name, text)
        return isinstance(value, dict | list)

    def _ports(self, value: object) -> bool:
        for place, port in enumerate(value if isinstance(value, list) else []):
            number = _target(port)
            if number is None:
                self._leave_out(f"ports.{place}", "An app has one TCP port.")
            elif self._gathered.has("port"):
                self._leave_out(f"ports.{place}", "An app has one port; the first is taken.")
            else:
                self._gathered.put("port", number)
        return isinstance(value, list)

    def _files(self, value: object) -> bool:
        """Those whose content is written out in the file."""
        files: list[ConfigFile] = []
        for each in value if isinstance(value, list) else []:
            name, target = _config(each)
            if name in self._configs:
                files.append(ConfigFile(target or f"/{name}", self._configs[name]))
            else:
                self._leave_out(f"configs.{name}", _ELSEWHERE)
        self._gathered.put("files", tuple(files))
        return isinstance(value, list)

    def _volumes(self, value: object) -> bool:
        for place, each in enumerate(value if isinstance(value, list) else []):
            mount = mounts.of_fields(each) if isinstance(each, dict) else mounts.of_text(str(each))
            written = ":".join(part for part in (mount.source, mount.target) if part)
            mounts.take(self._gathered, self._disks, f"{self._path}.volumes.{place} {written}", mount)
        return isinstance(value, list)

    def _user(self, value: object) -> bool:
        user = whole(str(value).partition(":")[0])
        self._gathered.put("run_as_user", user)
        return user is not None

    def _grace(self, value: object) -> bool:
        self._gathered.put("shutdown_seconds", seconds(str(value)))
        return self._gathered.has("shutdown_seconds")

    def _replicas(self, value: object) -> bool:
        replicas = number(value)
        self._gathered.put("replicas", replicas)
        return replicas is not None

    def _memory(self, value: object) -> bool:
        amount = memory_bytes(str(value))
        self._gathered.resources(memory=amount)
        return amount is not None

    def _cpus(self, value: object) -> bool:
        amount = cores(str(value))
        self._gathered.resources(cpu=amount)
        return amount is not None

    def _deploy(self, value: object) -> bool:
        if not isinstance(value, dict):
            return False
        resources = value.get("resources")
        limits = resources.get("limits") if isinstance(resources, dict) else None
        asked = {"replicas": (value.get("replicas"), self._replicas)}
        if isinstance(limits, dict):
            asked |= {"cpus": (limits.get("cpus"), self._cpus), "memory": (limits.get("memory"), self._memory)}
        for key, (given, reader) in asked.items():
            if given is not None and not reader(given):
                self._leave_out(f"deploy.{key}", _NOT_UNDERSTOOD)
        for key in sorted(map(str, value.keys() - {"replicas", "resources"})):
            self._leave_out(f"deploy.{key}", NO_FIELD)
        return True

    def _health(self, value: object) -> bool:
        """Docker starts nothing anew for a failed check, it only says so: that is a readiness probe."""
        if not isinstance(value, dict):
            return False
        command = _test(value.get("test"))
        if value.get("disable") is True or command == ():
            return True
        if command is None:
            return False
        retries = value.get("retries")
        probe = Probe(
            command=command,
            delay_seconds=seconds(str(value.get("start_period", ""))) or 0,
            period_seconds=seconds(str(value.get("interval", ""))) or 30,
            timeout_seconds=seconds(str(value.get("timeout", ""))) or 30,
            failures=number(retries) or 3,
        )
        self._gathered.put("readiness", probe)
        return True


def _contents(configs: object) -> dict[str, str]:
    """The configs with a `content`, by name."""
    found = configs.items() if isinstance(configs, dict) else ()
    contents = {str(name): each.get("content") for name, each in found if isinstance(each, dict)}
    return {name: content for name, content in contents.items() if isinstance(content, str)}


def _config(given: object) -> tuple[str, str | None]:
    """The name of a config, and the path where the service has it, if it says so."""
    if not isinstance(given, dict):
        return str(given), None
    target = given.get("target")
    return str(given.get("source")), str(target) if target else None


def _variables(value: object) -> Iterator[tuple[str, str | None]]:
    """Names and values of a map, or of a list of `NAME=value`; None where the value is left to the shell."""
    if isinstance(value, dict):
        for name, given in value.items():
            yield str(name), None if given is None else _scalar(given)
    elif isinstance(value, list):
        for each in value:
            if isinstance(each, dict):
                yield from _variables(each)
                continue
            name, equals, text = str(each).partition("=")
            yield name, text if equals else None


def _scalar(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _target(port: object) -> int | None:
    """The port in the container: of `8080:80`, of `80/tcp`, of a mapping's `target`."""
    if isinstance(port, dict):
        return number(port.get("target")) if port.get("protocol", "tcp") == "tcp" else None
    target, _, protocol = str(port).rpartition(":")[2].partition("/")
    return whole(target) if protocol in ("", "tcp") else None


def _test(value: object) -> tuple[str, ...] | None:
    """The command of a check; empty for `NONE`, None for what is none."""
    if isinstance(value, str):
        return ("sh", "-c", value)
    found = words(value) or ()
    match list(found):
        case ["NONE"]:
            return ()
        case ["CMD", *command] if command:
            return tuple(command)
        case ["CMD-SHELL", line]:
            return ("sh", "-c", line)
    return None
