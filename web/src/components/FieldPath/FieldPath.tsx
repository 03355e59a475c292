import { Fragment } from "react";

/** The path of a field, which breaks between its steps where there is no room for all of it. */
export function FieldPath({ path }: { path: string }) {
  return path.split(/(?<=[./])|(?=\[)/).map((step, index) => (
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {step}
    </Fragment>
  ));
}
