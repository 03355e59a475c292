import { CopyText } from "../../components/CopyText/CopyText";
import { Icon, type IconName } from "../../components/Icon/Icon";
import { Fact, Facts } from "../../components/Panel/Facts";
import { Panel } from "../../components/Panel/Panel";
import { graphql, readFragment, type FragmentType } from "../../gql";
import type { ExposurePanel_WorkloadFragment, ExposureState } from "../../gql/graphql";
import classes from "./ExposurePanel.module.css";

const ExposurePanelFragment = graphql(`
  fragment ExposurePanel_workload on Workload {
    id
    exposure {
      mode
      state
      message
      address
      url
      reachableBy
      portAnswers
      isDemo
    }
  }
`);

type Exposure = ExposurePanel_WorkloadFragment["exposure"];

const SHOWN: Record<ExposureState, { word: string; tone: string; icon: IconName }> = {
  NONE: { word: "Not exposed", tone: "quiet", icon: "minus" },
  PENDING: { word: "On its way", tone: "moving", icon: "waves" },
  READY: { word: "Open", tone: "ready", icon: "check" },
  FAILED: { word: "Does not come up", tone: "failure", icon: "cross" },
  REMOVING: { word: "Being removed", tone: "quiet", icon: "trash" },
  UNKNOWN: { word: "Not known just now", tone: "quiet", icon: "question" },
};
const TITLES = { NONE: "Exposure", PRIVATE: "Private URL", PUBLIC: "Public URL" };

/** From where an app is reached, by whom, and whether that works; nothing for one that is not exposed. */
export function ExposurePanel({ workload }: { workload: FragmentType<typeof ExposurePanelFragment> }) {
  const { exposure } = readFragment(ExposurePanelFragment, workload);
  if (exposure.state === "NONE") return null;
  const { word, tone, icon } = SHOWN[exposure.state];
  return (
    <Panel
      title={TITLES[exposure.mode]}
      aside={
        <span className={classes.state} data-tone={tone} role="status" aria-label="State of the exposure">
          <Icon name={icon} size={12} />
          {word}
        </span>
      }
    >
      <p className={classes.message}>{exposure.message}</p>
      {exposure.mode !== "NONE" && <ExposureFacts exposure={exposure} />}
    </Panel>
  );
}

function ExposureFacts({ exposure }: { exposure: Exposure }) {
  const { address, url, state, isDemo } = exposure;
  const text = url ?? address;
  return (
    <Facts>
      {text != null && (
        <Fact name={url == null ? "Address" : "URL"}>
          <CopyText text={text} what="where it is reached" href={state === "READY" && !isDemo ? (url ?? undefined) : undefined} />
        </Fact>
      )}
      <Fact name="Reached by">{exposure.reachableBy}</Fact>
      <Fact name="Port">{answers(exposure)}</Fact>
    </Facts>
  );
}

/** As the checks inside the cluster see it: nobody tries from outside. */
function answers({ portAnswers, state }: Exposure): string {
  if (portAnswers == null) return state === "UNKNOWN" ? "not known just now" : "not checked: readiness is asked of a command";
  return portAnswers ? "answers inside the cluster" : "no pod answers";
}
