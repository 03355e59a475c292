import { graphql, readFragment, type FragmentType } from "../../gql";
import type { ExposureMode, FormExposuresFragment } from "../../gql/graphql";
import type { FieldError } from "./rules";

const FormExposuresFragment = graphql(`
  fragment FormExposures on WorkloadForm {
    exposures {
      mode
      reachableBy
      reason
      unchecked
    }
  }
`);

export type Offer = FormExposuresFragment["exposures"][number];

export function exposureOffers(form: FragmentType<typeof FormExposuresFragment>): readonly Offer[] {
  return readFragment(FormExposuresFragment, form).exposures;
}

/**
 * What is wrong with a mode that this installation does not offer, by the field; the server refuses it in these words.
 * An app that is in the mode already may stay there.
 */
export function unofferedExposure(offers: readonly Offer[], mode: ExposureMode, former: ExposureMode): [string, FieldError][] {
  if (mode === former) return [];
  const reason = offers.find((each) => each.mode === mode)?.reason;
  return reason ? [["exposure", { message: reason, example: null }]] : [];
}
