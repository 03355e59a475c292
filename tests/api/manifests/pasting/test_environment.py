"""Variables that are kept in ConfigMaps and Secrets which are pasted with their workload."""

from __future__ import annotations

from api.manifests.models import EnvironmentVariable, SecretVariable
from api.manifests.pasting.reading import read

OBJECTS = """
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {LOG_LEVEL: info, GREETING: hello, API_TOKEN: canary-1, not.a.name: x}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: one}
data: {level: debug, other: untouched}
---
apiVersion: v1
kind: Secret
metadata: {name: keys}
data: {PIN: Y2FuYXJ5LTI=, blob: /w==}
stringData: {USER: canary-3}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: web
        image: web:1
        env:
        - {name: GREETING, value: "good morning"}
        - {name: LEVEL, valueFrom: {configMapKeyRef: {name: one, key: level}}}
        - {name: LOGIN, valueFrom: {secretKeyRef: {name: keys, key: USER}}}
        - {name: ABSENT, valueFrom: {configMapKeyRef: {name: one, key: absent}}}
        - {name: BLOB, valueFrom: {secretKeyRef: {name: keys, key: blob}}}
        - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
        - {name: ELSEWHERE, valueFrom: {secretKeyRef: {name: elsewhere, key: a}}}
        envFrom:
        - {configMapRef: {name: settings}}
        - {secretRef: {name: keys}, prefix: DB_}
        - {configMapRef: {name: nowhere, optional: true}}
"""
CONTAINER = "spec.template.spec.containers[web]"


def test_what_a_pasted_config_map_holds_becomes_variables() -> None:
    pasted = read(OBJECTS)

    assert {
        EnvironmentVariable("LOG_LEVEL", "info"),
        EnvironmentVariable("GREETING", "good morning"),
        EnvironmentVariable("LEVEL", "debug"),
    } == set(pasted.environment)


def test_what_a_pasted_secret_holds_becomes_secrets_whatever_its_name() -> None:
    pasted = read(OBJECTS)

    assert {
        SecretVariable("API_TOKEN", "canary-1"),
        SecretVariable("DB_PIN", "canary-2"),
        SecretVariable("DB_USER", "canary-3"),
        SecretVariable("LOGIN", "canary-3"),
    } == set(pasted.secrets)


def test_what_was_taken_from_where_is_told_without_values() -> None:
    pasted = read(OBJECTS)

    assert {
        f"{CONTAINER}.envFrom[settings]": "What the ConfigMap settings holds is taken over: LOG_LEVEL, "
        "GREETING, API_TOKEN.",
        f"{CONTAINER}.envFrom[keys]": "What the Secret keys holds is taken over: DB_PIN, DB_USER.",
        f"{CONTAINER}.env[LEVEL]": "Its value is taken from the key level of the ConfigMap one.",
        f"{CONTAINER}.env[LOGIN]": "Its value is taken from the key USER of the Secret keys.",
    } == {each.what: each.message for each in pasted.notes}
    assert "canary" not in str((pasted.notes, pasted.left_out))


def test_what_was_not_pasted_or_is_no_text_is_left_out_with_its_reason() -> None:
    reasons = {each.what.removeprefix(f"{CONTAINER}."): each.why for each in read(OBJECTS).left_out}

    assert {
        "envFrom[settings].not.a.name",
        "envFrom[keys].blob",
        "envFrom[nowhere]",
        "env[ABSENT]",
        "env[BLOB]",
        "env[NODE]",
        "env[ELSEWHERE]",
    } == reasons.keys()
    assert "The ConfigMap nowhere is not in what was pasted" in reasons["envFrom[nowhere]"]
    assert "has no text under the key absent" in reasons["env[ABSENT]"]
    assert "has no text under the key blob" in reasons["env[BLOB]"]
    assert "It is no text" in reasons["envFrom[keys].blob"]
    assert "when a pod starts" in reasons["env[NODE]"]
    assert "The Secret elsewhere is not in what was pasted" in reasons["env[ELSEWHERE]"]


def test_an_object_of_another_namespace_is_none_of_the_workload_s() -> None:
    pasted = read("""
apiVersion: v1
kind: Secret
metadata: {name: db, namespace: prod}
stringData: {USER: right}
---
apiVersion: v1
kind: Secret
metadata: {name: db, namespace: staging}
stringData: {USER: wrong}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: prod}
spec: {template: {spec: {containers: [{name: web, image: "web:1", envFrom: [{secretRef: {name: db}}]}]}}}
""")

    assert [SecretVariable("USER", "right")] == list(pasted.secrets)
    assert ["Secret db"] == [each.what for each in pasted.left_out]


def test_env_goes_before_a_secret_of_env_from_and_a_later_source_before_an_earlier_one() -> None:
    pasted = read("""
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data: {FIRST: a, SECOND: a}
---
apiVersion: v1
kind: Secret
metadata: {name: b}
stringData: {SECOND: b, THIRD: b}
---
apiVersion: v1
kind: Pod
spec:
  containers:
  - image: x
    env: [{name: THIRD, value: c}]
    envFrom: [{configMapRef: {name: a}}, {secretRef: {name: b}}]
""")

    assert {EnvironmentVariable("FIRST", "a"), EnvironmentVariable("THIRD", "c")} == set(pasted.environment)
    assert (SecretVariable("SECOND", "b"),) == pasted.secrets
