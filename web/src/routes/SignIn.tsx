import { Alert, Button, Paper, PasswordInput, Stack, TextInput, Title } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useNavigate, useSearchParams } from "react-router";

import { send, useSession, type Problem } from "../session";

export function Register() {
  const [search] = useSearchParams();
  const token = search.get("token");
  return (
    <AuthForm action="register" title="Create an account" extra={token ? { adminToken: token } : {}}>
      {(problem) => (
        <>
          <TextInput name="displayName" label="Name" required autoComplete="name" error={about(problem, "displayName")} />
          <TextInput name="email" type="email" label="E-mail" required autoComplete="email" error={about(problem, "email")} />
          <PasswordInput name="password" label="Password" description="12 characters or more" required autoComplete="new-password" error={about(problem, "password")} />
          {token && <Alert color="teal">This link makes you the administrator of this server.</Alert>}
        </>
      )}
    </AuthForm>
  );
}

export function LogIn() {
  return (
    <AuthForm action="login" title="Log in" extra={{}}>
      {() => (
        <>
          <TextInput name="email" type="email" label="E-mail" required autoComplete="email" />
          <PasswordInput name="password" label="Password" required autoComplete="current-password" />
        </>
      )}
    </AuthForm>
  );
}

interface AuthFormProps {
  action: "login" | "register";
  title: string;
  extra: Record<string, string>;
  children: (problem: Problem | null) => ReactNode;
}

function AuthForm({ action, title, extra, children }: AuthFormProps) {
  const { refresh } = useSession();
  const navigate = useNavigate();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (form: FormData) => {
    setBusy(true);
    const fields = Object.fromEntries([...form].map(([name, value]) => [name, value as string]));
    const refused = await send(action, { ...fields, ...extra });
    setBusy(false);
    setProblem(refused);
    if (refused) return;
    await refresh();
    await navigate("/namespaces", { replace: true });
  };
  return (
    <Paper withBorder p="xl" maw={420} mx="auto">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit(new FormData(event.currentTarget));
        }}
      >
        <Stack>
          <Title order={1} fz="h2">{title}</Title>
          {problem && <Alert color="red" role="alert">{problem.message}</Alert>}
          {children(problem)}
          <Button type="submit" loading={busy}>{title}</Button>
        </Stack>
      </form>
    </Paper>
  );
}

function about(problem: Problem | null, field: string): string | null {
  return problem?.field === field ? problem.message : null;
}
