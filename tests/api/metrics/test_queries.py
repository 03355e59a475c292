"""The PromQL of a metric: whatever a name holds stays in its string."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from api.metrics.models import MetricName, MetricScope
from api.metrics.queries import promql

STEP = timedelta(seconds=30)


def test_one_expression_speaks_of_every_scope() -> None:
    scopes = [MetricScope("shop-a1", "engine"), MetricScope("shop-a1", "loom"), MetricScope("mill-b2", "engine")]

    expression = promql(MetricName.MEMORY, scopes, step=STEP)

    selector = 'namespace=~"(?:mill\\\\-b2|shop\\\\-a1)",pod=~"(?:engine|loom)-.+",container!=""'
    assert f"sum by (namespace, pod) (container_memory_working_set_bytes{{{selector}}})" == expression


def test_a_whole_namespace_asks_for_every_pod() -> None:
    expression = promql(MetricName.RESTARTS, [MetricScope("shop"), MetricScope("shop", "engine")], step=STEP)

    assert 'sum by (namespace, pod) (kube_pod_container_status_restarts_total{namespace=~"(?:shop)"})' == expression


@pytest.mark.parametrize(("step", "window"), [(timedelta(seconds=5), "120s"), (timedelta(minutes=15), "900s")])
def test_a_rate_covers_its_step_and_two_scrapes_at_least(step: timedelta, window: str) -> None:
    assert f"[{window}]" in promql(MetricName.CPU, [MetricScope("shop")], step=step)


@pytest.mark.parametrize("name", ['a"} or up{a="', "a\\", "a|.*", ".*", "a\nb", "a{}", "[a-z]+", "a?b"])
def test_a_hostile_name_matches_nothing_but_itself(name: str) -> None:
    expression = promql(MetricName.CPU, [MetricScope(name, name)], step=STEP)

    namespace, pod = (text for text in _strings(expression) if text)
    matched = [each for each in (name, "shop", "a", "ab") if re.fullmatch(namespace, each)]
    assert [name] == matched
    assert [name] == [each for each in (name, "shop", "a", "ab") if re.fullmatch(pod, f"{each}-7c9f-abcde")]
    assert "\n" not in expression


def _strings(expression: str) -> list[str]:
    """What stands in the quotes of a PromQL expression, unescaped; fails where one does not end."""
    found, current, inside, escaped = [], "", False, False
    for letter in expression:
        if escaped:
            current, escaped = current + {"n": "\n"}.get(letter, letter), False
        elif inside and letter == "\\":
            escaped = True
        elif letter == '"':
            if inside:
                found.append(current)
            current, inside = "", not inside
        elif inside:
            current += letter
    assert not inside
    return found
