/** What the explorer opens with; without a name, which the editor would still send for a moment with what replaces it. */
export const DEFAULT_QUERY = `# Everything that the app shows comes from this graph, with the rights that you have.
# Ctrl+Space completes; subscriptions stream:
#   subscription { deploymentUpdated(namespace: "…", name: "…") { workload { status { message } } } }

{
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
