"""The form's rules: what each field takes, and that a refusal names its field."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import FieldPath
from api.manifests.kinds import profile
from api.manifests.models import (
    Autoscaling,
    ConfigFile,
    EnvironmentVariable,
    Probe,
    Resources,
    SecretFile,
    SecretVariable,
    Volume,
    WorkloadSpec,
)
from api.manifests.rules import MAX_VARIABLE_BYTES, MAX_VARIABLES, RULES
from api.manifests.sizes import PRESETS, preset
from api.manifests.validation import validate
from tests.api.manifests.specs import (
    DATABASE,
    WEB,
    accepted_specs,
    bounded,
    checked,
    controller_of,
    texts,
    with_environment,
    with_secrets,
)


def broken(spec: WorkloadSpec) -> list[FieldPath]:
    """The fields whose rules `spec` breaks."""
    return [failure.path for failure in validate(spec)]


def examples(spec: WorkloadSpec) -> dict[FieldPath, str | None]:
    """What would do in each field whose rule `spec` breaks."""
    return {failure.path: failure.example for failure in validate(spec)}


def many(count: int) -> dict[str, str]:
    return {f"NAME_{number}": "x" for number in range(count)}


@bounded
@given(accepted_specs())
def test_a_spec_that_breaks_no_rule_builds(spec: WorkloadSpec) -> None:
    assert [] == broken(spec)
    assert profile(spec.kind).controller == controller_of(spec)["kind"]


@bounded
@given(
    st.builds(
        WorkloadSpec,
        name=st.text(max_size=60),
        image=st.text(max_size=60),
        port=st.none() | st.integers(),
        replicas=st.integers(),
        environment=st.lists(st.builds(EnvironmentVariable, st.text(max_size=9), st.text(max_size=9))).map(tuple),
        secrets=st.lists(st.builds(SecretVariable, st.text(max_size=9), texts)).map(tuple),
        run_as_user=st.none() | st.integers(),
        command=st.lists(st.text(max_size=5), max_size=3).map(tuple),
        readiness=st.none()
        | st.builds(
            Probe,
            path=st.none() | st.text(max_size=5),
            command=st.lists(st.text(max_size=5), max_size=2).map(tuple),
            delay_seconds=st.integers(),
            period_seconds=st.integers(),
            timeout_seconds=st.integers(),
            failures=st.integers(),
        ),
        shutdown_seconds=st.integers(),
    )
)
def test_a_refusal_names_a_field_of_the_spec_and_how_to_mend_it(spec: WorkloadSpec) -> None:
    for failure in validate(spec):
        assert failure.path[0] in {field.name for field in fields(WorkloadSpec)}
        assert failure.message.endswith(".")
        assert failure.example


@pytest.mark.parametrize("name", ["a", "web", "web-shop", "w3b", "a" * 46])
def test_names_that_kubernetes_takes_for_every_object_are_taken(name: str) -> None:
    assert [] == broken(replace(WEB, name=name))


@pytest.mark.parametrize("name", ["", "Web", "3web", "-web", "web-", "web.shop", "web_shop", "wéb", "web\n", "a" * 47])
def test_other_names_are_refused(name: str) -> None:
    assert [("name",)] == broken(replace(WEB, name=name))


def test_the_longest_name_leaves_room_for_what_kubernetes_adds_to_the_names_of_pods() -> None:
    """A pod's name begins with at most 58 characters of `<app>-<hash>-`; a hash has up to 10."""
    (rule,) = (rule for rule in RULES if rule.field == "name")

    assert rule.max_length is not None
    assert 58 >= rule.max_length + len("-") + 10 + len("-")


@pytest.mark.parametrize(
    ("field", "accepted", "refused"),
    [
        ("port", [None, 1, 65535], [0, -1, 65536]),
        ("replicas", [0, 1, 50], [-1, 51]),
        ("run_as_user", [None, 1, 2**31 - 1], [0, -1, 2**31]),
    ],
)
def test_numbers_are_taken_within_their_bounds_only(
    field: str, accepted: list[int | None], refused: list[int | None]
) -> None:
    for value in accepted:
        assert [] == broken(_with(field, value)), f"{field}={value}"
    for value in refused:
        assert [(field,)] == broken(_with(field, value)), f"{field}={value}"


