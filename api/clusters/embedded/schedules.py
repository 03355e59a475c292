"""When CronJobs are due: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from api.clusters.crontab import NAMED, five_fields

from .objects import Obj

_FIELDS = 5


def schedule_error(schedule: str) -> str | None:
    """Why a schedule cannot be read; None for one that can."""
    fields = schedule.split()
    if fields[0].startswith("@"):
        return None if schedule in NAMED else f"unrecognized descriptor: {schedule}"
    if len(fields) != _FIELDS:
        return f"expected exactly {_FIELDS} fields, found {len(fields)}: [{' '.join(fields)}]"
    try:
        CronSim(schedule, datetime(2000, 1, 1, tzinfo=UTC))
    except CronSimError as error:
        return str(error)
    return None


def is_time_zone(name: str) -> bool:
    """Whether the time zone database has a zone of that name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def last_due(cron_job: Obj, now: datetime) -> datetime | None:
    """The latest time up to `now` at which a run was due; None where there was none."""
    moment = now.replace(microsecond=0) + timedelta(seconds=1)
    found = next(CronSim(_expression(cron_job), moment.astimezone(_zone(cron_job)), reverse=True), None)
    return found.astimezone(UTC) if found is not None else None


def next_due(cron_job: Obj, now: datetime) -> datetime | None:
    """The first time after `now` at which a run is due; None where none ever is."""
    found = next(CronSim(_expression(cron_job), now.astimezone(_zone(cron_job))), None)
    return found.astimezone(UTC) if found is not None else None


def _expression(cron_job: Obj) -> str:
    return five_fields(cron_job["spec"]["schedule"])


def _zone(cron_job: Obj) -> ZoneInfo:
    return ZoneInfo(cron_job["spec"].get("timeZone") or "UTC")
