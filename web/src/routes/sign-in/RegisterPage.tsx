import { Anchor, PasswordInput, TextInput } from "@mantine/core";
import { Link, useSearchParams } from "react-router";

import { Notice } from "../../components/FailureNotice/Notice";
import { register } from "../../session/api";
import { SignInForm } from "./SignInForm";

/** Makes an account; a link with `?token=` makes the first administrator. */
export function RegisterPage() {
  const [search] = useSearchParams();
  const token = search.get("token");
  const send = (fields: Record<"email" | "password" | "displayName", string>) =>
    register({ ...fields, ...(token ? { adminToken: token } : {}) });
  return (
    <SignInForm title="Create an account" action="Create account" fields={["displayName", "email", "password"]} send={send}>
      {(error) => (
        <>
          {token && <Notice tone="quiet" title="This link makes you the administrator of this server." />}
          <TextInput name="displayName" label="Name" required autoComplete="name" error={error("displayName")} />
          <TextInput name="email" type="email" label="E-mail" required autoComplete="email" error={error("email")} />
          <PasswordInput
            name="password"
            label="Password"
            description="12 characters or more: a few words that only you would put together."
            required
            autoComplete="new-password"
            error={error("password")}
          />
          <p className="dim">
            Aboard already?{" "}
            <Anchor component={Link} to="/login">
              Log in
            </Anchor>
          </p>
        </>
      )}
    </SignInForm>
  );
}