def _with(field: str, value: int | None) -> WorkloadSpec:
    return replace(WEB, **{field: value})  # type: ignore[arg-type]  # each of these fields holds a number


@pytest.mark.parametrize("name", ["A", "_", "a1", "LOG_LEVEL"])
def test_names_of_variables_are_taken_as_shells_take_them(name: str) -> None:
    assert [] == broken(with_environment(**{name: "x"}))
    assert [] == broken(with_secrets(**{name: "x"}))


@pytest.mark.parametrize("name", ["", "1A", "A-B", "A.B", "A=B", "Ä", "A B", "A\n"])
def test_a_bad_name_of_a_variable_is_told_by_its_position(name: str) -> None:
    assert [("environment", 1, "name")] == broken(with_environment(GOOD="x", **{name: "x"}))
    assert [("secrets", 1, "name")] == broken(with_secrets(GOOD="x", **{name: "x"}))


@pytest.mark.parametrize("value", ["a\0b", "half \ud83d", "x" * 8193])
def test_values_that_no_process_can_be_given_are_refused(value: str) -> None:
    assert [("environment", 0, "value")] == broken(with_environment(A=value))
    assert [("secrets", 0, "value")] == broken(with_secrets(A=value))


@pytest.mark.parametrize("value", ["", "x" * 8192, "line\nline\t", "⛵ é", "$(HOME) $$ '\""])
def test_values_of_any_other_text_are_taken(value: str) -> None:
    assert [] == broken(with_environment(A=value))
    assert [] == broken(with_secrets(A=value))


def test_a_secret_may_be_left_as_it_is() -> None:
    assert [] == broken(with_secrets(TOKEN=None))


def test_a_name_stands_once_in_a_list() -> None:
    twice = (EnvironmentVariable("A", "1"), EnvironmentVariable("B", "2"), EnvironmentVariable("A", "3"))

    assert [("environment", 2, "name")] == broken(replace(WEB, environment=twice))


def test_a_name_is_a_variable_or_a_secret_and_not_both() -> None:
    spec = replace(with_environment(TOKEN="x"), secrets=(SecretVariable("TOKEN", "y"),))

    assert [("secrets", 0, "name")] == broken(spec)


def test_what_is_there_twice_comes_with_a_value_that_is_not_there() -> None:
    files = tuple(ConfigFile(path, "") for path in ("/a", "/a", "/b", "/b2"))
    volumes = (Volume("data", "/var/lib/data", 1), Volume("data", "/var/lib/data", 1))
    spec = replace(
        with_environment(TOKEN="x"),
        secrets=(SecretVariable("TOKEN", "y"),),
        files=files,
        secret_files=(SecretFile("/b", ""),),
    )

    assert {
        ("files", 1, "path"): "/a2",
        ("secret_files", 0, "path"): "/b3",
        ("secrets", 0, "name"): "TOKEN2",
    } == examples(spec)
    assert {
        ("volumes", 1, "name"): "data2",
        ("volumes", 1, "path"): "/var/lib/data2",
    } == examples(replace(DATABASE, volumes=volumes))


@pytest.mark.parametrize(("least", "most", "example"), [(9, 2, "9"), (2, 1, "6"), (99, 2, "6")])
def test_the_example_of_a_number_goes_with_the_other_number(least: int, most: int, example: str) -> None:
    spec = replace(WEB, autoscaling=Autoscaling(least, most, 70))

    assert example == examples(spec)["autoscaling", "max_replicas"]


def test_the_example_of_what_is_set_aside_is_no_more_than_may_be_used() -> None:
    spec = replace(WEB, size=None, resources=Resources(500, 100, 128, 256))

    assert {("resources", "cpu_request_millicores"): "100"} == examples(spec)


def test_an_app_has_64_variables_and_not_one_more() -> None:
    assert [] == broken(with_environment(**many(MAX_VARIABLES)))
    assert [("environment",)] == broken(with_environment(**many(MAX_VARIABLES + 1)))
    assert [("secrets",)] == broken(with_secrets(**many(MAX_VARIABLES + 1)))


