/** What somebody does with the form of an app, in few words. */
import { screen } from "@testing-library/react";

import { ADA, app, namespace, plan, workloadForm } from "../../test/data";
import { visit } from "../../test/render";
import { Server } from "../../test/server";

export const IMAGE = "ghcr.io/ada/engine:1.4.2";

export type User = ReturnType<typeof visit>;

/** A server that plans and deploys whatever it is asked to. */
export function startServer(): Server {
  const server = new Server({
    workloadForm: workloadForm(),
    namespace: namespace(),
    workload: app(),
    planWorkload: { plan: plan(), errors: [] },
    deployWorkload: { workload: app(), errors: [] },
  }).start();
  server.user = ADA;
  return server;
}

export async function openNew(): Promise<User> {
  const user = visit("/namespaces/shop-x1/new");
  await screen.findByLabelText(/^Image/);
  return user;
}

export async function openEdit(): Promise<User> {
  const user = visit("/namespaces/shop-x1/apps/engine/edit");
  await screen.findByLabelText(/^Image/);
  return user;
}

export async function fill(user: User, label: string | RegExp, text: string) {
  const input = screen.getByLabelText(label);
  await user.clear(input);
  await user.click(input);
  await user.paste(text);
}

export async function review(user: User) {
  await user.click(screen.getByRole("button", { name: "Review plan" }));
}

export async function openPlanned(): Promise<User> {
  const user = await openNew();
  await fill(user, /^Image/, IMAGE);
  await review(user);
  await screen.findByRole("list", { name: "Changes" });
  return user;
}

/** What a field says of itself beside its label. */
export function described(label: string | RegExp): string {
  const ids = screen.getByLabelText(label).getAttribute("aria-describedby") ?? "";
  return ids.split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
}

export function valueOf(label: string | RegExp): string {
  return screen.getByLabelText<HTMLInputElement>(label).value;
}
