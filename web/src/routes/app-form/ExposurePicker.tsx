import { Radio } from "@mantine/core";

import type { ExposureMode } from "../../gql/graphql";
import type { Offer } from "./exposures";
import { fieldMessage } from "./FieldMessage";
import classes from "./KindPicker.module.css";
import type { Form } from "./useForm";

const NAMES: Record<ExposureMode, string> = { NONE: "Nowhere else", PRIVATE: "Private URL", PUBLIC: "Public URL" };

/** From where the app is reached. What this installation does not offer stays there to be seen, with the reason. */
export function ExposurePicker({ form, offers }: { form: Form; offers: readonly Offer[] }) {
  return (
    <Radio.Group
      label="Exposure"
      description="Who can reach the app, beside the apps of its own namespace"
      value={form.values.exposure}
      error={fieldMessage(form.error("exposure"))}
      onChange={(mode) => form.set("exposure", mode)}
    >
      <div className={classes.kinds}>
        {offers.map(({ mode, reachableBy, reason, unchecked }) => (
          <Radio.Card key={mode} value={mode} disabled={reason != null} className={classes.kind ?? ""}>
            <span className={classes.name}>{NAMES[mode]}</span>
            <span className={classes.what}>{reason ?? reachableBy}</span>
            {reason == null && unchecked != null && <span className={classes.what}>{unchecked}</span>}
          </Radio.Card>
        ))}
      </div>
    </Radio.Group>
  );
}
