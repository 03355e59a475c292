"""A `docker run` line: https://docs.docker.com/reference/cli/docker/container/run/."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from api.errors import InvalidInput
from api.manifests.models import Probe
from api.manifests.pasting import mounts
from api.manifests.pasting.disks import Disks
from api.manifests.pasting.gathering import NO_FIELD, Gathering, cores, memory_bytes, seconds, whole
from api.manifests.pasting.models import Pasted, PasteSource
from api.manifests.pasting.mounts import Mount

_CONTINUED = re.compile(r"[\\`^][ \t]*\r?\n")
"""How shells go on with a line: those of Unix, PowerShell and Windows."""
_ENGINES = ("docker", "podman", "nerdctl")
_SHORT: Mapping[str, str] = {
    "a": "attach",
    "c": "cpu-shares",
    "d": "detach",
    "e": "env",
    "h": "hostname",
    "i": "interactive",
    "l": "label",
    "m": "memory",
    "p": "publish",
    "P": "publish-all",
    "q": "quiet",
    "t": "tty",
    "u": "user",
    "v": "volume",
    "w": "workdir",
}
_SWITCHES = frozenset(
    {
        "detach",
        "disable-content-trust",
        "init",
        "interactive",
        "no-healthcheck",
        "oom-kill-disable",
        "privileged",
        "publish-all",
        "quiet",
        "read-only",
        "rm",
        "sig-proxy",
        "tty",
        "use-api-socket",
    }
)
"""The flags that take no value of their own; every other one does."""
_NEEDLESS = frozenset(
    {"detach", "disable-content-trust", "init", "interactive", "pull", "quiet", "rm", "sig-proxy", "tty"}
)
"""What means nothing for an app that Kubernetes runs, and whose absence nobody needs to be told of."""
_WHY: Mapping[str, str] = {
    "cap-add": "The namespace's policy allows no capabilities.",
    "env-file": "The file is not in what was pasted. Paste its content into the variables.",
    "network": "An app is in its namespace's network; other apps there reach it by its name.",
    "privileged": "The namespace's policy allows no privileged containers.",
    "restart": "Kubernetes starts an app again whenever it ends.",
    "tmpfs": "What is written into the container goes with it.",
    "workdir": "The image says in which folder the app runs.",
}
_MOUNTS = ("volume", "mount")


class Flag(NamedTuple):
    """A flag as it was written; its value is empty for a switch."""

    name: str
    value: str
    written: str


def is_docker_run(text: str) -> bool:
    """Whether the text begins as such a line does."""
    words = text.replace("$", " ", 1).split(maxsplit=4) if text.startswith("$") else text.split(maxsplit=4)
    words = words[1:] if words[:1] == ["sudo"] else words
    return words[:1] != [] and words[0] in _ENGINES and ("run" in words[1:3] or "create" in words[1:3])


def read(text: str) -> Pasted:
    """The app that the line would run. Raises InvalidInput where it cannot be split into words, or has no image."""
    words = _words(text)
    flags, rest = _split(words)
    if not rest:
        raise InvalidInput("This line names no image.", path=("text",), example="docker run -p 8080:80 nginx:1.29")
    gathered = Gathering(PasteSource.DOCKER_RUN)
    gathered.put("image", rest[0])
    gathered.put("arguments", tuple(rest[1:]) or None)
    disks = Disks(gathered)
    for flag in flags:
        if flag.name in _MOUNTS:
            mounts.take(gathered, disks, *_mount(flag))
        else:
            _TAKEN.get(flag.name, _leave_out)(gathered, flag)
    _health(gathered, {flag.name: flag.value for flag in flags})
    return gathered.pasted()


def _words(text: str) -> list[str]:
    """The words after `run`."""
    try:
        words = shlex.split(_CONTINUED.sub(" ", text).strip().removeprefix("$"), comments=True)
    except ValueError as error:
        message = f"This line cannot be split into words: a quote is not closed ({error})."
        raise InvalidInput(message, path=("text",), example="docker run -p 8080:80 nginx:1.29") from error
    start = next(place for place, word in enumerate(words) if word in ("run", "create"))
    return words[start + 1 :]


def _split(words: list[str]) -> tuple[list[Flag], list[str]]:
    """The flags, and what follows them: the image with its command."""
    flags: list[Flag] = []
    place = 0
    while place < len(words) and words[place].startswith("-") and words[place] != "-":
        word, place = words[place], place + 1
        if word == "--":
            break
        for name, attached in _named(word):
            value = attached
            if value is None and name not in _SWITCHES and place < len(words):
                value, place = words[place], place + 1
            flags.append(Flag(name, value or "", _written(name, value)))
    return flags, words[place:]


def _named(word: str) -> Iterator[tuple[str, str | None]]:
    """Each flag of one word, with the value that is part of it: `--name=web`, `-p8080:80`, `-dit`."""
    if word.startswith("--"):
        name, equals, value = word[2:].partition("=")
        yield {"net": "network"}.get(name, name), value if equals else None
        return
    for place, letter in enumerate(word[1:], start=2):
        name = _SHORT.get(letter, letter)
        if name in _SWITCHES:
            yield name, None
            continue
        attached = word[place:].removeprefix("=")
        yield name, attached or None
        return


def _written(name: str, value: str | None) -> str:
    """A flag for people to read: of a variable its name alone."""
    if value is None:
        return f"--{name}"
    shown = value.partition("=")[0] if name in ("env", "label") else value
    return f"--{name} {shown}"


def _leave_out(gathered: Gathering, flag: Flag) -> None:
    if flag.name not in _NEEDLESS and not flag.name.startswith("health-"):
        gathered.leave_out(flag.written, _WHY.get(flag.name, NO_FIELD))


def _mount(flag: Flag) -> tuple[str, Mount]:
    """What it mounts, with the flag for people to read: options of a volume's driver may hold a password."""
    if flag.name == "volume":
        return flag.written, mounts.of_text(flag.value)
    pairs = [each.partition("=") for each in flag.value.split(",")]
    shown = ",".join("".join(each) for each in pairs if each[0] in mounts.KEYS)
    return f"--mount {shown}", mounts.of_fields({key: value for key, _, value in pairs})


