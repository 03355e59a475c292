import { graphql } from "../../../gql";
import type { PastedWorkloadQuery } from "../../../gql/graphql";
import { autoscalingOf } from "../autoscalingValues";
import { credentialsOf, file } from "../contents";
import { resourcesOf } from "../resources";
import { checkOf, NEW_APP, scheduleOf, variable, volumeOf, type Values } from "../values";

export const PastedWorkload = graphql(`
  query PastedWorkload($text: String!) {
    pastedWorkload(text: $text) {
      workload {
        source
        kind
        name
        image
        port
        size
        resources {
          cpuRequestMillicores
          cpuLimitMillicores
          memoryRequestMib
          memoryLimitMib
        }
        replicas
        environment {
          name
          value
        }
        secrets {
          name
          value
        }
        files {
          path
          content
        }
        secretFiles {
          path
          content
        }
        registryCredentials {
          server
          username
          password
        }
        runAsUser
        command
        arguments
        startup {
          ...FormCheck
        }
        liveness {
          ...FormCheck
        }
        readiness {
          ...FormCheck
        }
        shutdownSeconds
        volumes {
          name
          path
          sizeGib
          storageClass
        }
        schedule {
          cron
          timeZone
          concurrency
          suspended
        }
        retries
        timeLimitSeconds
        autoscaling {
          minReplicas
          maxReplicas
          cpuPercent
          memoryPercent
        }
        notes {
          what
          message
        }
        leftOut {
          what
          why
        }
      }
      errors {
        message
        ... on InvalidInputError {
          example
        }
      }
    }
  }
`);

export type Pasted = NonNullable<NonNullable<PastedWorkloadQuery["pastedWorkload"]>["workload"]>;

/** The form as the text has it. What the text does not speak of is as in an empty form, but for the port: it has none. */
export function valuesOfPasted(pasted: Pasted): Values {
  return {
    ...NEW_APP,
    kind: pasted.kind ?? NEW_APP.kind,
    name: pasted.name ?? "",
    image: pasted.image ?? "",
    port: pasted.port ?? null,
    size: pasted.size ?? NEW_APP.size,
    resources: resourcesOf(pasted.resources),
    replicas: pasted.replicas ?? NEW_APP.replicas,
    runAsUser: pasted.runAsUser ?? null,
    environment: pasted.environment.map(({ name, value }) => variable(name, value)),
    secrets: pasted.secrets.map(({ name, value }) => variable(name, value)),
    files: pasted.files.map(({ path, content }) => file(path, content)),
    secretFiles: pasted.secretFiles.map(({ path, content }) => file(path, content)),
    registryCredentials: credentialsOf(pasted.registryCredentials, pasted.registryCredentials?.password ?? ""),
    command: pasted.command,
    arguments: pasted.arguments,
    startup: checkOf(pasted.startup),
    liveness: checkOf(pasted.liveness),
    readiness: checkOf(pasted.readiness),
    shutdownSeconds: pasted.shutdownSeconds ?? NEW_APP.shutdownSeconds,
    volumes: pasted.volumes.length > 0 ? pasted.volumes.map(volumeOf) : NEW_APP.volumes,
    schedule: pasted.schedule ? scheduleOf(pasted.schedule) : NEW_APP.schedule,
    retries: pasted.retries ?? NEW_APP.retries,
    timeLimitSeconds: pasted.timeLimitSeconds ?? null,
    autoscaling: autoscalingOf(pasted.autoscaling),
  };
}

/** What is told of a text that filled the form. */
export interface Report {
  source: Pasted["source"];
  /** Whether nothing is missing of its port: a job needs none. */
  hasPort: boolean;
  /** Names alone: the form is the one place that has the values. */
  secretNames: readonly string[];
  notes: Pasted["notes"];
  leftOut: Pasted["leftOut"];
}

export function reportOf({ source, kind, port, secrets, notes, leftOut }: Pasted): Report {
  const hasPort = port != null || kind === "JOB" || kind === "SCHEDULED_JOB";
  return { source, hasPort, secretNames: secrets.map(({ name }) => name), notes, leftOut };
}
