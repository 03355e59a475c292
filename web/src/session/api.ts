import { requestHeaders } from "../graph/csrf";

export interface SessionUser {
  id: string;
  email: string;
  displayName: string;
  role: "administrator" | "member";
}

/** Why the server refused (RFC 9457); `field` is the input that it is about. */
export interface Problem {
  code: string;
  message: string;
  field?: string;
}

export interface Credentials {
  email: string;
  password: string;
}

export interface Registration extends Credentials {
  displayName: string;
  adminToken?: string;
}

const SILENT: Problem = { code: "UNAVAILABLE", message: "The server does not answer. Try again in a moment." };

/** Who is signed in; null for nobody. Rejects where the server does not say. */
export async function fetchSession(): Promise<SessionUser | null> {
  const response = await fetch("/auth/session", { credentials: "same-origin" });
  if (response.status === 401) return null;
  if (!response.ok) throw new Error(`/auth/session answered ${response.status}`);
  return ((await response.json()) as { user: SessionUser | null }).user;
}

/** Each gives null where the server did it, else why not. */
export const register = (body: Registration) => post("register", body);
export const logIn = (body: Credentials) => post("login", body);
export const logOut = () => post("logout", {});

async function post(action: string, body: object): Promise<Problem | null> {
  try {
    const response = await fetch(`/auth/${action}`, {
      method: "POST",
      headers: requestHeaders(),
      body: JSON.stringify(body),
      credentials: "same-origin",
    });
    return response.ok ? null : await problemOf(response);
  } catch {
    return SILENT;
  }
}

/** A proxy in between answers with a page of its own. */
async function problemOf(response: Response): Promise<Problem> {
  const isOurs = response.headers.get("Content-Type")?.startsWith("application/problem+json") ?? false;
  return isOurs ? ((await response.json()) as Problem) : SILENT;
}
