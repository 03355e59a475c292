import { Anchor, PasswordInput, TextInput } from "@mantine/core";
import { Link } from "react-router";

import { logIn } from "../../session/api";
import { SignInForm } from "./SignInForm";

export function LogInPage() {
  return (
    <SignInForm title="Log in" action="Log in" fields={["email", "password"]} send={logIn}>
      {(error) => (
        <>
          <TextInput name="email" type="email" label="E-mail" required autoComplete="email" error={error("email")} />
          <PasswordInput
            name="password"
            label="Password"
            required
            autoComplete="current-password"
            error={error("password")}
          />
          <p className="dim">
            New here?{" "}
            <Anchor component={Link} to="/register">
              Create an account
            </Anchor>
          </p>
        </>
      )}
    </SignInForm>
  );
}
