import { render, screen, waitFor } from "@testing-library/react";
import { Client, fetchExchange, gql, Provider, type TypedDocumentNode } from "urql";
import { expect, test, vi } from "vitest";

import { Server } from "../test/server";
import { usePageQuery } from "./usePageQuery";

const Viewer: TypedDocumentNode<{ viewer: { displayName: string } }, Record<string, never>> = gql`
  query Viewer {
    viewer {
      displayName
    }
  }
`;

function Name() {
  const data = usePageQuery({ query: Viewer, variables: {}, everyMs: 5 });
  return <p>{data ? data.viewer.displayName : "loading"}</p>;
}

test("a page keeps what it showed while asking again fails, and shows what is new once it does not", async () => {
  let name = "Ada";
  const server = new Server({ viewer: () => ({ displayName: name }) }).start();
  const asking = vi.spyOn(globalThis, "fetch");
  const client = new Client({ url: "/graphql", preferGetMethod: false, exchanges: [fetchExchange] });
  render(
    <Provider value={client}>
      <Name />
    </Provider>,
  );
  await screen.findByText("Ada");

  server.isReachable = false;
  asking.mockClear();
  await waitFor(() => {
    expect(asking.mock.calls.length).toBeGreaterThan(3);
  });
  expect(screen.getByText("Ada")).toBeDefined();

  name = "Grace";
  server.isReachable = true;
  expect(await screen.findByText("Grace")).toBeDefined();
});
