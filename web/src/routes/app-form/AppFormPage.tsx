import { Skeleton } from "@mantine/core";
import { useMemo } from "react";
import { useLocation, useParams } from "react-router";

import { PageHeader } from "../../components/PageHeader/PageHeader";
import { graphql } from "../../gql";
import type { AppFormQuery as AppFormData } from "../../gql/graphql";
import { usePageQuery } from "../../graph/usePageQuery";
import { NothingHere } from "../not-found/NotFoundPage";
import { fieldOf, fixOf } from "../app/fix";
import { AppForm } from "./AppForm";
import { NEW_APP, openedAt, valuesOf } from "./values";

const AppFormQuery = graphql(`
  query AppForm($slug: String!, $name: String!, $isEdit: Boolean!) {
    workloadForm {
      ...AppForm_form
    }
    namespace(slug: $slug) {
      id
      name
      ...AppForm_namespace
    }
    workload(namespace: $slug, name: $name) @include(if: $isEdit) {
      id
      rollout {
        revision
      }
      spec {
        imageReference {
          registry
        }
      }
      ...FormValues_workload
    }
  }
`);

export function NewAppPage() {
  const { slug = "" } = useParams();
  const data = usePageQuery({ query: AppFormQuery, variables: { slug, name: "", isEdit: false } });
  if (!data) return <Skeleton height={480} radius="md" />;
  return <FormPage slug={slug} data={data} title="New app" />;
}

export function EditAppPage() {
  const { slug = "", name = "" } = useParams();
  // A form that began with an older state would undo what others changed since.
  const data = usePageQuery({
    query: AppFormQuery,
    variables: { slug, name, isEdit: true },
    requestPolicy: "network-only",
  });
  if (!data) return <Skeleton height={480} radius="md" />;
  if (!data.workload) return <NothingHere what={`There is no app ${name} here, or it is not yours.`} />;
  return <FormPage slug={slug} data={data} title={`Edit ${name}`} />;
}

function FormPage({ slug, data, title }: { slug: string; data: AppFormData; title: string }) {
  const { workloadForm, namespace, workload } = data;
  const { state } = useLocation() as { state: unknown };
  const openAt = fieldOf(state);
  const initial = useMemo(
    () => (workload ? openedAt(openAt, valuesOf(workload), workload.spec.imageReference) : NEW_APP),
    [workload, openAt],
  );
  if (!namespace) return <NothingHere what="There is no such namespace, or it is not yours." />;
  const crumbs = [
    { title: "Namespaces", to: "/namespaces" },
    { title: namespace.name, to: `/namespaces/${slug}` },
  ];
  return (
    <>
      <PageHeader crumbs={crumbs} title={title} />
      <AppForm
        slug={slug}
        isNew={!workload}
        initial={initial}
        baseRevision={workload?.rollout.revision ?? null}
        workloadForm={workloadForm}
        namespace={namespace}
        fix={fixOf(state)}
        openAt={openAt}
      />
    </>
  );
}