def test_variables_have_32_kib_together_and_not_one_byte_more() -> None:
    full = dict.fromkeys("ABCDEFGH", "x" * (MAX_VARIABLE_BYTES // 8 - 1))
    over = {**full, "H": full["H"] + "x"}

    assert [] == broken(with_environment(**full))
    assert [("environment",)] == broken(with_environment(**over))
    assert [] == broken(with_secrets(**full))
    assert [("secrets",)] == broken(with_secrets(**over))


def test_bytes_are_counted_and_not_characters() -> None:
    assert [("environment",)] == broken(with_environment(**dict.fromkeys("ABCD", "⛵" * 3000)))


def test_every_broken_rule_is_told_at_once() -> None:
    spec = replace(with_environment(**{"1": "\0"}), name="Web", image="Redis", port=0)
    expected = {("name",), ("image",), ("port",), ("environment", 0, "name"), ("environment", 0, "value")}

    assert expected == set(broken(spec))


def test_every_rule_gives_an_example_that_keeps_it() -> None:
    examples = {rule.field: rule.example for rule in RULES}
    spec = WorkloadSpec(
        name=examples["name"],
        image=examples["image"],
        port=int(examples["port"]),
        replicas=int(examples["replicas"]),
        run_as_user=int(examples["run_as_user"]),
        environment=(EnvironmentVariable(examples["environment.*.name"], examples["environment.*.value"]),),
        secrets=(SecretVariable(examples["secrets.*.name"], examples["secrets.*.value"]),),
    )

    assert [] == broken(spec)


def test_requests_are_half_the_limits_in_every_size() -> None:
    for size in PRESETS:
        resources = preset(size.size)
        assert size.resources is resources
        assert resources.cpu_limit_millicores == 2 * resources.cpu_request_millicores
        assert resources.memory_limit_mib == 2 * resources.memory_request_mib


@pytest.mark.parametrize(
    ("probe", "field"),
    [
        (Probe(path="healthz"), "path"),
        (Probe(path="/a b"), "path"),
        (Probe(path="/healthz", command=("check",)), "path"),
        (Probe(delay_seconds=-1), "delay_seconds"),
        (Probe(period_seconds=0), "period_seconds"),
        (Probe(timeout_seconds=0), "timeout_seconds"),
        (Probe(failures=0), "failures"),
    ],
)
@pytest.mark.parametrize("name", ["startup", "liveness", "readiness"])
def test_a_check_that_could_not_be_made_is_refused(name: str, probe: Probe, field: str) -> None:
    assert [(name, field)] == broken(checked(name, probe))


def test_an_app_without_a_port_is_checked_by_a_command_only() -> None:
    worker = replace(WEB, port=None)

    assert [("liveness", "command")] == broken(replace(worker, liveness=Probe(path="/healthz")))
    assert [] == broken(replace(worker, liveness=Probe(command=("check",))))


def test_an_empty_word_of_a_command_is_refused_where_it_is() -> None:
    assert [("arguments", 1)] == broken(replace(WEB, arguments=("--name", "", "x")))
    assert [("readiness", "command", 0)] == broken(replace(WEB, readiness=Probe(command=("",))))


@pytest.mark.parametrize(("seconds", "is_taken"), [(0, False), (1, True), (600, True), (601, False)])
def test_shutting_down_takes_one_second_to_ten_minutes(seconds: int, is_taken: bool) -> None:
    assert is_taken == ([] == broken(replace(WEB, shutdown_seconds=seconds)))


@pytest.mark.parametrize(
    ("autoscaling", "fields"),
    [
        (Autoscaling(1, 1), []),
        (Autoscaling(50, 50, 200, 200), []),
        (Autoscaling(0, 1), ["min_replicas"]),
        (Autoscaling(3, 2), ["max_replicas"]),
        (Autoscaling(1, 51), ["max_replicas"]),
        (Autoscaling(51, 50), ["min_replicas", "max_replicas"]),
        (Autoscaling(1, 2, 0), ["cpu_percent"]),
        (Autoscaling(1, 2, 201), ["cpu_percent"]),
        (Autoscaling(1, 2, 70, 0), ["memory_percent"]),
        (Autoscaling(1, 2, 70, 201), ["memory_percent"]),
    ],
)
def test_bounds_and_percentages_of_autoscaling_are_refused_each_on_its_field(
    autoscaling: Autoscaling, fields: list[str]
) -> None:
    assert [("autoscaling", field) for field in fields] == broken(replace(WEB, autoscaling=autoscaling))
