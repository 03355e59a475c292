import { Button, Collapse } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";

import { count } from "../../format/words";
import { graphql, readFragment, type FragmentType } from "../../gql";
import { Changes } from "../Changes/Changes";
import classes from "./Timeline.module.css";

const ObjectsFoldFragment = graphql(`
  fragment ObjectsFold_object on ObjectDiff {
    kind
    name
    action
    changes {
      ...Changes_change
    }
  }
`);

/** What was done to an object; it is over, so it is said in the past. */
const DONE = { CREATE: "created again", UPDATE: "changed back", DELETE: "removed", UNCHANGED: "left as it was" } as const;

/** What was done to objects of the cluster, field by field, for those who ask. */
export function ObjectsFold({ objects: shown }: { objects: readonly FragmentType<typeof ObjectsFoldFragment>[] }) {
  const objects = readFragment(ObjectsFoldFragment, shown);
  const [isOpen, { toggle }] = useDisclosure(false);
  return (
    <div>
      <Button variant="subtle" size="compact-xs" className={classes.fold ?? ""} aria-expanded={isOpen} onClick={toggle}>
        {isOpen ? "Hide" : "Show"} what was done to {count(objects.length, "object")}
      </Button>
      <Collapse expanded={isOpen} transitionDuration={120}>
        <ul className={classes.objects} aria-label="Objects">
          {objects.map(({ kind, name, action, changes }) => (
            <li key={`${kind}/${name}`}>
              <span className="mono">
                {kind}/{name}
              </span>{" "}
              <span className="dim">{DONE[action]}</span>
              {action === "UPDATE" && <Changes changes={changes} />}
            </li>
          ))}
        </ul>
      </Collapse>
    </div>
  );
}
