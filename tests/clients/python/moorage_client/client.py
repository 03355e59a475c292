from collections.abc import AsyncIterator
from typing import Any

from .async_base_client import AsyncBaseClient
from .create_namespace import CreateNamespace
from .deploy_workload import DeployWorkload
from .deployment_updated import DeploymentUpdated
from .input_types import CreateNamespaceInput, DeployWorkloadInput, PlanWorkloadInput
from .plan_workload import PlanWorkload
from .viewer import Viewer


def gql(q: str) -> str:
    return q


class MoorageClient(AsyncBaseClient):
    async def viewer(self, **kwargs: Any) -> Viewer:
        query = gql("""
            query Viewer {
              viewer {
                displayName
              }
            }
            """)
        variables: dict[str, object] = {}
        response = await self.execute(
            query=query, operation_name="Viewer", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Viewer.model_validate(data)

    async def create_namespace(
        self, input: CreateNamespaceInput, **kwargs: Any
    ) -> CreateNamespace:
        query = gql("""
            mutation CreateNamespace($input: CreateNamespaceInput!) {
              createNamespace(input: $input) {
                namespace {
                  slug
                }
                errors {
                  ...Failure
                }
              }
            }

            fragment Failure on UserError {
              __typename
              message
              path
              ... on InvalidInputError {
                example
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query, operation_name="CreateNamespace", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return CreateNamespace.model_validate(data)

    async def plan_workload(
        self, input: PlanWorkloadInput, **kwargs: Any
    ) -> PlanWorkload:
        query = gql("""
            mutation PlanWorkload($input: PlanWorkloadInput!) {
              planWorkload(input: $input) {
                plan {
                  id
                  action
                }
                errors {
                  ...Failure
                }
              }
            }

            fragment Failure on UserError {
              __typename
              message
              path
              ... on InvalidInputError {
                example
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query, operation_name="PlanWorkload", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return PlanWorkload.model_validate(data)

    async def deploy_workload(
        self, input: DeployWorkloadInput, **kwargs: Any
    ) -> DeployWorkload:
        query = gql("""
            mutation DeployWorkload($input: DeployWorkloadInput!) {
              deployWorkload(input: $input) {
                revision {
                  number
                }
                errors {
                  ...Failure
                }
              }
            }

            fragment Failure on UserError {
              __typename
              message
              path
              ... on InvalidInputError {
                example
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query, operation_name="DeployWorkload", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return DeployWorkload.model_validate(data)

    async def deployment_updated(
        self, namespace: str, name: str, **kwargs: Any
    ) -> AsyncIterator[DeploymentUpdated]:
        query = gql("""
            subscription DeploymentUpdated($namespace: String!, $name: String!) {
              deploymentUpdated(namespace: $namespace, name: $name) {
                kind
                workload {
                  status {
                    phase
                    readyReplicas
                    desiredReplicas
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {"namespace": namespace, "name": name}
        async for data in self.execute_ws(
            query=query,
            operation_name="DeploymentUpdated",
            variables=variables,
            **kwargs,
        ):
            yield DeploymentUpdated.model_validate(data)
