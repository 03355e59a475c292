import { graphql } from "../../../gql";
import type { PastedWorkloadQuery } from "../../../gql/graphql";
import { checkOf, NEW_APP, variable, type Values } from "../values";

export const PastedWorkload = graphql(`
  query PastedWorkload($text: String!) {
    pastedWorkload(text: $text) {
      workload {
        source
        name
        image
        port
        size
        replicas
        environment {
          name
          value
        }
        secrets {
          name
          value
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

export type Pasted = NonNullable<PastedWorkloadQuery["pastedWorkload"]["workload"]>;

/** The form as the text has it. What the text does not speak of is as in an empty form, but for the port: it has none. */
export function valuesOfPasted(pasted: Pasted): Values {
  return {
    ...NEW_APP,
    name: pasted.name ?? "",
    image: pasted.image ?? "",
    port: pasted.port ?? null,
    size: pasted.size ?? NEW_APP.size,
    replicas: pasted.replicas ?? NEW_APP.replicas,
    runAsUser: pasted.runAsUser ?? null,
    environment: pasted.environment.map(({ name, value }) => variable(name, value)),
    secrets: pasted.secrets.map(({ name, value }) => variable(name, value)),
    command: pasted.command,
    arguments: pasted.arguments,
    startup: checkOf(pasted.startup),
    liveness: checkOf(pasted.liveness),
    readiness: checkOf(pasted.readiness),
    shutdownSeconds: pasted.shutdownSeconds ?? NEW_APP.shutdownSeconds,
  };
}

/** What is told of a text that filled the form. */
export interface Report {
  source: Pasted["source"];
  hasPort: boolean;
  /** Names alone: the form is the one place that has the values. */
  secretNames: readonly string[];
  leftOut: Pasted["leftOut"];
}

export function reportOf({ source, port, secrets, leftOut }: Pasted): Report {
  return { source, hasPort: port != null, secretNames: secrets.map(({ name }) => name), leftOut };
}
