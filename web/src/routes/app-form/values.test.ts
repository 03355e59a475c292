import { expect, test } from "vitest";

import { makeFragmentData } from "../../gql";
import { FormCheckFragmentDoc, FormValues_WorkloadFragmentDoc } from "../../gql/graphql";
import { asked, NEW_APP, toInput, valuesOf, variable, withFix } from "./values";

const WEB_FIELDS = ["exposure", "port", "replicas", "autoscaling", "surge", "startup", "liveness", "readiness"];
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
      resources: null,
      files: [{ path: "/etc/a.conf", content: "a = 1\n" }],
      secretFiles: [{ path: "/etc/key" }],
      registryCredentials: { server: null, username: "ada" },
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
      autoscaling: null,
      exposure: "PRIVATE",
    },
    status: { desiredReplicas: 3 },
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
    resources: null,
    files: [{ path: "/etc/a.conf", content: "a = 1\n" }],
    secretFiles: [{ path: "/etc/key", content: null }],
    registryCredentials: { server: null, username: "ada", password: null },
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
    autoscaling: null,
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

test("a fix may be about a field below another", () => {
  const autoscaling = { minReplicas: 1, maxReplicas: 9, cpuPercent: 70, memoryPercent: null };

  const fixed = withFix({ ...NEW_APP, autoscaling }, ["workload", "autoscaling", "maxReplicas"], "4");

  expect(fixed.autoscaling).toEqual({ ...autoscaling, maxReplicas: 4 });
});

test.each([[["workload", "autoscaling", "maxReplicas"]], [["workload"]], [["namespace"]], [["workload", "hostNetwork"]], [[]]])(
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

test("own resources are sent in place of a size", () => {
  const resources = { cpuRequestMillicores: 50, cpuLimitMillicores: 100, memoryRequestMib: 64, memoryLimitMib: 96 };

  expect(toInput({ ...NEW_APP, size: "M", resources })).toMatchObject({ size: null, resources });
});

test("a fix of the size is put in place of own resources, and one of the resources in place of the size", () => {
  const resources = { cpuRequestMillicores: 50, cpuLimitMillicores: 100, memoryRequestMib: 64, memoryLimitMib: 96 };

  expect(toInput(withFix({ ...NEW_APP, resources }, ["workload", "size"], '"L"'))).toMatchObject({
    size: "L",
    resources: null,
  });
  expect(toInput(withFix(NEW_APP, ["workload", "resources"], JSON.stringify(resources)))).toMatchObject({
    size: null,
    resources,
  });
});
