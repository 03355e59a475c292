import { Skeleton } from "@mantine/core";

import { Cell, DataTable } from "../../components/DataTable/DataTable";
import { NotRead } from "../../components/NotRead/NotRead";
import { PageHeader } from "../../components/PageHeader/PageHeader";
import { Pager } from "../../components/Pager/Pager";
import { usePages } from "../../components/Pager/usePages";
import { Panel } from "../../components/Panel/Panel";
import { formatMoment } from "../../format/time";
import { count, word } from "../../format/words";
import { graphql } from "../../gql";
import { usePageQuery } from "../../graph/usePageQuery";

const UsersQuery = graphql(`
  query Users($after: String) {
    users(first: 50, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          email
          displayName
          role
          createdAt
          namespaces(first: 1) {
            totalCount
          }
        }
      }
    }
  }
`);

const COLUMNS = [
  { title: "Name" },
  { title: "E-mail" },
  { title: "Role" },
  { title: "Namespaces", isNumber: true, isExtra: true },
  { title: "Since", isExtra: true },
] as const;

/** Everybody who has an account; for administrators. */
export function UsersPage() {
  const pages = usePages();
  const data = usePageQuery({ query: UsersQuery, variables: { after: pages.after } });
  if (!data) return <Skeleton height={240} radius="md" />;
  if (!data.users) return <NotRead what="The list of users" />;
  const { totalCount, pageInfo, edges } = data.users;
  return (
    <>
      <PageHeader
        title="Users"
        badge={<span className="dim">{count(totalCount, "account")}</span>}
        actions={<Pager pages={pages} pageInfo={pageInfo} />}
      />
      <Panel title="Accounts" flush>
        <DataTable label="Users" columns={COLUMNS}>
          {edges.map(({ node }) => (
            <tr key={node.id}>
              <Cell>{node.displayName}</Cell>
              <Cell isProse>{node.email}</Cell>
              <Cell>{word(node.role)}</Cell>
              <Cell isNumber isExtra>{node.namespaces?.totalCount}</Cell>
              <Cell isExtra>{formatMoment(node.createdAt)}</Cell>
            </tr>
          ))}
        </DataTable>
      </Panel>
    </>
  );
}
