import { CombinedError } from "urql";

/** A failure as a page tells it. */
export interface Failure {
  code: string;
  title: string;
  message: string;
}

const TITLES: Record<string, string> = {
  UNAUTHENTICATED: "You are signed out",
  FORBIDDEN: "That is not yours to see",
  NOT_FOUND: "There is nothing here",
  UNAVAILABLE: "A part of the platform does not answer",
  RATE_LIMITED: "Too many requests",
  OFFLINE: "The server does not answer",
};
const UNKNOWN = "Something went wrong";

/** What to tell of `error`, by the `extensions.code` of the first GraphQL error in it. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CombinedError) return failureOfRequest(error);
  return { code: "BROKEN", title: "This page broke", message: "Reload it. If that does not help, tell your administrator." };
}

function failureOfRequest(error: CombinedError): Failure {
  const [first] = error.graphQLErrors;
  if (!first) {
    return failure("OFFLINE", "Check your connection; nothing that you typed is lost. Then try again.");
  }
  const code = first.extensions["code"];
  return failure(typeof code === "string" ? code : "UNKNOWN", first.message);
}

function failure(code: string, message: string): Failure {
  return { code, title: TITLES[code] ?? UNKNOWN, message };
}
