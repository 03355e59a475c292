// Runs graphql-http's audits of the GraphQL over HTTP specification against the server at process.argv[3], and prints
// one JSON array: id, name and status of each, with what was expected. The package is in the folder process.argv[2].
import { createRequire } from "node:module";

const [, , packages, url] = process.argv;
const { auditServer } = createRequire(`${packages}/`)("graphql-http");
const results = await auditServer({ url });
const told = results.map(({ id, name, status, reason }) => ({ id, name, status, reason: reason ?? null }));
process.stdout.write(JSON.stringify(told));
