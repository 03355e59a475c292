"""Files of an app: where each is kept, how it comes into the container, and what is in its way."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import FieldPath
from api.manifests.files import MAX_FILE_LENGTH, MAX_FILES, MAX_FILES_BYTES, key_of
from api.manifests.models import ConfigFile, SecretFile, SecretVariable, WorkloadSpec
from api.manifests.validation import validate
from tests.api.manifests.specs import DATABASE, WEB, bounded, built, container_of, file_paths, pod_of

CONFIGURED = replace(WEB, files=(ConfigFile("/etc/nginx/conf.d/web.conf", "listen 8080;\n"),))
KEYED = replace(
    WEB, secrets=(SecretVariable("TOKEN", "t"),), secret_files=(SecretFile("/etc/ssl/key.pem", "canary-5b0f2c9e"),)
)


def broken(spec: WorkloadSpec) -> list[FieldPath]:
    return [failure.path for failure in validate(spec)]


def at(*paths: str) -> WorkloadSpec:
    return replace(WEB, files=tuple(ConfigFile(path, "") for path in paths))


def test_files_are_in_a_config_map() -> None:
    config_map = built(CONFIGURED)["ConfigMap"]

    assert "web-files" == config_map["metadata"]["name"]
    assert {"etc_nginx_conf.d_web.conf": "listen 8080;\n"} == config_map["data"]


def test_an_app_without_files_has_no_config_map_and_no_volumes() -> None:
    assert "ConfigMap" not in built(WEB)
    assert "volumes" not in pod_of(WEB)
    assert "volumeMounts" not in container_of(WEB)


def test_secret_files_are_in_the_apps_secret_beside_its_variables() -> None:
    data = {key: base64.b64decode(text).decode() for key, text in built(KEYED)["Secret"]["data"].items()}

    assert {"TOKEN": "t", "file.etc_ssl_key.pem": "canary-5b0f2c9e"} == data


def test_each_file_is_mounted_by_itself_to_be_read_only() -> None:
    (mount,) = container_of(CONFIGURED)["volumeMounts"]

    assert {
        "name": "config-files",
        "mountPath": "/etc/nginx/conf.d/web.conf",
        "subPath": "etc_nginx_conf.d_web.conf",
        "readOnly": True,
    } == mount


def test_only_the_apps_own_group_reads_secret_files_and_variables_are_none() -> None:
    pod = pod_of(KEYED)

    (volume,) = pod["volumes"]
    assert 0o440 == volume["secret"]["defaultMode"]
    assert ["file.etc_ssl_key.pem"] == [each["key"] for each in volume["secret"]["items"]]
    assert pod["securityContext"]["fsGroup"]


def test_a_stateful_service_has_its_disks_beside_its_files() -> None:
    spec = replace(DATABASE, files=CONFIGURED.files)

    assert ["data", "config-files"] == [each["name"] for each in pod_of(spec)["volumes"]]
    assert ["/var/lib/data", "/etc/nginx/conf.d/web.conf"] == [
        each["mountPath"] for each in container_of(spec)["volumeMounts"]
    ]


@bounded
@given(st.lists(file_paths, min_size=2, max_size=8, unique=True))
def test_no_two_files_have_one_name(paths: list[str]) -> None:
    assert len(paths) == len({key_of(path) for path in paths})


@pytest.mark.parametrize(("one", "other"), [("/a_b", "/a/b"), ("/a__b", "/a_/b"), ("/" + "a" * 300, "/b" + "a" * 300)])
def test_paths_that_look_alike_have_different_names(one: str, other: str) -> None:
    assert key_of(one) != key_of(other)
    assert max(len(key_of(one)), len(key_of(other))) <= 253


@pytest.mark.parametrize(
    "path", ["/a", "/etc/app.yaml", "/home/app/.env", "/a-b/c_d/E.F", "/develop/x", "/" + "a" * 511]
)
def test_paths_of_files_are_taken(path: str) -> None:
    assert [] == broken(at(path))


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "etc/a",
        "/a/",
        "/a//b",
        "/a/../b",
        "/..data/a",
        "/a/.",
        "/a b",
        "/a:b",
        "/dev/x",
        "/proc",
        "/sys/a/b",
        "/é",
    ],
)
def test_other_paths_are_refused(path: str) -> None:
    assert [("files", 0, "path")] == broken(at(path))


@pytest.mark.parametrize("other", ["/etc/a", "/etc/a/b", "/etc"])
def test_a_file_is_in_the_way_of_another_at_or_below_its_place(other: str) -> None:
    spec = replace(at("/etc/a"), secret_files=(SecretFile(other, "x"),))

    assert [("secret_files", 0, "path")] == broken(spec)


def test_neighbours_are_in_nobodys_way() -> None:
    assert [] == broken(at("/etc/a", "/etc/ab", "/etc/b"))


@pytest.mark.parametrize("path", ["/var/lib/data", "/var/lib", "/var/lib/data/app.conf"])
def test_a_file_and_a_volume_are_not_in_one_place(path: str) -> None:
    spec = replace(DATABASE, files=(ConfigFile(path, ""),))

    (failure,) = validate(spec)

    assert ("files", 0, "path") == failure.path
    assert "The volume data is mounted at /var/lib/data" in failure.message


def test_an_app_has_so_many_files_and_not_one_more() -> None:
    paths = [f"/f{number}" for number in range(MAX_FILES + 1)]

    assert [] == broken(at(*paths[:-1]))
    assert [("files",)] == broken(at(*paths))


def test_a_file_has_so_many_characters_and_not_one_more() -> None:
    full = "x" * MAX_FILE_LENGTH

    assert [] == broken(replace(WEB, files=(ConfigFile("/a", full),)))
    assert [("files", 0, "content")] == broken(replace(WEB, files=(ConfigFile("/a", full + "x"),)))


def test_files_have_so_many_bytes_together_and_not_one_more() -> None:
    half = MAX_FILES_BYTES // 2
    full = (SecretFile("/a", "x" * half), SecretFile("/b", "é" * (half // 2)))

    assert [] == broken(replace(WEB, secret_files=full))
    assert [("secret_files",)] == broken(replace(WEB, secret_files=(*full, SecretFile("/c", "x"))))


def test_a_secret_file_may_be_left_as_it_is() -> None:
    assert [] == broken(replace(WEB, secret_files=(SecretFile("/a"),)))
