import { Button } from "@mantine/core";
import { Link } from "react-router";

import { useSession } from "../../session/session";
import { Harbour } from "./Harbour";
import classes from "./HomePage.module.css";

const STEPS = [
  {
    title: "Describe it",
    text: "An image, a name, a port and a size. Every rule is the server's own, checked while you type.",
  },
  {
    title: "See what would happen",
    text: "A dry run on the cluster shows the manifests, the difference to what runs, and whether the quota holds.",
  },
  {
    title: "Watch it come up",
    text: "Each pod is a cell that fills as it starts. It says deployed when the cluster says so, and not before.",
  },
];

/** What Moorage is, for those who have not come aboard. */
export function HomePage() {
  const { user } = useSession();
  return (
    <>
      <title>Moorage – apps on Kubernetes, by form</title>
      <section className={classes.hero}>
        <div>
          <h1 className={classes.headline}>A berth on Kubernetes for every app you write</h1>
          <p className={classes.lead}>
            Describe an app in a form and watch it come up, in a namespace that is yours alone, with its rollout,
            events and metrics beside it.
          </p>
          <div className={classes.actions}>
            <Button component={Link} to={user ? "/namespaces" : "/register"} size="md">
              {user ? "Go to your namespaces" : "Create an account"}
            </Button>
            {!user && (
              <Button component={Link} to="/login" size="md" variant="default">
                Log in
              </Button>
            )}
          </div>
        </div>
        <Harbour />
      </section>
      <ol className={classes.steps}>
        {STEPS.map((step) => (
          <li key={step.title}>
            <h2>{step.title}</h2>
            <p>{step.text}</p>
          </li>
        ))}
      </ol>
    </>
  );
}
