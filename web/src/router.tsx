import { createBrowserRouter } from "react-router";

import { AppFrame } from "./components/AppFrame/AppFrame";
import { PublicFrame } from "./components/AppFrame/PublicFrame";
import { RouteFailure } from "./components/FailureNotice/RouteFailure";
import { HomePage } from "./routes/home/HomePage";
import { NotFoundPage } from "./routes/not-found/NotFoundPage";
import { RequireSession } from "./session/RequireSession";

/** What stands where the first page is still being loaded: that takes a moment, and nothing should flash by. */
const NOTHING_YET = <></>;

/** Every page and its address. All but the main page are loaded when they are first opened. */
export function createRouter() {
  return createBrowserRouter([
    {
      element: <PublicFrame />,
      hydrateFallbackElement: NOTHING_YET,
      children: [
        {
          errorElement: <RouteFailure />,
          children: [
            { path: "/", element: <HomePage /> },
            {
              path: "/register",
              lazy: async () => ({ Component: (await import("./routes/sign-in/RegisterPage")).RegisterPage }),
            },
            {
              path: "/login",
              lazy: async () => ({ Component: (await import("./routes/sign-in/LogInPage")).LogInPage }),
            },
            { path: "*", element: <NotFoundPage /> },
          ],
        },
      ],
    },
    {
      element: (
        <RequireSession>
          <AppFrame />
        </RequireSession>
      ),
      hydrateFallbackElement: NOTHING_YET,
      children: [
        {
          errorElement: <RouteFailure />,
          children: [
            {
              path: "/namespaces",
              lazy: async () => ({ Component: (await import("./routes/namespaces/NamespacesPage")).NamespacesPage }),
            },
            {
              path: "/namespaces/:slug",
              lazy: async () => ({ Component: (await import("./routes/namespace/NamespacePage")).NamespacePage }),
            },
            {
              path: "/namespaces/:slug/new",
              lazy: async () => ({ Component: (await import("./routes/app-form/AppFormPage")).NewAppPage }),
            },
            {
              path: "/namespaces/:slug/apps/:name",
              lazy: async () => ({ Component: (await import("./routes/app/AppPage")).AppPage }),
            },
            {
              path: "/namespaces/:slug/apps/:name/edit",
              lazy: async () => ({ Component: (await import("./routes/app-form/AppFormPage")).EditAppPage }),
            },
            {
              path: "/account",
              lazy: async () => ({ Component: (await import("./routes/account/AccountPage")).AccountPage }),
            },
            {
              path: "/users",
              lazy: async () => ({ Component: (await import("./routes/users/UsersPage")).UsersPage }),
            },
          ],
        },
      ],
    },
  ]);
}
