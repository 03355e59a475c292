"""What a revision tells about itself, in the form's fields."""

from __future__ import annotations

from dataclasses import replace

from api.manifests.models import (
    Autoscaling,
    ChangeAction,
    ConfigFile,
    EnvironmentVariable,
    FieldChange,
    Probe,
    RegistryCredentials,
    Resources,
    SecretFile,
    WorkloadSize,
    WorkloadSpec,
)
from api.workloads.spec_changes import spec_changes

OLD = WorkloadSpec(
    name="web",
    image="registry.example/web:1",
    port=8080,
    environment=(EnvironmentVariable("KEEP", "1"), EnvironmentVariable("DROP", "1")),
)


def test_every_field_that_differs_is_told_with_both_values() -> None:
    new = replace(
        OLD,
        image="registry.example/web:2",
        port=None,
        size=WorkloadSize.M,
        environment=(EnvironmentVariable("KEEP", "2"), EnvironmentVariable("ADD", "1")),
    )

    changes = spec_changes(OLD, new, old_secrets={}, new_secrets={})

    assert (
        FieldChange("image", ChangeAction.UPDATE, '"registry.example/web:1"', '"registry.example/web:2"'),
        FieldChange("port", ChangeAction.DELETE, "8080", None),
        FieldChange("size", ChangeAction.UPDATE, '"s"', '"m"'),
        FieldChange("environment[KEEP]", ChangeAction.UPDATE, '"1"', '"2"'),
        FieldChange("environment[DROP]", ChangeAction.DELETE, '"1"', None),
        FieldChange("environment[ADD]", ChangeAction.CREATE, None, '"1"'),
    ) == changes


def test_a_secret_is_told_as_changed_and_its_value_nowhere() -> None:
    changes = spec_changes(
        OLD, OLD, old_secrets={"SAME": "x", "NEW": "canary-a"}, new_secrets={"SAME": "x", "NEW": "canary-b"}
    )

    (change,) = changes
    assert ("secrets[NEW]", ChangeAction.UPDATE) == (change.path, change.action)
    assert "canary" not in repr(change)


def test_a_file_is_told_with_its_content_and_a_secret_one_without() -> None:
    old = replace(OLD, files=(ConfigFile("/a", "1"),), secret_files=(SecretFile("/b"),))
    new = replace(old, files=(ConfigFile("/a", "2"),))

    changes = spec_changes(old, new, old_secrets={"/b": "canary-a"}, new_secrets={"/b": "canary-b"})

    assert [("files[/a]", '"1"', '"2"'), ("secret_files[/b]", '"(redacted)"', '"(redacted)"')] == [
        (change.path, change.before, change.after) for change in changes
    ]


def test_a_new_password_is_told_and_not_shown() -> None:
    old = replace(OLD, registry_credentials=RegistryCredentials("ada"))
    name = "registry:registry.example:ada"

    (change,) = spec_changes(old, old, old_secrets={name: "canary-a"}, new_secrets={name: "canary-b"})

    assert ("registry_credentials.password", ChangeAction.UPDATE) == (change.path, change.action)
    assert "canary" not in repr(change)


def test_a_size_that_gives_way_to_own_resources_is_told_as_both() -> None:
    new = replace(OLD, size=None, resources=Resources(50, 100, 64, 128))

    told = {each.path: each.after for each in spec_changes(OLD, new, old_secrets={}, new_secrets={})}

    assert {"size": None, "resources.memory_limit_mib": "128"}.items() <= told.items()


def test_the_first_revision_is_all_new() -> None:
    changes = spec_changes(None, OLD, old_secrets={}, new_secrets={})

    assert {ChangeAction.CREATE} == {change.action for change in changes}
    assert "image" in {change.path for change in changes}


def test_what_is_the_same_is_not_told() -> None:
    assert () == spec_changes(OLD, OLD, old_secrets={"A": "1"}, new_secrets={"A": "1"})


def test_a_check_is_told_by_each_of_its_fields() -> None:
    new = replace(OLD, readiness=Probe(path="/healthz"), liveness=Probe(command=("check",)))
    changed = replace(new, readiness=Probe(path="/ready"), liveness=None)

    changes = spec_changes(new, changed, old_secrets={}, new_secrets={})

    told = {change.path: (change.before, change.after) for change in changes}
    assert ('"/healthz"', '"/ready"') == told["readiness.path"]
    assert ('["check"]', None) == told["liveness.command"]
    assert "readiness.period_seconds" not in told


def test_a_number_of_replicas_that_autoscaling_chooses_is_not_told() -> None:
    """It says nothing as long as autoscaling is on."""
    scaled = replace(OLD, autoscaling=Autoscaling(2, 6))

    on, off = changed(OLD, scaled), changed(scaled, OLD)

    assert ["replicas", "autoscaling.min_replicas", "autoscaling.max_replicas", "autoscaling.cpu_percent"] == list(on)
    assert (ChangeAction.DELETE, ChangeAction.CREATE) == (on["replicas"], off["replicas"])
    assert {} == changed(scaled, replace(scaled, replicas=1))


def changed(old: WorkloadSpec, new: WorkloadSpec) -> dict[str, ChangeAction]:
    return {each.path: each.action for each in spec_changes(old, new, old_secrets={}, new_secrets={})}
