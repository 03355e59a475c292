import { render } from "@testing-library/react";
import { expect, test } from "vitest";

import { FieldPath } from "./FieldPath";

test("a path breaks between its steps, and reads as it is written", () => {
  const { container } = render(<FieldPath path="spec.template.metadata.annotations[moorage.dev/revision]" />);

  expect(container.textContent).toBe("spec.template.metadata.annotations[moorage.dev/revision]");
  expect(container.innerHTML).toBe("spec.<wbr>template.<wbr>metadata.<wbr>annotations<wbr>[moorage.<wbr>dev/<wbr>revision]");
});
