/** What the explorer opens with. */
export const DEFAULT_QUERY = `# Everything that the app shows comes from this graph, with the rights that you have.
# Ctrl+Space completes; subscriptions stream:
#   subscription { deploymentUpdated(namespace: "…", name: "…") { workload { status { message } } } }

query Harbour {
  viewer {
    displayName
    email
  }
  namespaces(first: 10) {
    edges {
      node {
        name
        slug
        workloads(first: 10) {
          edges {
            node {
              name
              status {
                phase
                readyReplicas
                desiredReplicas
              }
            }
          }
        }
      }
    }
  }
}
`;
