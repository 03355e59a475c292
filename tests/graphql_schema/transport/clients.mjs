// Has npm's graphql-ws and graphql-sse, the protocols' own clients, ask the server at process.argv[3] the same, and prints
// what their sinks were told, by client and case, as JSON. The packages are in the folder process.argv[2].
import { createRequire } from "node:module";

const [, , packages, host] = process.argv;
const require = createRequire(`${packages}/`);
const ws = require("graphql-ws");
const sse = require("graphql-sse");

const authorization = "Bearer ada";
const clients = {
  "graphql-ws": ws.createClient({
    url: `ws://${host}/graphql`,
    webSocketImpl: globalThis.WebSocket ?? require("ws"),
    connectionParams: { authorization },
    retryAttempts: 0,
  }),
  "graphql-sse": sse.createClient({ url: `http://${host}/graphql`, headers: { authorization }, retryAttempts: 0 }),
};

const cases = {
  query: { query: "{ hello who }" },
  variables: { query: "query ($text: String!) { repeat(text: $text) }", variables: { text: "a\nb" } },
  mutation: { query: 'mutation { write(text: "x") }' },
  subscription: { query: "subscription { count(to: 3) }" },
  selection: { query: "query a { hello } query b { who }", operationName: "b" },
  refused: { query: "{ refused }" },
  unknownField: { query: "{ nowhere }" },
  syntax: { query: "{" },
  broken: { query: "subscription { broken }" },
};

const codes = (errors) => errors?.map((error) => error.extensions?.code);

/** What the sink is told of one operation; with `leaving`, the operation is left at its first value. */
function told(client, payload, leaving = false) {
  return new Promise((resolve) => {
    const heard = [];
    const end = (last) => resolve([...heard, last]);
    const dispose = client.subscribe(payload, {
      next: ({ data, errors }) => {
        heard.push(errors ? ["next", data ?? null, codes(errors)] : ["next", data]);
        if (leaving) dispose();
      },
      error: (reason) => end(["error", Array.isArray(reason) ? codes(reason) : String(reason)]),
      complete: () => end(["complete"]),
    });
  });
}

const results = {};
for (const [name, client] of Object.entries(clients)) {
  results[name] = {};
  for (const [title, payload] of Object.entries(cases)) results[name][title] = await told(client, payload);
  results[name].left = await told(client, { query: "subscription { forever }" }, true);
  results[name].afterwards = await told(client, cases.query);
  await client.dispose();
}
process.stdout.write(JSON.stringify(results));
