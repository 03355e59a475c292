import type { ReactNode } from "react";

import { graphql } from "../../gql";
import { useConnectionState } from "../../graph/connection";
import { failureOf } from "../../graph/errors";
import { useKeptQuery } from "../../graph/usePageQuery";
import { Icon, type IconName } from "../Icon/Icon";
import classes from "./Banners.module.css";

const BannersQuery = graphql(`
  query Banners {
    cluster {
      isDemo
      reachable
      message
    }
  }
`);

const EVERY_MS = 10_000;

/** What holds for every page: that the cluster is a demo, that it or the server is silent, that news do not arrive. */
export function Banners() {
  const { data, error } = useKeptQuery({ query: BannersQuery, variables: {}, everyMs: EVERY_MS });
  const isSilent = error !== undefined && failureOf(error).code === "OFFLINE";
  const connection = useConnectionState();
  return (
    <section className={classes.banners} aria-label="Notices">
      {data?.cluster.isDemo && (
        <Banner tone="quiet" icon="waves">
          Demo cluster: it behaves like Kubernetes, and no container really runs.
        </Banner>
      )}
      {data && !data.cluster.reachable && (
        <Banner tone="attention" icon="alert">
          What you see may be old. {data.cluster.message ?? "The cluster does not answer."}
        </Banner>
      )}
      <div role="status">
        {connection === "reconnecting" ? (
          <Banner tone="attention" icon="restart">
            Reconnecting… What you see is from before the connection was lost.
          </Banner>
        ) : (
          isSilent && (
            <Banner tone="attention" icon="alert">
              The server does not answer, so what you see may be old.
            </Banner>
          )
        )}
      </div>
    </section>
  );
}

interface BannerProps {
  tone: "quiet" | "attention";
  icon: IconName;
  children: ReactNode;
}

function Banner({ tone, icon, children }: BannerProps) {
  return (
    <div className={classes.banner} data-tone={tone}>
      <Icon name={icon} size={14} />
      <span>{children}</span>
    </div>
  );
}
