import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, test } from "vitest";

import { app, offer, spec, workloadForm } from "../../test/data";
import { unofferedExposure } from "./exposures";
import { type Server } from "../../test/server";
import { fill, IMAGE, openEdit, openNew, review, startServer } from "./form.steps";

const REASON = "This installation offers no public addresses: its administrator can set MOORAGE_EXPOSURE_PUBLIC.";
let server: Server;

beforeEach(() => {
  server = startServer();
  const exposures = [offer("NONE"), offer("PRIVATE"), offer("PUBLIC", REASON)];
  server.graph["workloadForm"] = { ...workloadForm(), exposures };
});

function card(name: RegExp): HTMLInputElement {
  return within(screen.getByRole("radiogroup", { name: "Exposure" })).getByRole("radio", { name });
}

describe("the exposure of an app", () => {
  test("is none until it is asked for, and planned as it was chosen", async () => {
    const user = await openNew();
    expect(card(/^Nowhere else/).getAttribute("aria-checked")).toBe("true");

    await fill(user, /^Image/, IMAGE);
    await user.click(card(/^Private URL/));
    await review(user);
    await screen.findByRole("list", { name: "Changes" });

    expect(server.asked("PlanWorkload")).toMatchObject([{ input: { workload: { exposure: "PRIVATE" } } }]);
  });

  test("of a sort that is not offered cannot be chosen, and says which setting would offer it", async () => {
    await openNew();

    expect(card(/^Public URL/).hasAttribute("disabled")).toBe(true);
    expect(card(/^Public URL/).textContent).toContain("MOORAGE_EXPOSURE_PUBLIC");
  });

  test("is not asked of an app that listens to nobody", async () => {
    const user = await openNew();

    await user.click(screen.getByRole("radio", { name: /^Worker/ }));

    expect(screen.queryByRole("radiogroup", { name: "Exposure" })).toBeNull();
  });

  test("that is offered no longer may stay as it is", async () => {
    server.graph["workload"] = app({ spec: spec({ exposure: "PUBLIC" }) });
    const user = await openEdit();

    await review(user);

    await waitFor(() => expect(server.asked("PlanWorkload")).toMatchObject([{ input: { workload: { exposure: "PUBLIC" } } }]));
  });

  test("that is pasted and not offered is wrong before it is planned", () => {
    const offers = [offer("NONE"), offer("PUBLIC", REASON)];

    expect(unofferedExposure(offers, "PUBLIC", "NONE")).toEqual([["exposure", { message: REASON, example: null }]]);
    expect(unofferedExposure(offers, "NONE", "PUBLIC")).toEqual([]);
  });

  test("says what of it could not be looked up, and can be chosen", async () => {
    const exposures = [offer("NONE"), offer("PUBLIC", null, "Whether the cluster has the IngressClass nginx is not known.")];
    server.graph["workloadForm"] = { ...workloadForm(), exposures };
    await openNew();

    expect(card(/^Public URL/).hasAttribute("disabled")).toBe(false);
    expect(card(/^Public URL/).textContent).toContain("IngressClass nginx is not known");
  });
});
