import { render, screen, within } from "@testing-library/react";
import { expect, test } from "vitest";

import { Cell, DataTable } from "./DataTable";

test("a table has a name, headings for its columns, and its rows", () => {
  render(
    <DataTable label="Pods" columns={[{ title: "Pod" }, { title: "Restarts", isNumber: true }]}>
      <tr>
        <Cell>engine-1</Cell>
        <Cell isNumber>3</Cell>
      </tr>
    </DataTable>,
  );

  const table = within(screen.getByRole("table", { name: "Pods" }));
  expect(table.getAllByRole("columnheader").map((each) => each.textContent)).toEqual(["Pod", "Restarts"]);
  expect(table.getAllByRole("cell").map((each) => each.textContent)).toEqual(["engine-1", "3"]);
});