def _environment(gathered: Gathering, flag: Flag) -> None:
    name, equals, value = flag.value.partition("=")
    if not equals:
        gathered.leave_out(flag.written, "Its value is that of your shell, which was not pasted.")
        return
    gathered.variable(name, value)


def _publish(gathered: Gathering, flag: Flag) -> None:
    """`8080:80`, `127.0.0.1:8080:80/tcp`, `80`: the last number is the one that the app listens on."""
    port, _, protocol = flag.value.rpartition(":")[2].partition("/")
    number = whole(port)
    if number is None or protocol not in ("", "tcp"):
        gathered.leave_out(flag.written, "An app has one TCP port.")
    elif gathered.has("port"):
        gathered.leave_out(flag.written, "An app has one port; the first is taken.")
    else:
        gathered.put("port", number)


def _user(gathered: Gathering, flag: Flag) -> None:
    user = whole(flag.value.partition(":")[0])
    gathered.put("run_as_user", user)
    if user is None:
        gathered.leave_out(flag.written, "A user is named by number: `id -u` in the container tells it.")


def _memory(gathered: Gathering, flag: Flag) -> None:
    amount = memory_bytes(flag.value)
    if amount is None:
        gathered.leave_out(flag.written, "It is no amount of memory.")
    gathered.resources(memory=amount)


def _cpus(gathered: Gathering, flag: Flag) -> None:
    amount = cores(flag.value)
    if amount is None:
        gathered.leave_out(flag.written, "It is no number of cores.")
    gathered.resources(cpu=amount)


def _stop_timeout(gathered: Gathering, flag: Flag) -> None:
    given = whole(flag.value)
    gathered.put("shutdown_seconds", given)
    if given is None:
        gathered.leave_out(flag.written, "It is no number of seconds.")


_TAKEN: Mapping[str, Callable[[Gathering, Flag], None]] = {
    "name": lambda gathered, flag: gathered.put("name", flag.value),
    "entrypoint": lambda gathered, flag: gathered.put("command", (flag.value,) if flag.value else None),
    "env": _environment,
    "publish": _publish,
    "expose": _publish,
    "user": _user,
    "memory": _memory,
    "cpus": _cpus,
    "stop-timeout": _stop_timeout,
}


def _health(gathered: Gathering, flags: Mapping[str, str]) -> None:
    """Docker starts nothing anew for a failed check, it only says so: that is a readiness probe."""
    command = flags.get("health-cmd")
    if not command:
        return
    usual = Probe(period_seconds=30, timeout_seconds=30)
    gathered.put(
        "readiness",
        Probe(
            command=("sh", "-c", command),
            delay_seconds=seconds(flags.get("health-start-period", "")) or 0,
            period_seconds=seconds(flags.get("health-interval", "")) or usual.period_seconds,
            timeout_seconds=seconds(flags.get("health-timeout", "")) or usual.timeout_seconds,
            failures=whole(flags.get("health-retries", "")) or usual.failures,
        ),
    )
