import { expect, test } from "vitest";

import { makeFragmentData } from "../../gql";
import { FormCheckFragmentDoc, FormValues_WorkloadFragmentDoc } from "../../gql/graphql";
import { asked, NEW_APP, toInput, valuesOf, variable, withFix } from "./values";

const WEB_FIELDS = ["exposure", "port", "replicas", "surge", "startup", "liveness", "readiness"];
const READINESS = { path: "/healthz", command: [], delaySeconds: 0, periodSeconds: 10, timeoutSeconds: 2, failures: 3 };
const WORKLOAD = makeFragmentData(
  {
    id: "Workload:1",
    name: "engine",
    spec: {
      kind: "WEB_SERVICE",
      image: "ghcr.io/ada/engine:1",
      port: 8080,
      size: "M",
      replicas: 3,
      runAsUser: 1000,
      environment: [{ name: "LOG_LEVEL", value: "info" }],
      secrets: [{ name: "DATABASE_PASSWORD" }],
      command: ["/app/serve"],
      arguments: [],
      startup: null,
      liveness: null,
      readiness: makeFragmentData(READINESS, FormCheckFragmentDoc),
      shutdownSeconds: 60,
      surge: true,
      volumes: [],
      schedule: null,
      retries: 3,
      timeLimitSeconds: null,
      exposure: "PRIVATE",
    },
  },
  FormValues_WorkloadFragmentDoc,
);

test("an app that is opened and sent unchanged is the app that it was, with its secrets kept", () => {
  expect(toInput(asked(valuesOf(WORKLOAD), WEB_FIELDS))).toEqual({
    name: "engine",
    kind: "WEB_SERVICE",
    image: "ghcr.io/ada/engine:1",
    port: 8080,
    size: "M",
    replicas: 3,
    runAsUser: 1000,
    environment: [{ name: "LOG_LEVEL", value: "info" }],
    secrets: [{ name: "DATABASE_PASSWORD", value: null }],
    command: ["/app/serve"],
    arguments: [],
    startup: null,
    liveness: null,
    readiness: READINESS,
    shutdownSeconds: 60,
    surge: true,
    volumes: [],
    schedule: null,
    retries: 3,
    timeLimitSeconds: null,
    exposure: "PRIVATE",
  });
});

test("a secret that was given a value is sent with it, an empty one too", () => {
  const secrets = [variable("TOKEN", "s3cret"), variable("EMPTY", "")];

  expect(toInput({ ...NEW_APP, secrets }).secrets).toEqual([
    { name: "TOKEN", value: "s3cret" },
    { name: "EMPTY", value: "" },
  ]);
});

test("what tells rows apart while they are edited is not sent", () => {
  const environment = [variable("LOG_LEVEL", "info")];

  expect(toInput({ ...NEW_APP, environment }).environment).toEqual([{ name: "LOG_LEVEL", value: "info" }]);
});

test("a fix puts its value into its field, and leaves the others alone", () => {
  expect(withFix(NEW_APP, ["workload", "runAsUser"], "1000")).toEqual({ ...NEW_APP, runAsUser: 1000 });
});

test.each([[["workload"]], [["namespace"]], [["workload", "hostNetwork"]], [[]]])(
  "a fix of %o, which the form has not, changes nothing",
  (path) => {
    expect(withFix(NEW_APP, path, "1")).toBe(NEW_APP);
  },
);

test("what apps of the kind do not have is not said to the server, and stays in the form", () => {
  const values = { ...NEW_APP, kind: "SCHEDULED_JOB" as const, replicas: 5, timeLimitSeconds: 60 };

  const said = asked(values, ["schedule", "retries", "timeLimitSeconds"]);

  expect(said).toMatchObject({ port: null, replicas: 1, volumes: [], schedule: NEW_APP.schedule, timeLimitSeconds: 60 });
  expect(values.replicas).toBe(5);
});
