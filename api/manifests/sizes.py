"""CPU and memory of each replica: the sizes that are offered, and what an app may ask for by itself."""

from __future__ import annotations

from dataclasses import replace

from api.manifests.models import FieldRule, Resources, SizePreset, WorkloadSize, WorkloadSpec
from api.manifests.quantities import bytes_quantity, cores_quantity

MEBIBYTE = 1024 * 1024
_CPU = range(10, 128_000 + 1)
_MEMORY = range(16, 1024 * 1024 + 1)
"""With less the container runtime itself does not start; more is more than a machine has."""


def _preset(size: WorkloadSize, millicores: int, mebibytes: int) -> SizePreset:
    return SizePreset(size, Resources(millicores // 2, millicores, mebibytes // 2, mebibytes))


PRESETS: tuple[SizePreset, ...] = (
    _preset(WorkloadSize.S, 250, 256),
    _preset(WorkloadSize.M, 500, 512),
    _preset(WorkloadSize.L, 1000, 1024),
    _preset(WorkloadSize.XL, 2000, 4096),
)
"""The sizes, smallest first."""


def _amount(field: str, bounds: range, what: str, *, example: str) -> tuple[FieldRule, FieldRule]:
    """The rules of what is set aside, and of the most that may be used."""
    least, most = bounds[0], bounds[-1]
    return (
        FieldRule(
            field=f"resources.{field.format('request')}",
            required=True,
            minimum=least,
            maximum=most,
            at_most=field.format("limit"),
            message=f"{least} to {most} {what} can be set aside for each pod, and no more than it may use.",
            example=example,
        ),
        FieldRule(
            field=f"resources.{field.format('limit')}",
            required=True,
            minimum=least,
            maximum=most,
            message=f"A pod may use {least} to {most} {what}.",
            example=example,
        ),
    )


RULES: tuple[FieldRule, ...] = (
    *_amount("cpu_{}_millicores", _CPU, "thousandths of a core", example="500"),
    *_amount("memory_{}_mib", _MEMORY, "MiB of memory", example="512"),
)


def preset(size: WorkloadSize) -> Resources:
    """What a size means."""
    return next(each.resources for each in PRESETS if each.size is size)


def resources_of(spec: WorkloadSpec) -> Resources:
    """What each replica of `spec` may use; ValueError for a spec that says nothing of it, which breaks the rules."""
    if spec.resources is not None:
        return spec.resources
    if spec.size is None:
        raise ValueError("an app without size and resources does not pass the rules")
    return preset(spec.size)


def quantities_of(resources: Resources) -> dict[str, dict[str, str]]:
    """As Kubernetes writes them: `requests` and `limits`."""
    return {
        "requests": _quantities(resources.cpu_request_millicores, resources.memory_request_mib),
        "limits": _quantities(resources.cpu_limit_millicores, resources.memory_limit_mib),
    }


def _quantities(millicores: int, mebibytes: int) -> dict[str, str]:
    return {"cpu": cores_quantity(millicores / 1000), "memory": bytes_quantity(mebibytes * MEBIBYTE)}


def size_field(spec: WorkloadSpec) -> str:
    """The field of the form that says what each replica of `spec` may use."""
    return "size" if spec.resources is None else "resources"


def larger_size(size: WorkloadSize) -> WorkloadSize | None:
    """The next one up; None for the largest."""
    sizes = [each.size for each in PRESETS]
    return next(iter(sizes[sizes.index(size) + 1 :]), None)


def with_twice_the_memory(resources: Resources) -> Resources | None:
    """The same CPU with twice the memory; None where that is more than an app may ask for."""
    request, limit = 2 * resources.memory_request_mib, 2 * resources.memory_limit_mib
    return replace(resources, memory_request_mib=request, memory_limit_mib=limit) if limit in _MEMORY else None
