/** What an app is given beside its variables: files, and the credentials of its image's registry. */
import type { ConfigFileInput, RegistryCredentialsInput, SecretFileInput } from "../../gql/graphql";

/** A text file in the container. */
export interface FileValues {
  key: string;
  path: string;
  /** null: a secret file keeps the content that it has, which nobody is told. */
  content: string | null;
}

/** Who pulls the image. */
export interface RegistryValues {
  /** Empty: the image's own. */
  server: string;
  username: string;
  /** null: it stays the one that it is, which nobody is told. */
  password: string | null;
}

export const NEW_CREDENTIALS: RegistryValues = { server: "", username: "", password: "" };

export function file(path: string, content: string | null): FileValues {
  return { key: crypto.randomUUID(), path, content };
}

/** Who pulls the image, with the password (null: the one that it has). */
export function credentialsOf(
  shown: { server?: string | null; username: string } | null | undefined,
  password: string | null,
): RegistryValues | null {
  return shown ? { server: shown.server ?? "", username: shown.username, password } : null;
}

/** As the graph takes them. */
export function toFiles(files: readonly FileValues[]): ConfigFileInput[] {
  return files.map(({ path, content }) => ({ path, content: content ?? "" }));
}

/** As the graph takes them: one without content keeps its own. */
export function toSecretFiles(files: readonly FileValues[]): SecretFileInput[] {
  return files.map(({ path, content }) => ({ path, content }));
}

export function toCredentials(credentials: RegistryValues | null): RegistryCredentialsInput | null {
  return credentials && { ...credentials, server: credentials.server || null };
}
