// Deploys an app and follows it until it is up, by a client that is generated from the published schema. Prints what it
// was told, as one JSON object. Usage: node deploy.js https://moorage.example NAME, the token in MOORAGE_TOKEN.
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { print } from "graphql";
import { createClient } from "graphql-ws";
import WebSocket from "ws";

import {
  CreateNamespaceDocument,
  DeploymentUpdatedDocument,
  type DeploymentUpdatedSubscription,
  DeployWorkloadDocument,
  type FailureFragment,
  PlanWorkloadDocument,
  ViewerDocument,
} from "./graph/graphql";

interface Answer<Data> {
  data?: Data | null;
  errors?: readonly { message: string; extensions?: { code?: string } }[];
}

/** An error that is no member of a payload: the request as a whole, or a bug. */
class GraphError extends Error {
  constructor(readonly code: string, message: string) {
    super(message);
  }
}

const [, , server = "", name = ""] = process.argv;
const token = process.env["MOORAGE_TOKEN"] ?? "";
const endpoint = new URL("/graphql", server);

async function ask<Data, Variables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  authorization = `Bearer ${token}`,
): Promise<Data> {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/graphql-response+json", Authorization: authorization },
    body: JSON.stringify({ query: print(document), variables }),
  });
  const { data, errors } = (await response.json()) as Answer<Data>;
  const [error] = errors ?? [];
  if (error || !data) throw new GraphError(error?.extensions?.code ?? "UNKNOWN", error?.message ?? "no data");
  return data;
}

/** The updates of an app, over graphql-transport-ws. */
function follow(namespace: string) {
  const socket = createClient({
    url: endpoint.href.replace("http", "ws"),
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
  });
  const variables = { namespace, name };
  return socket.iterate<DeploymentUpdatedSubscription>({ query: print(DeploymentUpdatedDocument), variables });
}

async function untilUp(namespace: string): Promise<string[]> {
  const phases: string[] = [];
  for await (const { data } of follow(namespace)) {
    const phase = data?.deploymentUpdated.workload?.status.phase;
    if (phase && phase !== phases.at(-1)) phases.push(phase);
    if (phase === "READY") break;
  }
  return phases;
}

/** What a typed error has beside its message; the compiler knows which of them has an example. */
function told(errors: readonly FailureFragment[]): { type: string; path: readonly string[]; example: string | null }[] {
  return errors.map((error) => ({
    type: error.__typename,
    path: error.path,
    example: error.__typename === "InvalidInputError" ? error.example ?? null : null,
  }));
}

async function codeOf(failing: Promise<unknown>): Promise<string> {
  try {
    await failing;
    return "none";
  } catch (error) {
    return error instanceof GraphError ? error.code : String(error);
  }
}

async function main(): Promise<void> {
  const { viewer } = await ask(ViewerDocument, {});
  const { createNamespace } = await ask(CreateNamespaceDocument, { input: { name } });
  const namespace = createNamespace?.namespace?.slug ?? "";
  const workload = { name, image: "ghcr.io/ada/engine:1.4", port: 8080, replicas: 2, runAsUser: 1000 };
  const refused = await ask(PlanWorkloadDocument, { input: { namespace, workload: { ...workload, name: "Not_A_Name" } } });
  const { planWorkload } = await ask(PlanWorkloadDocument, { input: { namespace, workload } });
  const planId = planWorkload?.plan?.id ?? "";
  const { deployWorkload } = await ask(DeployWorkloadDocument, { input: { planId, idempotencyKey: `first-${name}` } });
  const phases = await untilUp(namespace);
  const unknown = await codeOf(ask(ViewerDocument, {}, "Bearer mrg_unknown"));
  const report = {
    viewer: viewer?.displayName,
    revision: deployWorkload?.revision?.number,
    phases,
    refused: told(refused.planWorkload?.errors ?? []),
    unknown,
  };
  process.stdout.write(JSON.stringify(report));
}

void main();
