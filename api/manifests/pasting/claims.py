"""The disks of a workload of Kubernetes: claims that a StatefulSet makes, and those that its pods name."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.manifests.pasting.disks import Claim, Disks
from api.manifests.pasting.documents import mapping, mappings, name_of
from api.manifests.pasting.gathering import Gathering, quantity

KIND = "PersistentVolumeClaim"
_GIBIBYTE = 1024**3


class Claims:
    """The PersistentVolumeClaims among the objects."""

    def __init__(self, objects: Sequence[Mapping[str, Any]]) -> None:
        self._claims = {name_of(each): each for each in objects if each.get("kind") == KIND}
        self._used: set[str] = set()

    def take(self, volume: str, name: str) -> Claim:
        """What the claim of that name asks for, for a pod's `volume`; where it was not pasted, nothing is known."""
        self._used.add(name)
        return _claim(volume, self._claims.get(name, {}))

    def is_used(self, document: Mapping[str, Any]) -> bool:
        """Whether the object is a claim that was taken."""
        return document.get("kind") == KIND and name_of(document) in self._used

    def read(
        self,
        gathered: Gathering,
        spec: Mapping[str, Any],
        pod: Mapping[str, Any],
        container: Mapping[str, Any],
        *,
        where: str,
    ) -> frozenset[str]:
        """Put the disks that the container at `where` mounts, and those that the workload's `spec` makes, into the
        field of volumes; the names of those that were taken."""
        disks = Disks(gathered)
        templates = {name_of(each): _claim(name_of(each), each) for each in mappings(spec.get("volumeClaimTemplates"))}
        named = dict(_named(pod))
        for mount in mappings(container.get("volumeMounts")):
            name, path = str(mount.get("name")), str(mount.get("mountPath", ""))
            claim = templates.get(name) or (self.take(name, named[name]) if name in named else None)
            if claim is None:
                continue
            what = f"{where}.volumeMounts[{name}]"
            disks.add(what, claim, path, read_only=mount.get("readOnly") is True, is_filled=name not in templates)
            if "subPath" in mount:
                gathered.leave_out(f"{what}.subPath", "A volume is mounted whole.")
        for name, claim in templates.items():
            if not disks.has(name):
                disks.add(f"spec.volumeClaimTemplates[{name}]", claim, "", is_filled=False)
        return frozenset(name for name in (*templates, *named) if disks.has(name))


def _named(pod: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The pod's volumes that are claims, with the names of these."""
    for volume in mappings(pod.get("volumes")):
        if claim := mapping(volume.get("persistentVolumeClaim")).get("claimName"):
            yield str(volume.get("name")), str(claim)


def _claim(name: str, document: Mapping[str, Any]) -> Claim:
    """What a claim, or a template of one, asks for."""
    spec = mapping(document.get("spec"))
    storage_class = spec.get("storageClassName")
    size = _gib(mapping(mapping(spec.get("resources")).get("requests")).get("storage"))
    return Claim(name, size, str(storage_class) if storage_class else None)


def _gib(storage: object) -> int | None:
    """Rounded up to whole GiB; None for what cannot be read."""
    amount = quantity(str(storage))
    return max(1, math.ceil(amount / _GIBIBYTE)) if amount is not None else None
