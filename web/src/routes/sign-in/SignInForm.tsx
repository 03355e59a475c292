import { Button, Stack } from "@mantine/core";
import { useState, type ReactNode, type SubmitEvent } from "react";
import { Navigate, useSearchParams } from "react-router";

import { Notice } from "../../components/FailureNotice/Notice";
import type { Problem } from "../../session/api";
import { nextPage } from "../../session/next";
import { useSession } from "../../session/session";
import classes from "./SignInForm.module.css";

export interface SignInFormProps<Field extends string> {
  title: string;
  /** What the button says. */
  action: string;
  fields: readonly Field[];
  send: (fields: Record<Field, string>) => Promise<Problem | null>;
  /** The inputs, named as the fields; `error` gives what is wrong with one of them. */
  children: (error: (field: Field) => string | null) => ReactNode;
}

/** A form that ends in a session, and then leads on: what it is refused for stands beside the field that it is about. */
export function SignInForm<Field extends string>(props: SignInFormProps<Field>) {
  const { title, action, fields, send, children } = props;
  const { user, refresh } = useSession();
  const [search] = useSearchParams();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    const refusal = await send(Object.fromEntries(fields.map((field) => [field, form.get(field)])) as Record<Field, string>);
    setBusy(false);
    setProblem(refusal);
    if (!refusal) await refresh();
  };

  if (user) return <Navigate to={nextPage(search)} replace />;
  const isAboutField = fields.some((field) => field === problem?.field);
  return (
    <section className={classes.card}>
      <title>{`${title} – Moorage`}</title>
      <h1 className={classes.title}>{title}</h1>
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="md">
          {problem && !isAboutField && <Notice tone="failure" title={problem.message} />}
          {children((field) => (problem?.field === field ? problem.message : null))}
          <Button type="submit" loading={isBusy}>
            {action}
          </Button>
        </Stack>
      </form>
    </section>
  );
}
