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
    minute, hour, day, month, weekday = five_fields(cron).split()
    unread = _unreadable(minute, hour, day, "*", weekday) or _unreadable(minute, hour, "*", month, weekday)
    if unread is not None:
        message = f"Kubernetes could not read this schedule: {unread.lower()}. The fields are minute, hour, day of "
        return [InvalidInput(f"{message}the month, month and day of the week.", path=path, example=EXAMPLE)]
    if _never_comes(day, month, weekday):
        message = (
            f"This schedule never runs: there is no day {day} in month {month}. Name another day of the month, or "
            "another month."
        )
        return [InvalidInput(message, path=path, example="30 4 28 2 *")]
    return []


_ANY = re.compile(r"\*(/0*1)?")


def _unreadable(*fields: str) -> str | None:
    """What is wrong with the five fields, whose day comes in some month; None for nothing."""
    try:
        CronSim(" ".join(fields), datetime(2000, 1, 1, tzinfo=UTC))
    except CronSimError as error:
        return str(error)
    return None


def _never_comes(day: str, month: str, weekday: str) -> bool:
    """Whether none of the months has one of the days, as the 31st of February. A day of the week that is named beside
    them comes all the same, and for Kubernetes `*/2` names some, `*/1` none: https://github.com/robfig/cron
    (`getRange`).
    """
    is_any = any(_ANY.fullmatch(term) for term in weekday.split(","))
    return is_any and _unreadable("0", "0", day, month, "*") is not None


def _check_zone(name: str) -> list[InvalidInput]:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f"There is no time zone {name}. Take a name of the IANA time zone database."
        return [InvalidInput(message, path=("schedule", "time_zone"), example=ZONE_EXAMPLE)]
    return []
