"""By what the objects of one kind are found."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from api.clusters.objects import WORKLOAD_ID, ObjectMeta, Pod, PodSpec
from api.clusters.table import Table

APP = uuid4()


def pod(name: str, label: str) -> Pod:
    meta = ObjectMeta(
        name=name,
        uid=name,
        resource_version="1",
        creation_timestamp=datetime.now(UTC),
        namespace="shop",
        labels={WORKLOAD_ID: label},
    )
    return Pod(metadata=meta, spec=PodSpec())


@pytest.mark.parametrize("workload", [APP, str(APP)], ids=["id", "text"])
def test_what_bears_an_app_s_label_is_found_by_it_while_it_is_there(workload: UUID | str) -> None:
    table: Table[Pod] = Table()
    web = pod("web", str(APP))
    table.put(web)
    before = table.of_workload("shop", workload), table.of_workload("other", workload)
    table.remove(web)

    assert ([web], []) == before
    assert [] == table.of_workload("shop", workload)


@pytest.mark.parametrize("label", [APP.hex, f"{{{APP}}}", str(APP).upper(), "web", ""])
def test_a_label_that_is_written_in_another_way_is_no_app_s(label: str) -> None:
    table: Table[Pod] = Table()
    table.put(pod("web", label))

    assert [] == table.of_workload("shop", APP)
    assert ["web"] == [each.metadata.name for each in table.of_workload("shop", label)]
