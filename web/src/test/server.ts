import { readFileSync } from "node:fs";

import { act } from "@testing-library/react";
import { buildSchema, execute, GraphQLError, parse, validate, type ExecutionResult } from "graphql";
import { MessageType } from "graphql-ws";
import { vi } from "vitest";

import type { Problem, SessionUser } from "../session/api";
import { SocketServer } from "./socket";

// Every request is checked against it, and every answer has its shape.
export const schema = buildSchema(readFileSync("../graphql_schema/schema.graphql", "utf-8"));

/** The schema's root fields, of all three kinds: values, or functions of a field's arguments. */
export type Graph = Record<string, unknown>;

export interface GraphRequest {
  query: string;
  variables?: Record<string, unknown> | null | undefined;
}

interface AuthRequest {
  action: string;
  body: unknown;
}

/** The server as a page sees it over the wire: `/graphql` over HTTP and WebSocket, and `/auth/*`. */
export class Server {
  graph: Graph;
  user: SessionUser | null = null;
  /** Why the next log-in or registration is refused; null: it makes `newcomer` the user. */
  problem: Problem | null = null;
  newcomer: SessionUser | null = null;
  isReachable = true;
  readonly sockets = new SocketServer();
  readonly authRequests: AuthRequest[] = [];
  readonly #requests: GraphRequest[] = [];

  constructor(graph: Graph = {}) {
    this.graph = { cluster: { isDemo: false, reachable: true, message: null }, ...graph };
  }

  start(): this {
    this.sockets.start();
    vi.stubGlobal("fetch", (url: string, init?: RequestInit) => this.#fetch(new URL(url, window.location.href), init));
    return this;
  }

  /** The variables of each request over HTTP for the operation so named, in order. */
  asked(operationName: string): Record<string, unknown>[] {
    const named = new RegExp(`\\b(query|mutation) ${operationName}\\b`);
    return this.#requests.filter(({ query }) => named.test(query)).map(({ variables }) => variables ?? {});
  }

  /** Sends `value` of a field of Subscription to those who subscribe to it, once somebody does. */
  async publish(field: string, value: unknown): Promise<void> {
    const { socket, subscriptions } = await vi.waitFor(() => this.#subscribed(field), { timeout: 5_000 });
    for (const { id, payload } of subscriptions) {
      const answer = await answerTo(payload, { [field]: value });
      await act(async () => {
        socket.receive({ type: MessageType.Next, id, payload: answer as never });
        await Promise.resolve();
      });
    }
  }

  /** Ends the subscriptions to a field of Subscription with an error, once there are some. */
  async refuse(field: string, code: string): Promise<void> {
    const { socket, subscriptions } = await vi.waitFor(() => this.#subscribed(field), { timeout: 5_000 });
    for (const { id } of subscriptions) {
      const payload = [{ message: "So says the server.", extensions: { code } }];
      await act(async () => {
        socket.receive({ type: MessageType.Error, id, payload });
        await Promise.resolve();
      });
    }
  }

  #subscribed(field: string) {
    const socket = this.sockets.latest;
    const subscriptions = socket.subscriptions.filter(({ payload }) => payload.query.includes(`${field}(`));
    if (subscriptions.length === 0) throw new Error(`Nothing is subscribed to ${field}.`);
    return { socket, subscriptions };
  }

  async #fetch({ pathname }: URL, init?: RequestInit): Promise<Response> {
    if (!this.isReachable) throw new TypeError("Failed to fetch");
    const body = init?.body ? (JSON.parse(init.body as string) as unknown) : null;
    if (pathname === "/graphql") return this.#answerGraph(body as GraphRequest);
    if (pathname === "/auth/session") return Response.json({ user: this.user });
    return this.#answerAuth(pathname.replace("/auth/", ""), body);
  }

  async #answerGraph(request: GraphRequest): Promise<Response> {
    this.#requests.push(request);
    return Response.json(await answerTo(request, this.graph));
  }

  #answerAuth(action: string, body: unknown): Response {
    this.authRequests.push({ action, body });
    if (this.problem) {
      const headers = { "Content-Type": "application/problem+json" };
      return new Response(JSON.stringify(this.problem), { status: 422, headers });
    }
    this.user = action === "logout" ? null : this.newcomer;
    return new Response(null, { status: 204 });
  }
}

async function answerTo({ query, variables }: GraphRequest, rootValue: Graph): Promise<ExecutionResult> {
  const document = parse(query);
  const errors = validate(schema, document);
  return errors.length > 0 ? { errors } : execute({ schema, document, rootValue, variableValues: variables });
}

/** An error as the server tells it, for a field to throw. */
export function graphError(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}
