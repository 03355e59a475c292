import { Button, Skeleton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";

import { DataTable } from "../../components/DataTable/DataTable";
import { EmptyState } from "../../components/EmptyState/EmptyState";
import { Icon } from "../../components/Icon/Icon";
import { NotRead } from "../../components/NotRead/NotRead";
import { PageHeader } from "../../components/PageHeader/PageHeader";
import { Fact, Facts } from "../../components/Panel/Facts";
import { Panel } from "../../components/Panel/Panel";
import { formatMoment } from "../../format/time";
import { word } from "../../format/words";
import { graphql } from "../../gql";
import { usePageQuery } from "../../graph/usePageQuery";
import { NothingHere } from "../not-found/NotFoundPage";
import classes from "./AccountPage.module.css";
import { CreateApiToken } from "./CreateApiToken";
import { TokenRow } from "./TokenRow";

const AccountQuery = graphql(`
  query Account {
    viewer {
      id
      email
      displayName
      role
      createdAt
      apiTokens(first: 100) {
        edges {
          node {
            id
            ...TokenRow_token
          }
        }
      }
    }
  }
`);

const COLUMNS = [
  { title: "Name" },
  { title: "Begins with", isExtra: true },
  { title: "May", isExtra: true },
  { title: "Last used", isExtra: true },
  { title: "Expires" },
  { title: "" },
] as const;

/** Who the viewer is, and the tokens that act for them. */
export function AccountPage() {
  const data = usePageQuery({ query: AccountQuery, variables: {} });
  const [isCreating, { open, close }] = useDisclosure(false);
  if (!data) return <Skeleton height={240} radius="md" />;
  if (!data.viewer) return <NothingHere what="You are signed out." />;
  const { email, displayName, role, createdAt, apiTokens } = data.viewer;
  return (
    <>
      <PageHeader title="Account" />
      <div className={classes.page}>
        <Panel title="You">
          <Facts>
            <Fact name="Name">{displayName}</Fact>
            <Fact name="E-mail">{email}</Fact>
            <Fact name="Role">{word(role)}</Fact>
            <Fact name="Since">{formatMoment(createdAt)}</Fact>
          </Facts>
        </Panel>
        <Panel
          title="API tokens"
          flush
          aside={
            <Button size="xs" onClick={open} leftSection={<Icon name="plus" />}>
              New token
            </Button>
          }
        >
          {!apiTokens && <NotRead what="The list of tokens" />}
          {apiTokens?.edges.length === 0 && (
            <EmptyState icon="explorer">
              A token lets a program use the graph as you, with the rights that you give it.
            </EmptyState>
          )}
          {apiTokens && apiTokens.edges.length > 0 && (
            <DataTable label="API tokens" columns={COLUMNS}>
              {apiTokens.edges.map(({ node }) => (
                <TokenRow key={node.id} token={node} />
              ))}
            </DataTable>
          )}
        </Panel>
      </div>
      {isCreating && <CreateApiToken isAdministrator={role === "ADMINISTRATOR"} onClose={close} />}
    </>
  );
}
