import { Button, TextInput } from "@mantine/core";
import { useCallback, useEffect, useEffectEvent, useMemo, useRef, useState, type RefObject, type SubmitEvent } from "react";

import { Icon } from "../../components/Icon/Icon";
import { graphql, readFragment, type FragmentType } from "../../gql";
import classes from "./AppForm.module.css";
import type { Fix } from "../app/fix";
import { ExposurePicker } from "./ExposurePicker";
import { exposureOffers } from "./exposures";
import { fieldMessage } from "./FieldMessage";
import { FilesFields } from "./FilesFields";
import { heldBy } from "./held";
import { JobFields } from "./JobFields";
import { KindFields } from "./KindFields";
import { KindPicker } from "./KindPicker";
import { formKinds } from "./kinds";
import { LeaveGuard } from "./LeaveGuard";
import { MoreFields } from "./MoreFields";
import { PasteBar } from "./paste/PasteBar";
import { PlanPanel } from "./PlanPanel";
import { ProcessFields } from "./ProcessFields";
import { refusedFields } from "./refusals";
import { roomFor } from "./room";
import { formRules } from "./rules";
import { SizePicker, sizePresets } from "./SizePicker";
import { useDeploy } from "./useDeploy";
import { useForm } from "./useForm";
import { usePlan } from "./usePlan";
import { describesProcess, hasFiles, withFix, type Values } from "./values";

const AppFormFragment = graphql(`
  fragment AppForm_form on WorkloadForm {
    ...FormRules
    ...FormKinds
    ...SizePicker_form
    ...FormExposures
  }
`);

const AppFormNamespaceFragment = graphql(`
  fragment AppForm_namespace on Namespace {
    quota {
      resource
      used
      hard
    }
  }
`);

export interface AppFormProps {
  slug: string;
  isNew: boolean;
  initial: Values;
  /** The revision that `initial` is from; null for a new app. */
  baseRevision: number | null;
  workloadForm: FragmentType<typeof AppFormFragment>;
  namespace: FragmentType<typeof AppFormNamespaceFragment>;
  /** A change that the form was opened for: it is put in, and planned at once. */
  fix?: Fix | null;
  /** A field that the form was opened for, to be filled in by hand. */
  openAt?: string | null;
}

