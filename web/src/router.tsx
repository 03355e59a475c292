import { createBrowserRouter } from "react-router";

import { Layout } from "./components/Layout";
import { Broken, NotFound } from "./components/Notices";

/** Every page and its address. Pages are loaded when they are first opened. */
export function createRouter() {
  return createBrowserRouter([
    {
      element: <Layout />,
      errorElement: <Broken />,
      children: [
        { path: "/", lazy: async () => ({ Component: (await import("./routes/Home")).Home }) },
        { path: "/register", lazy: async () => ({ Component: (await import("./routes/SignIn")).Register }) },
        { path: "/login", lazy: async () => ({ Component: (await import("./routes/SignIn")).LogIn }) },
        { path: "/namespaces", lazy: async () => ({ Component: (await import("./routes/Namespaces")).Namespaces }) },
        { path: "/namespaces/:slug", lazy: async () => ({ Component: (await import("./routes/Namespace")).Namespace }) },
        { path: "/namespaces/:slug/new", lazy: async () => ({ Component: (await import("./routes/AppForm")).NewApp }) },
        { path: "/namespaces/:slug/apps/:name", lazy: async () => ({ Component: (await import("./routes/AppPage")).AppPage }) },
        { path: "/namespaces/:slug/apps/:name/edit", lazy: async () => ({ Component: (await import("./routes/AppForm")).EditApp }) },
        { path: "*", element: <NotFound /> },
      ],
    },
  ]);
}
