"""What is on record of apps, as objects of the cluster: secrets included, which never leave the server."""

from __future__ import annotations

from uuid import UUID

from api.database.database import Database
from api.manifests.builder import build
from api.manifests.models import ExposureMode
from api.namespaces.models import Namespace
from api.workloads.applying import Object
from api.workloads.offers import ExposureOffers
from api.workloads.records import WorkloadRecord
from api.workloads.revisions import RevisionRepository
from api.workloads.sealing import SecretSeal


class Recorded:
    """Reads revisions back as what they come to under today's settings."""

    def __init__(self, database: Database, seal: SecretSeal, offers: ExposureOffers) -> None:
        self._database = database
        self._seal = seal
        self._offers = offers

    def can_expose(self, record: WorkloadRecord) -> bool:
        """Whether what the app asks for of exposure can be had just now; so where it asks for none."""
        mode = record.spec.exposure
        return mode is ExposureMode.NONE or self._offers.profile(mode) is not None

    async def objects_of(self, namespace: Namespace, record: WorkloadRecord) -> list[Object]:
        """The objects of the revision that counts, secrets included."""
        return build(
            record.spec,
            namespace=namespace.slug,
            workload_id=record.id,
            revision=record.revision or 1,
            template_revision=record.template_revision,
            secret_values=await self.secret_values(namespace.id, record.revision_id),
            exposure=self._offers.profile(record.spec.exposure),
        )

    async def secret_values(self, namespace_id: UUID, revision_id: UUID) -> dict[str, str]:
        """The secret values of a revision. For building manifests only: they never leave the server."""
        async with self._database.autocommit() as session:
            sealed = await RevisionRepository(session).sealed_secrets(revision_id)
        return self._seal.unseal(sealed, namespace_id=namespace_id, row_id=revision_id)
