"""What the README, the rules and the alerts say of metrics is what there is."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from api import errors
from api.monitoring.calls import GIVEN_UP
from api.monitoring.telemetry import Telemetry

ROOT = Path(__file__).parents[3]
RULES = ROOT / "deploy" / "prometheus" / "moorage.rules.yml"
EXECUTOR_S = {"DEADLINE_EXCEEDED"}
needs_promtool = pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")


def table() -> str:
    """As the README has it."""
    rows = ["| Metric | Type | Labels | Meaning |", "| --- | --- | --- | --- |"]
    for each in Telemetry().instruments.described:
        labels = ", ".join(f"`{label}`" for label in each.labels)
        rows.append(f"| `{each.name}` | {each.kind} | {labels} | {each.meaning} |")
    return "\n".join(rows)


def expressions() -> Iterator[str]:
    for group in yaml.safe_load(RULES.read_text())["groups"]:
        yield from (rule["expr"] for rule in group["rules"])


def promtool(*arguments: str) -> tuple[int, str]:
    ran = subprocess.run(["promtool", *arguments], cwd=RULES.parent, capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout + ran.stderr


def test_the_readme_lists_every_metric() -> None:
    assert table() in (ROOT / "README.md").read_text()


def test_every_metric_of_a_rule_is_measured() -> None:
    measured = {each.name for each in Telemetry().instruments.described}
    recorded = r"\w+:moorage_\w+:\w+"
    named = {name for text in expressions() for name in re.findall(r"moorage_\w+", re.sub(recorded, "", text))}

    assert set() == {re.sub("_(bucket|count|sum)$", "", name) for name in named} - measured


def test_every_code_of_a_rule_is_one_that_there_is() -> None:
    known = {errors.MoorageError.code, GIVEN_UP} | EXECUTOR_S
    for error in vars(errors).values():
        if isinstance(error, type) and issubclass(error, errors.MoorageError):
            known |= {error.code, error.__name__}
    told = {
        code
        for text in expressions()
        for codes in re.findall('(?:code|outcome)=~"(.*?)"', text)
        for code in codes.split("|")
    }

    assert set() == told - known - {"5..", "429"}


@needs_promtool
@pytest.mark.parametrize("arguments", [("check", "rules", RULES.name), ("test", "rules", "moorage.rules.test.yml")])
def test_promtool_takes_the_rules_and_their_tests_pass(arguments: tuple[str, ...]) -> None:
    code, said = promtool(*arguments)

    assert 0 == code, said


@needs_promtool
def test_promtool_takes_the_scrape_configuration(tmp_path: Path) -> None:
    token, config = tmp_path / "token", tmp_path / "scrape.yml"
    token.write_text("of-the-scraper-alone")
    said = (RULES.parent / "scrape.yml").read_text().replace("/etc/prometheus/moorage-metrics-token", str(token))
    config.write_text(said.replace(RULES.name, str(RULES)))

    code, said = promtool("check", "config", str(config))

    assert 0 == code, said
