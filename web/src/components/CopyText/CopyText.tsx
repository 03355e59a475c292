import { ActionIcon, CopyButton } from "@mantine/core";

import { Icon } from "../Icon/Icon";
import classes from "./CopyText.module.css";

/** A text that is copied by the button beside it; `what` names it for those who do not see it. */
export function CopyText({ text, what, href }: { text: string; what: string; href?: string | undefined }) {
  return (
    <span className={classes.text}>
      {href === undefined ? (
        <span className="mono">{text}</span>
      ) : (
        <a className="mono" href={href} target="_blank" rel="noreferrer">
          {text}
        </a>
      )}
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <ActionIcon variant="subtle" color="gray" size="sm" aria-label={`Copy ${what}`} onClick={copy}>
            <Icon name={copied ? "check" : "copy"} size={14} />
          </ActionIcon>
        )}
      </CopyButton>
    </span>
  );
}
