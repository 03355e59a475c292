import { autoscalingText } from "../../../components/AutoscalingText/autoscalingText";
import { checkText } from "../../../components/CheckText/checkText";
import type { Change } from "../../../components/Changes/Changes";
import { credentialsText, resourcesText } from "../../../components/ResourcesText/resourcesText";
import { volumeText } from "../../../components/VolumeText/volumeText";
import type { Rollback_RevisionFragment } from "../../../gql/graphql";

export type Spec = Rollback_RevisionFragment["spec"];

/** What differs between two descriptions of an app, a field each. Secrets are compared by name: values stay hidden. */
export function specChanges(from: Spec, to: Spec): Change[] {
  const before = fieldsOf(from);
  const after = fieldsOf(to);
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((field) => ({ field, before: before.get(field) ?? null, after: after.get(field) ?? null }))
    .filter((change) => change.before !== change.after);
}

function fieldsOf(spec: Spec): Map<string, string> {
  const { kind, image, port, size, replicas, runAsUser, shutdownSeconds, surge, environment, secrets } = spec;
  const plain = {
    kind,
    image,
    port,
    size,
    resources: spec.resources && resourcesText(spec.resources),
    registryCredentials: spec.registryCredentials && credentialsText(spec.registryCredentials),
    replicas: spec.autoscaling ? null : replicas,
    autoscaling: spec.autoscaling && autoscalingText(spec.autoscaling),
    runAsUser,
    command: spec.command.join(" ") || null,
    arguments: spec.arguments.join(" ") || null,
    readiness: checkText(spec.readiness),
    liveness: checkText(spec.liveness),
    startup: checkText(spec.startup),
    shutdownSeconds,
    surge,
    schedule: spec.schedule && `${spec.schedule.cron}, ${spec.schedule.timeZone}`,
    concurrency: spec.schedule?.concurrency,
    suspended: spec.schedule?.suspended,
    volumes: spec.volumes.map(volumeText).join("; ") || null,
    retries: spec.retries,
    timeLimitSeconds: spec.timeLimitSeconds,
    exposure: spec.exposure,
  };
  return new Map([
    ...Object.entries(plain)
      .filter(([, value]) => value != null)
      .map(([field, value]): [string, string] => [field, String(value)]),
    ...environment.map(({ name, value }): [string, string] => [`environment[${name}]`, value]),
    ...spec.files.map(({ path, content }): [string, string] => [`files[${path}]`, content]),
    ...spec.secretFiles.map(({ path }): [string, string] => [`secretFiles[${path}]`, "(redacted)"]),
    ...secrets.map(({ name }): [string, string] => [`secrets[${name}]`, "(redacted)"]),
  ]);
}