/** The form of an app beside the plan of what deploying it would do. */
export function AppForm({ slug, isNew, workloadForm, namespace, fix: opening, openAt, ...given }: AppFormProps) {
  // What the form began with stays that, also when the cache hears of a newer revision.
  const [{ initial, baseRevision }] = useState(given);
  const offered = readFragment(AppFormFragment, workloadForm);
  const { quota } = readFragment(AppFormNamespaceFragment, namespace);
  const kinds = formKinds(offered);
  const offers = exposureOffers(offered);
  const form = useForm(initial, formRules(offered), { isNew, kinds, offers });
  const planning = usePlan(slug, form.values, { baseRevision, kinds });
  const isDeployed = useRef(false);
  const deploying = useDeploy(slug, () => (isDeployed.current = true));
  const isAtStake = useCallback(() => form.values !== initial && !isDeployed.current, [form.values, initial]);
  const { formRef, focusFirstError } = useFirstErrorFocus();
  const planRef = useRef<HTMLDivElement>(null);
  const held = useMemo(() => (isNew ? null : heldBy(initial, sizePresets(offered))), [isNew, initial, offered]);

  const review = async (values: Values, seen?: number | null) => {
    form.showAll();
    form.refuse(refusedFields(await planning.review(values, seen)));
    planRef.current?.scrollIntoView({ block: "nearest" });
  };
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (form.isValid) {
      void review(form.values);
    } else {
      form.showAll();
      focusFirstError();
    }
  };
  const fix = (path: readonly string[], json: string) => {
    const fixed = withFix(form.values, path, json);
    form.replace(fixed);
    void review(fixed);
  };
  const fill = (values: Values) => {
    form.fill(values);
    focusFirstError();
  };
  const applyOpeningFix = useEffectEvent(() => {
    if (opening) fix(opening.path, opening.value);
  });
  useEffect(() => applyOpeningFix(), []);
  useOpeningFocus(formRef, openAt ?? null);

  return (
    <div className={classes.layout}>
      {isNew && <PasteBar isTyped={form.values !== initial} isDisabled={deploying.isBusy} onFill={fill} />}
      <form ref={formRef} noValidate aria-label="App" onSubmit={submit}>
        <fieldset key={form.fillings} className={classes.form} disabled={deploying.isBusy}>
          <TextInput
            label="Image"
            description="Any full reference: registry/repository:tag"
            placeholder="ghcr.io/ada/engine:1.4.2"
            required
            autoComplete="off"
            spellCheck={false}
            classNames={{ input: "mono" }}
            value={form.values.image}
            error={fieldMessage(form.error("image"))}
            onChange={(event) => form.set("image", event.currentTarget.value.trim())}
          />
          <TextInput
            label="Name"
            description={isNew ? "Proposed from the image; unique in this namespace" : "An app keeps its name"}
            required
            readOnly={!isNew}
            autoComplete="off"
            spellCheck={false}
            classNames={{ input: "mono" }}
            value={form.values.name}
            error={fieldMessage(form.error("name"))}
            onChange={(event) => form.set("name", event.currentTarget.value)}
          />
          <KindPicker form={form} kinds={kinds} isNew={isNew} />
          <KindFields form={form} isNew={isNew} />
          <SizePicker form={form} offered={offered} room={(resources) => roomFor(resources, quota ?? [], held)} />
          {form.has("exposure") && <ExposurePicker form={form} offers={offers} />}
          <MoreFields form={form} startsOpen={!isNew || form.fillings > 0} />
          <FilesFields form={form} startsOpen={hasFiles(form.values)} />
          <ProcessFields form={form} startsOpen={describesProcess(form.values)} />
          {form.has("retries") && <JobFields form={form} startsOpen={!isNew || form.fillings > 0} />}
          <div className={classes.submit}>
            <Button
              type="submit"
              variant={planning.plan ? "default" : "filled"}
              loading={planning.isBusy}
              leftSection={<Icon name="waves" />}
            >
              Review plan
            </Button>
            {form.isTold && !form.isValid && <span className="dim">Some fields are not right yet.</span>}
          </div>
        </fieldset>
      </form>
      <div ref={planRef} className={classes.plan}>
        <PlanPanel
          slug={slug}
          newName={isNew ? form.values.name : null}
          planning={planning}
          deploying={deploying}
          onFix={fix}
          onPlanAgain={(seen) => void review(form.values, seen)}
        />
      </div>
      <LeaveGuard isAtStake={isAtStake} />
    </div>
  );
}

/** Leads whoever opens the form for one field to that field. */
function useOpeningFocus(formRef: RefObject<HTMLFormElement | null>, field: string | null) {
  useEffect(() => {
    if (field === null) return;
    const frame = requestAnimationFrame(() => {
      const fields = formRef.current?.querySelectorAll<HTMLElement>("[data-field]") ?? [];
      [...fields].find((each) => each.dataset["field"] === field)?.focus();
    });
    return () => cancelAnimationFrame(frame);
  }, [formRef, field]);
}

/** Leads whoever sends or fills a form that is not right yet to what is not, or else to where it begins. */
function useFirstErrorFocus() {
  const formRef = useRef<HTMLFormElement>(null);
  const [attempts, setAttempts] = useState(0);
  useEffect(() => {
    if (attempts === 0) return;
    // A part that was folded away unfolds first.
    const frame = requestAnimationFrame(() => {
      const find = (selector: string) => formRef.current?.querySelector<HTMLElement>(selector);
      (find('[aria-invalid="true"]') ?? find("input"))?.focus();
    });
    return () => cancelAnimationFrame(frame);
  }, [attempts]);
  return { formRef, focusFirstError: () => setAttempts(attempts + 1) };
}
