import { createContext, useContext } from "react";

import { csrfHeaders } from "./client";

export interface User {
  id: string;
  email: string;
  displayName: string;
  role: "administrator" | "member";
}

/** What the server says of a refused request; `field` is the input that it is about. */
export interface Problem {
  code: string;
  message: string;
  field?: string;
}

export interface Session {
  user: User | null;
  refresh: () => Promise<void>;
}

export const SessionContext = createContext<Session>({ user: null, refresh: () => Promise.resolve() });
export const useSession = (): Session => useContext(SessionContext);

/** Who is signed in; null for nobody. */
export async function fetchUser(): Promise<User | null> {
  const response = await fetch("/auth/session", { credentials: "same-origin" });
  if (!response.ok) return null;
  return ((await response.json()) as { user: User | null }).user;
}

/** Send a form of `/auth`; null where it was accepted, else why not. */
export async function send(action: "login" | "logout" | "register", body: Record<string, string>): Promise<Problem | null> {
  try {
    const init = { method: "POST", headers: csrfHeaders(), body: JSON.stringify(body) };
    const response = await fetch(`/auth/${action}`, { ...init, credentials: "same-origin" });
    return response.ok ? null : ((await response.json()) as Problem);
  } catch {
    return { code: "UNAVAILABLE", message: "The server does not answer. Try again in a moment." };
  }
}
