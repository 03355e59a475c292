import type { FieldError } from "./rules";
import classes from "./AppForm.module.css";

/** An error beside its field, with a value that would do; null where there is none. */
export function fieldMessage(error: FieldError | null) {
  if (!error) return null;
  return (
    <>
      {error.message}
      {error.example && (
        <>
          {" "}
          Example: <span className={classes.example}>{error.example}</span>
        </>
      )}
    </>
  );
}
