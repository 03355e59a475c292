"""The embedded PostgreSQL is private, keeps its data, and outlives no one."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import sys
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import make_url, text

from api.database.database import Database
from api.database.embedded import embedded_postgres
from api.errors import ConfigurationError


async def test_data_is_kept_between_runs(tmp_path: Path) -> None:
    async with embedded_postgres(tmp_path) as url, Database.open(url) as database, database.session() as session:
        await session.execute(text("CREATE TABLE kept AS SELECT 42 AS answer"))

    async with embedded_postgres(tmp_path) as url, Database.open(url) as database, database.session() as session:
        assert 42 == await session.scalar(text("SELECT answer FROM kept"))


async def test_the_password_is_needed_and_the_folder_is_private(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    async with embedded_postgres(folder) as url:
        socket_folder = str(make_url(url).query["host"])

        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(host=socket_folder, user="moorage", password="guessed", database="postgres")

        assert 0o700 == stat.S_IMODE(os.stat(socket_folder).st_mode)
        assert 0o700 == stat.S_IMODE(folder.stat().st_mode)
        assert 0o600 == stat.S_IMODE((folder / "password").stat().st_mode)


async def test_a_second_owner_of_the_folder_is_told_so(tmp_path: Path) -> None:
    async with embedded_postgres(tmp_path):
        with pytest.raises(ConfigurationError, match="another Moorage") as refused:
            async with embedded_postgres(tmp_path):
                pass

    assert "MOORAGE_DATA_DIR" == refused.value.setting


async def test_the_server_of_a_killed_process_is_stopped_and_its_data_taken_over(tmp_path: Path) -> None:
    program = (
        "import asyncio, sys; from pathlib import Path; from api.database.embedded import embedded_postgres\n"
        "async def main():\n"
        "    async with embedded_postgres(Path(sys.argv[1])):\n"
        "        print('ready', flush=True); await asyncio.Event().wait()\n"
        "asyncio.run(main())"
    )
    pipe = asyncio.subprocess.PIPE
    owner = await asyncio.create_subprocess_exec(sys.executable, "-c", program, str(tmp_path), stdout=pipe)
    assert owner.stdout is not None
    assert b"ready\n" == await owner.stdout.readline()
    orphan = postmaster_of(tmp_path)

    owner.send_signal(signal.SIGKILL)
    await owner.wait()

    async with embedded_postgres(tmp_path) as url, Database.open(url) as database:
        await database.ping()
        assert orphan != postmaster_of(tmp_path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
async def test_root_runs_it_as_an_ordinary_user_and_opens_no_folder_for_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)

    async with embedded_postgres(home / "postgres"):
        assert 0 != os.stat(f"/proc/{postmaster_of(home / 'postgres')}").st_uid
        assert 0o700 == stat.S_IMODE(home.stat().st_mode)
        assert 0 == home.stat().st_uid


async def test_a_setup_that_was_cut_off_is_made_anew(tmp_path: Path) -> None:
    half_made = tmp_path / "data.new"
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18")

    async with embedded_postgres(tmp_path) as url, Database.open(url) as database:
        await database.ping()


async def test_a_folder_that_cannot_be_written_names_the_setting(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ConfigurationError) as refused:
        async with embedded_postgres(tmp_path / "file" / "postgres"):
            pass

    assert "MOORAGE_DATA_DIR" == refused.value.setting


async def test_programs_that_do_not_run_name_the_setting(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as refused:
        async with embedded_postgres(tmp_path / "data", programs=tmp_path):
            pass

    assert "MOORAGE_DATABASE_URL" == refused.value.setting


async def test_no_server_is_left_when_its_owner_fails(tmp_path: Path) -> None:
    started: list[int] = []

    async def fail_while_it_runs() -> None:
        async with embedded_postgres(tmp_path):
            started.append(postmaster_of(tmp_path))
            raise LookupError

    with pytest.raises(LookupError):
        await fail_while_it_runs()

    with pytest.raises(ProcessLookupError):
        os.kill(started[0], 0)


def postmaster_of(folder: Path) -> int:
    return int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])
