"""Schedules of jobs: read as Kubernetes reads them, put into words, and when the next run is due.

The grammar is that of https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax, which knows
none of the extensions that the library has (seconds, `L`, `#`), and calls Sunday 0 alone.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from api.clusters.crontab import five_fields
from api.errors import InvalidInput
from api.manifests.models import Schedule

PATTERN = (
    r"@(hourly|daily|midnight|weekly|monthly|yearly|annually)"
    r"|[0-9*\/,\-]+ +[0-9*\/,\-]+ +[0-9*\/,\-]+ +[0-9A-Za-z*\/,\-]+ +[0-9A-Za-z*\/,\-]+"
)
"""What a schedule looks like; whether its numbers are hours and days, `check` finds out."""
EXAMPLE = "30 4 * * *"
ZONE_EXAMPLE = "Europe/London"
_SEVENTH_DAY = re.compile(r"(?<![0-9/])7(?![0-9])")
_NUMBERS = re.compile(r"\d+")
_MOST_DIGITS = 4


def check(schedule: Schedule) -> list[InvalidInput]:
    """What is wrong with a schedule that looks like one; paths from the schedule's field on."""
    return [*_check_cron(schedule.cron), *_check_zone(schedule.time_zone)]


def explain(cron: str) -> str:
    """The schedule in words, as in `At 04:30 every day`; the schedule itself where there are none for it."""
    try:
        return CronSim(five_fields(cron), datetime(2000, 1, 1, tzinfo=UTC)).explain()
    except CronSimError:
        return cron


def next_run(schedule: Schedule, after: datetime) -> datetime | None:
    """When the next run is due, in UTC; None while it is suspended, or where no such day ever comes."""
    if schedule.suspended:
        return None
    cron = five_fields(schedule.cron)
    try:
        return next(CronSim(cron, after.astimezone(ZoneInfo(schedule.time_zone)))).astimezone(UTC)
    except (CronSimError, StopIteration, ZoneInfoNotFoundError):
        return None


def _check_cron(cron: str) -> list[InvalidInput]:
    if re.fullmatch(PATTERN, cron) is None:  # the rule of the form says so
        return []
    path = ("schedule", "cron")
    numbers = _NUMBERS.findall(cron)
    if any(len(number) > _MOST_DIGITS for number in numbers):
        return [InvalidInput("The schedule has a number that is none of a clock or calendar.", path=path)]
    if _SEVENTH_DAY.search(cron.rpartition(" ")[2]):
        message = "Kubernetes counts the days from Sunday, 0, to Saturday, 6."
        return [InvalidInput(message, path=path, example="0 4 * * 0")]
    try:
        CronSim(five_fields(cron), datetime(2000, 1, 1, tzinfo=UTC))
    except CronSimError as error:
        message = f"Kubernetes could not read this schedule: {str(error).lower()}. The fields are minute, hour, day of "
        return [InvalidInput(f"{message}the month, month and day of the week.", path=path, example=EXAMPLE)]
    return []


def _check_zone(name: str) -> list[InvalidInput]:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f"There is no time zone {name}. Take a name of the IANA time zone database."
        return [InvalidInput(message, path=("schedule", "time_zone"), example=ZONE_EXAMPLE)]
    return []
