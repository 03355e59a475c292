import { useEffect, useState, type ReactNode } from "react";
import { Provider } from "urql";

import { useSession } from "../session/session";
import { createGraphClient, socketUrl } from "./client";
import { ConnectionContext, ConnectionMonitor } from "./connection";
import { createSocket } from "./socket";

/** The graph for everything below, as the user who is signed in. Another user gets another cache and another socket. */
export function GraphProvider({ children }: { children: ReactNode }) {
  const { user, isEnded, refresh } = useSession();
  return (
    <Graph key={user?.id ?? "nobody"} isEnded={isEnded} onSignedOut={() => void refresh()}>
      {children}
    </Graph>
  );
}

interface GraphProps {
  /** The session is over, until its user signs in again. */
  isEnded: boolean;
  /** Read once: it must stay good for as long as this is shown. */
  onSignedOut: () => void;
  children: ReactNode;
}

function Graph({ isEnded, onSignedOut, children }: GraphProps) {
  const [{ monitor, client }] = useState(() => openGraph(onSignedOut));
  useEffect(() => monitor.signedIn(!isEnded), [monitor, isEnded]);
  return (
    <ConnectionContext value={monitor}>
      <Provider value={client}>{children}</Provider>
    </ConnectionContext>
  );
}

/** The socket opens with the first subscription and closes after the last: nothing is left to close here. */
function openGraph(onSignedOut: () => void) {
  const monitor = new ConnectionMonitor();
  const socket = createSocket({ url: socketUrl(window.location.href), monitor, onSignedOut });
  return { monitor, client: createGraphClient({ socket, monitor, onSignedOut }) };
}
