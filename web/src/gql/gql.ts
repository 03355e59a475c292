/* eslint-disable */
import * as types from './graphql';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  query Banners {\n    cluster {\n      isDemo\n      reachable\n      message\n    }\n  }\n": typeof types.BannersDocument,
    "\n  fragment Changes_change on FieldChange {\n    path\n    action\n    before\n    after\n  }\n": typeof types.Changes_ChangeFragmentDoc,
    "\n  fragment CheckText_probe on Probe {\n    path\n    command\n    delaySeconds\n    periodSeconds\n    timeoutSeconds\n    failures\n  }\n": typeof types.CheckText_ProbeFragmentDoc,
    "\n  fragment EventList_events on EventConnection {\n    edges {\n      node {\n        id\n        type\n        reason\n        message\n        count\n        lastSeen\n        regarding {\n          kind\n          name\n        }\n      }\n    }\n  }\n": typeof types.EventList_EventsFragmentDoc,
    "\n  fragment MetricChart_result on MetricResult {\n    __typename\n    ... on MetricSeries {\n      unit\n      latest\n      points {\n        at\n        value\n      }\n    }\n    ... on MetricNoData {\n      message\n    }\n    ... on MetricSourceDown {\n      message\n    }\n  }\n": typeof types.MetricChart_ResultFragmentDoc,
    "\n  fragment UsageCharts_metrics on Metrics {\n    cpu {\n      ...MetricChart_result\n    }\n    memory {\n      ...MetricChart_result\n    }\n  }\n": typeof types.UsageCharts_MetricsFragmentDoc,
    "\n  fragment QuotaBars_namespace on Namespace {\n    quota {\n      resource\n      unit\n      used\n      hard\n    }\n  }\n": typeof types.QuotaBars_NamespaceFragmentDoc,
    "\n  fragment PausedNotice_namespace on Namespace {\n    id\n    slug\n    reconciliationPaused\n  }\n": typeof types.PausedNotice_NamespaceFragmentDoc,
    "\n  mutation PauseReconciliation($input: UpdateNamespaceInput!) {\n    updateNamespace(input: $input) {\n      namespace {\n        id\n        reconciliationPaused\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n": typeof types.PauseReconciliationDocument,
    "\n  fragment RolloutStrip_rollout on Rollout {\n    cells {\n      podName\n      revision\n      isCurrent\n      state\n      reason\n    }\n  }\n": typeof types.RolloutStrip_RolloutFragmentDoc,
    "\n  fragment StatusBadge_status on WorkloadStatus {\n    phase\n  }\n": typeof types.StatusBadge_StatusFragmentDoc,
    "\n  fragment ObjectsFold_object on ObjectDiff {\n    kind\n    name\n    action\n    changes {\n      ...Changes_change\n    }\n  }\n": typeof types.ObjectsFold_ObjectFragmentDoc,
    "\n  fragment Timeline_entries on TimelineEntryConnection {\n    edges {\n      node {\n        id\n        ...TimelineItem_entry\n      }\n    }\n  }\n": typeof types.Timeline_EntriesFragmentDoc,
    "\n  fragment TimelineItem_entry on TimelineEntry {\n    id\n    kind\n    at\n    app\n    workloadId\n    revision\n    cause\n    message\n    author {\n      id\n      displayName\n    }\n    objects {\n      kind\n      name\n      action\n      changes {\n        path\n        before\n        after\n      }\n      ...ObjectsFold_object\n    }\n  }\n": typeof types.TimelineItem_EntryFragmentDoc,
    "\n  fragment UserErrors_error on UserError {\n    message\n    ... on PlanConflictError {\n      changes\n    }\n  }\n": typeof types.UserErrors_ErrorFragmentDoc,
    "\n  query Account {\n    viewer {\n      id\n      email\n      displayName\n      role\n      createdAt\n      apiTokens(first: 100) {\n        edges {\n          node {\n            id\n            ...TokenRow_token\n          }\n        }\n      }\n    }\n  }\n": typeof types.AccountDocument,
    "\n  mutation CreateApiToken($input: CreateApiTokenInput!) {\n    createApiToken(input: $input) {\n      apiToken {\n        id\n      }\n      secret\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n": typeof types.CreateApiTokenDocument,
    "\n  fragment TokenRow_token on ApiToken {\n    id\n    name\n    prefix\n    scopes\n    expiresAt\n    lastUsedAt\n  }\n": typeof types.TokenRow_TokenFragmentDoc,
    "\n  mutation RevokeApiToken($input: RevokeApiTokenInput!) {\n    revokeApiToken(input: $input) {\n      apiToken {\n        id\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n": typeof types.RevokeApiTokenDocument,
    "\n  fragment AppForm_form on WorkloadForm {\n    ...FormRules\n    ...FormKinds\n    ...SizePicker_form\n  }\n": typeof types.AppForm_FormFragmentDoc,
    "\n  fragment AppForm_namespace on Namespace {\n    quota {\n      resource\n      used\n      hard\n    }\n  }\n": typeof types.AppForm_NamespaceFragmentDoc,
    "\n  query AppForm($slug: String!, $name: String!, $isEdit: Boolean!) {\n    workloadForm {\n      ...AppForm_form\n    }\n    namespace(slug: $slug) {\n      id\n      name\n      ...AppForm_namespace\n    }\n    workload(namespace: $slug, name: $name) @include(if: $isEdit) {\n      id\n      rollout {\n        revision\n      }\n      ...FormValues_workload\n    }\n  }\n": typeof types.AppFormDocument,
    "\n  fragment FixButton_fix on SuggestedFix {\n    label\n    path\n    value\n  }\n": typeof types.FixButton_FixFragmentDoc,
    "\n  fragment PlanDiff_plan on WorkloadPlan {\n    diff {\n      kind\n      name\n      action\n      changes {\n        ...Changes_change\n      }\n    }\n  }\n": typeof types.PlanDiff_PlanFragmentDoc,
    "\n  fragment PlanFindings_plan on WorkloadPlan {\n    findings {\n      severity\n      message\n      fix {\n        ...FixButton_fix\n      }\n    }\n  }\n": typeof types.PlanFindings_PlanFragmentDoc,
    "\n  fragment PlanPanel_plan on WorkloadPlan {\n    id\n    action\n    manifests {\n      kind\n      name\n      yaml\n    }\n    ...PlanDiff_plan\n    ...PlanFindings_plan\n    ...PlanQuota_plan\n  }\n": typeof types.PlanPanel_PlanFragmentDoc,
    "\n  fragment PlanQuota_plan on WorkloadPlan {\n    quota {\n      resource\n      unit\n      after\n      peak\n      hard\n      fits\n    }\n  }\n": typeof types.PlanQuota_PlanFragmentDoc,
    "\n  fragment SizePicker_form on WorkloadForm {\n    sizes {\n      size\n      cpuRequest\n      cpuLimit\n      memoryRequest\n      memoryLimit\n    }\n  }\n": typeof types.SizePicker_FormFragmentDoc,
    "\n  fragment FormKinds on WorkloadForm {\n    kinds {\n      kind\n      name\n      controller\n      fields\n    }\n  }\n": typeof types.FormKindsFragmentDoc,
    "\n  query PastedWorkload($text: String!) {\n    pastedWorkload(text: $text) {\n      workload {\n        source\n        kind\n        name\n        image\n        port\n        size\n        replicas\n        environment {\n          name\n          value\n        }\n        secrets {\n          name\n          value\n        }\n        runAsUser\n        command\n        arguments\n        startup {\n          ...FormCheck\n        }\n        liveness {\n          ...FormCheck\n        }\n        readiness {\n          ...FormCheck\n        }\n        shutdownSeconds\n        volumes {\n          name\n          path\n          sizeGib\n          storageClass\n        }\n        schedule {\n          cron\n          timeZone\n          concurrency\n          suspended\n        }\n        retries\n        timeLimitSeconds\n        leftOut {\n          what\n          why\n        }\n      }\n      errors {\n        message\n        ... on InvalidInputError {\n          example\n        }\n      }\n    }\n  }\n": typeof types.PastedWorkloadDocument,
    "\n  fragment PlanRefusal on UserError {\n    message\n    path\n    ... on InvalidInputError {\n      example\n    }\n    ... on PlanConflictError {\n      changes\n    }\n    ... on QuotaExceededError {\n      fix {\n        ...FixButton_fix\n      }\n    }\n    ... on PolicyViolationError {\n      fix {\n        ...FixButton_fix\n      }\n    }\n  }\n": typeof types.PlanRefusalFragmentDoc,
    "\n  fragment FormRules on WorkloadForm {\n    rules {\n      field\n      message\n      example\n      required\n      pattern\n      maxLength\n      minimum\n      maximum\n      maxItems\n    }\n  }\n": typeof types.FormRulesFragmentDoc,
    "\n  mutation DeployWorkload($input: DeployWorkloadInput!) {\n    deployWorkload(input: $input) {\n      workload {\n        id\n        name\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n": typeof types.DeployWorkloadDocument,
    "\n  mutation PlanWorkload($input: PlanWorkloadInput!) {\n    planWorkload(input: $input) {\n      plan {\n        ...PlanPanel_plan\n      }\n      errors {\n        ...PlanRefusal\n      }\n    }\n  }\n": typeof types.PlanWorkloadDocument,
    "\n  fragment FormValues_workload on Workload {\n    id\n    name\n    spec {\n      kind\n      image\n      port\n      size\n      replicas\n      runAsUser\n      command\n      arguments\n      shutdownSeconds\n      surge\n      startup {\n        ...FormCheck\n      }\n      liveness {\n        ...FormCheck\n      }\n      readiness {\n        ...FormCheck\n      }\n      environment {\n        name\n        value\n      }\n      secrets {\n        name\n      }\n      volumes {\n        name\n        path\n        sizeGib\n        storageClass\n      }\n      schedule {\n        cron\n        timeZone\n        concurrency\n        suspended\n      }\n      retries\n      timeLimitSeconds\n    }\n  }\n": typeof types.FormValues_WorkloadFragmentDoc,
    "\n  fragment FormCheck on Probe {\n    path\n    command\n    delaySeconds\n    periodSeconds\n    timeoutSeconds\n    failures\n  }\n": typeof types.FormCheckFragmentDoc,
    "\n  query AppCharts($slug: String!, $name: String!, $range: Duration!) {\n    workload(namespace: $slug, name: $name) {\n      id\n      metrics(range: $range) {\n        ...UsageCharts_metrics\n      }\n    }\n  }\n": typeof types.AppChartsDocument,
    "\n  query App($slug: String!, $name: String!) {\n    workload(namespace: $slug, name: $name) {\n      id\n      name\n      namespace {\n        id\n        name\n        ...PausedNotice_namespace\n      }\n      status {\n        ...StatusBadge_status\n      }\n      spec {\n        kind\n      }\n      ...AppActions_workload\n      ...OverviewTab_workload\n    }\n  }\n": typeof types.AppDocument,
    "\n  fragment Conditions_status on WorkloadStatus {\n    conditions {\n      type\n      status\n      reason\n      message\n      lastTransition\n    }\n  }\n": typeof types.Conditions_StatusFragmentDoc,
    "\n  fragment Description_workload on Workload {\n    id\n    address\n    updatedAt\n    spec {\n      kind\n      schedule {\n        cron\n        timeZone\n        concurrency\n        suspended\n        explanation\n        nextRunAt\n      }\n      volumes {\n        name\n        path\n        sizeGib\n        storageClass\n      }\n      retries\n      timeLimitSeconds\n      image\n      port\n      size\n      replicas\n      runAsUser\n      command\n      arguments\n      shutdownSeconds\n      startup {\n        ...CheckText_probe\n      }\n      liveness {\n        ...CheckText_probe\n      }\n      readiness {\n        ...CheckText_probe\n      }\n      environment {\n        name\n        value\n      }\n      secrets {\n        name\n      }\n    }\n    rollout {\n      revision\n    }\n  }\n": typeof types.Description_WorkloadFragmentDoc,
    "\n  fragment DiagnosisPanel_workload on Workload {\n    id\n    name\n    status {\n      message\n    }\n    diagnosis {\n      __typename\n      ... on DiagnosisDetails {\n        message\n        pods\n        evidence {\n          source\n          kind\n          name\n          reason\n          message\n          at\n        }\n        fix {\n          label\n          path\n          value\n        }\n      }\n      ... on ImagePullFailure {\n        cause\n      }\n      ... on CrashLoop {\n        restarts\n        lastLines\n      }\n      ... on OutOfMemory {\n        lastLines\n      }\n    }\n  }\n": typeof types.DiagnosisPanel_WorkloadFragmentDoc,
    "\n  fragment EventsTab_workload on Workload {\n    id\n    events(first: 50) {\n      ...EventList_events\n    }\n  }\n": typeof types.EventsTab_WorkloadFragmentDoc,
    "\n  query AppEvents($slug: String!, $name: String!) {\n    workload(namespace: $slug, name: $name) {\n      id\n      ...EventsTab_workload\n    }\n  }\n": typeof types.AppEventsDocument,
    "\n  fragment ExportPanel_workload on Workload {\n    id\n    manifests: export(format: MANIFESTS) {\n      path\n      content\n    }\n    kustomize: export(format: KUSTOMIZE) {\n      path\n      content\n    }\n  }\n": typeof types.ExportPanel_WorkloadFragmentDoc,
    "\n  query AppManifest($slug: String!, $name: String!) {\n    workload(namespace: $slug, name: $name) {\n      id\n      manifest\n      ...ExportPanel_workload\n    }\n  }\n": typeof types.AppManifestDocument,
    "\n  query AppMetrics($slug: String!, $name: String!, $range: Duration!) {\n    workload(namespace: $slug, name: $name) {\n      id\n      metrics(range: $range) {\n        source\n        cpu {\n          ...MetricChart_result\n        }\n        memory {\n          ...MetricChart_result\n        }\n        networkReceive {\n          ...MetricChart_result\n        }\n        networkTransmit {\n          ...MetricChart_result\n        }\n        restarts {\n          ...MetricChart_result\n        }\n      }\n    }\n  }\n": typeof types.AppMetricsDocument,
    "\n  fragment OverviewTab_workload on Workload {\n    id\n    ...RolloutPanel_workload\n    ...DiagnosisPanel_workload\n    ...Description_workload\n    ...VolumesPanel_workload\n    status {\n      ...Conditions_status\n    }\n  }\n": typeof types.OverviewTab_WorkloadFragmentDoc,
    "\n  fragment PodsTab_workload on Workload {\n    id\n    pods(first: 100) {\n      edges {\n        node {\n          id\n          name\n          revision\n          state\n          restarts\n          reason\n          message\n          node\n          ip\n          createdAt\n        }\n      }\n    }\n  }\n": typeof types.PodsTab_WorkloadFragmentDoc,
    "\n  query AppPods($slug: String!, $name: String!) {\n    workload(namespace: $slug, name: $name) {\n      id\n      ...PodsTab_workload\n    }\n  }\n": typeof types.AppPodsDocument,
    "\n  fragment RevisionRow_revision on Revision {\n    id\n    number\n    cause\n    state\n    message\n    createdAt\n    isCurrent\n    author {\n      id\n      displayName\n    }\n    changes {\n      ...Changes_change\n    }\n  }\n": typeof types.RevisionRow_RevisionFragmentDoc,
    "\n  fragment RevisionsTab_workload on Workload {\n    id\n    revisions(first: 50) {\n      edges {\n        node {\n          id\n          isCurrent\n          ...RevisionRow_revision\n          ...Rollback_revision\n        }\n      }\n    }\n  }\n": typeof types.RevisionsTab_WorkloadFragmentDoc,
    "\n  query AppRevisions($slug: String!, $name: String!) {\n    workload(namespace: $slug, name: $name) {\n      id\n      ...RevisionsTab_workload\n    }\n  }\n": typeof types.AppRevisionsDocument,
    "\n  fragment RolloutPanel_workload on Workload {\n    id\n    spec {\n      kind\n    }\n    status {\n      phase\n      message\n      readyReplicas\n      desiredReplicas\n    }\n    rollout {\n      ...RolloutStrip_rollout\n      ...RolloutSteps_rollout\n    }\n  }\n": typeof types.RolloutPanel_WorkloadFragmentDoc,
    "\n  fragment RolloutSteps_rollout on Rollout {\n    steps {\n      name\n      title\n      state\n      message\n    }\n  }\n": typeof types.RolloutSteps_RolloutFragmentDoc,
    "\n  fragment RunsTab_workload on Workload {\n    id\n    runs(first: 50) {\n      edges {\n        node {\n          id\n          name\n          revision\n          trigger\n          state\n          message\n          createdAt\n          finishedAt\n        }\n      }\n    }\n  }\n": typeof types.RunsTab_WorkloadFragmentDoc,
    "\n  query AppRuns($slug: String!, $name: String!) {\n    workload(namespace: $slug, name: $name) {\n      id\n      ...RunsTab_workload\n    }\n  }\n": typeof types.AppRunsDocument,
    "\n  fragment TimelineTab_page on TimelineEntryConnection {\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n    ...Timeline_entries\n  }\n": typeof types.TimelineTab_PageFragmentDoc,
    "\n  query AppTimeline($slug: String!, $name: String!, $after: String) {\n    workload(namespace: $slug, name: $name) {\n      id\n      timeline(first: 25, after: $after) {\n        ...TimelineTab_page\n      }\n    }\n  }\n": typeof types.AppTimelineDocument,
    "\n  fragment VolumesPanel_workload on Workload {\n    id\n    volumeClaims(first: 100) {\n      edges {\n        node {\n          id\n          name\n          bound\n          capacity\n          storageClass\n        }\n      }\n    }\n  }\n": typeof types.VolumesPanel_WorkloadFragmentDoc,
    "\n  fragment AppActions_workload on Workload {\n    id\n    name\n    spec {\n      kind\n      replicas\n      schedule {\n        suspended\n      }\n    }\n  }\n": typeof types.AppActions_WorkloadFragmentDoc,
    "\n  mutation DeleteWorkload($input: DeleteWorkloadInput!) {\n    deleteWorkload(input: $input) {\n      deletedId\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n": typeof types.DeleteWorkloadDocument,
    "\n  mutation PauseWorkload($input: PauseWorkloadInput!) {\n    answer: pauseWorkload(input: $input) {\n      workload {\n        id\n        ...AppActions_workload\n        ...OverviewTab_workload\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n": typeof types.PauseWorkloadDocument,
    "\n  mutation ResumeWorkload($input: ResumeWorkloadInput!) {\n    answer: resumeWorkload(input: $input) {\n      workload {\n        id\n        ...AppActions_workload\n        ...OverviewTab_workload\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n": typeof types.ResumeWorkloadDocument,
    "\n  mutation RestartWorkload($input: RestartWorkloadInput!) {\n    restartWorkload(input: $input) {\n      workload {\n        id\n        ...RolloutPanel_workload\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n": typeof types.RestartWorkloadDocument,
    "\n  fragment Rollback_revision on Revision {\n    id\n    number\n    spec {\n      kind\n      schedule {\n        cron\n        timeZone\n        concurrency\n        suspended\n      }\n      volumes {\n        name\n        path\n        sizeGib\n        storageClass\n      }\n      retries\n      timeLimitSeconds\n      image\n      port\n      size\n      replicas\n      runAsUser\n      command\n      arguments\n      shutdownSeconds\n      surge\n      startup {\n        ...CheckText_probe\n      }\n      liveness {\n        ...CheckText_probe\n      }\n      readiness {\n        ...CheckText_probe\n      }\n      environment {\n        name\n        value\n      }\n      secrets {\n        name\n      }\n    }\n  }\n": typeof types.Rollback_RevisionFragmentDoc,
    "\n  mutation RollbackWorkload($input: RollbackWorkloadInput!) {\n    rollbackWorkload(input: $input) {\n      workload {\n        id\n        ...OverviewTab_workload\n        ...RevisionsTab_workload\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n": typeof types.RollbackWorkloadDocument,
    "\n  mutation RunWorkload($input: RunWorkloadInput!) {\n    runWorkload(input: $input) {\n      workload {\n        id\n        ...RolloutPanel_workload\n        ...RunsTab_workload\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n": typeof types.RunWorkloadDocument,
    "\n  mutation ScaleWorkload($input: ScaleWorkloadInput!) {\n    scaleWorkload(input: $input) {\n      workload {\n        id\n        ...RolloutPanel_workload\n        ...AppActions_workload\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n": typeof types.ScaleWorkloadDocument,
    "\n  subscription AppUpdated(\n    $slug: String!\n    $name: String!\n    $runs: Boolean!\n    $pods: Boolean!\n    $events: Boolean!\n    $revisions: Boolean!\n    $timeline: Boolean!\n  ) {\n    deploymentUpdated(namespace: $slug, name: $name) {\n      kind\n      workload {\n        id\n        status {\n          ...StatusBadge_status\n        }\n        ...AppActions_workload\n        ...OverviewTab_workload\n        ...RunsTab_workload @include(if: $runs)\n        ...PodsTab_workload @include(if: $pods)\n        ...EventsTab_workload @include(if: $events)\n        ...RevisionsTab_workload @include(if: $revisions)\n        timeline(first: 25) @include(if: $timeline) {\n          ...TimelineTab_page\n        }\n      }\n    }\n  }\n": typeof types.AppUpdatedDocument,
    "\n  mutation DeleteNamespace($input: DeleteNamespaceInput!) {\n    deleteNamespace(input: $input) {\n      deletedId\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n": typeof types.DeleteNamespaceDocument,
    "\n  fragment DeletedNotice_namespace on Namespace {\n    id\n    slug\n    deletedWorkloads(first: 100) {\n      edges {\n        node {\n          id\n          name\n        }\n      }\n    }\n  }\n": typeof types.DeletedNotice_NamespaceFragmentDoc,
    "\n  query NamespacePage($slug: String!, $range: Duration!) {\n    namespace(slug: $slug) {\n      id\n      name\n      slug\n      phase\n      ...PausedNotice_namespace\n      ...OverviewTab_namespace\n      ...SettingsTab_namespace\n    }\n  }\n": typeof types.NamespacePageDocument,
    "\n  subscription NamespaceUpdated($slug: String!) {\n    namespaceUpdated(slug: $slug) {\n      kind\n      workloadId\n      workload {\n        id\n        ...WorkloadRow_workload\n      }\n    }\n  }\n": typeof types.NamespaceUpdatedDocument,
    "\n  fragment OverviewTab_namespace on Namespace {\n    id\n    workloads(first: 100) {\n      ...WorkloadList_workloads\n    }\n    ...DeletedNotice_namespace\n    ...RecentlyDeleted_namespace\n    ...QuotaBars_namespace\n    metrics(range: $range) {\n      ...UsageCharts_metrics\n    }\n    events(first: 20) {\n      ...EventList_events\n    }\n  }\n": typeof types.OverviewTab_NamespaceFragmentDoc,
    "\n  fragment RecentlyDeleted_namespace on Namespace {\n    id\n    slug\n    deletedWorkloads(first: 100) {\n      edges {\n        node {\n          id\n          name\n          kind\n          deletedAt\n          restorableUntil\n        }\n      }\n    }\n  }\n": typeof types.RecentlyDeleted_NamespaceFragmentDoc,
    "\n  fragment SettingsTab_namespace on Namespace {\n    id\n    name\n    reconciliationPaused\n  }\n": typeof types.SettingsTab_NamespaceFragmentDoc,
    "\n  query NamespaceTimeline($slug: String!, $after: String) {\n    namespace(slug: $slug) {\n      id\n      timeline(first: 25, after: $after) {\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n        ...Timeline_entries\n      }\n      workloads(first: 100) {\n        edges {\n          node {\n            id\n          }\n        }\n      }\n    }\n  }\n": typeof types.NamespaceTimelineDocument,
    "\n  fragment WorkloadList_workloads on WorkloadConnection {\n    edges {\n      node {\n        id\n        ...WorkloadRow_workload\n      }\n    }\n  }\n": typeof types.WorkloadList_WorkloadsFragmentDoc,
    "\n  fragment WorkloadRow_workload on Workload {\n    id\n    name\n    updatedAt\n    spec {\n      image\n      size\n    }\n    status {\n      readyReplicas\n      desiredReplicas\n      ...StatusBadge_status\n    }\n    rollout {\n      ...RolloutStrip_rollout\n    }\n  }\n": typeof types.WorkloadRow_WorkloadFragmentDoc,
    "\n  mutation RestoreWorkload($input: RestoreWorkloadInput!) {\n    restoreWorkload(input: $input) {\n      workload {\n        id\n        name\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n": typeof types.RestoreWorkloadDocument,
    "\n  mutation CreateNamespace($input: CreateNamespaceInput!) {\n    createNamespace(input: $input) {\n      namespace {\n        id\n        slug\n      }\n      errors {\n        message\n      }\n    }\n  }\n": typeof types.CreateNamespaceDocument,
    "\n  fragment NamespaceCard_namespace on Namespace {\n    id\n    name\n    slug\n    phase\n    owner {\n      id\n      displayName\n    }\n    workloads(first: 6) {\n      totalCount\n      edges {\n        node {\n          id\n          rollout {\n            ...RolloutStrip_rollout\n          }\n        }\n      }\n    }\n  }\n": typeof types.NamespaceCard_NamespaceFragmentDoc,
    "\n  query Namespaces($after: String) {\n    namespaces(first: 60, after: $after) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      edges {\n        node {\n          id\n          ...NamespaceCard_namespace\n        }\n      }\n    }\n  }\n": typeof types.NamespacesDocument,
    "\n  query Users($after: String) {\n    users(first: 50, after: $after) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      edges {\n        node {\n          id\n          email\n          displayName\n          role\n          createdAt\n          namespaces(first: 1) {\n            totalCount\n          }\n        }\n      }\n    }\n  }\n": typeof types.UsersDocument,
};
const documents: Documents = {
    "\n  query Banners {\n    cluster {\n      isDemo\n      reachable\n      message\n    }\n  }\n": types.BannersDocument,
    "\n  fragment Changes_change on FieldChange {\n    path\n    action\n    before\n    after\n  }\n": types.Changes_ChangeFragmentDoc,
    "\n  fragment CheckText_probe on Probe {\n    path\n    command\n    delaySeconds\n    periodSeconds\n    timeoutSeconds\n    failures\n  }\n": types.CheckText_ProbeFragmentDoc,
    "\n  fragment EventList_events on EventConnection {\n    edges {\n      node {\n        id\n        type\n        reason\n        message\n        count\n        lastSeen\n        regarding {\n          kind\n          name\n        }\n      }\n    }\n  }\n": types.EventList_EventsFragmentDoc,
    "\n  fragment MetricChart_result on MetricResult {\n    __typename\n    ... on MetricSeries {\n      unit\n      latest\n      points {\n        at\n        value\n      }\n    }\n    ... on MetricNoData {\n      message\n    }\n    ... on MetricSourceDown {\n      message\n    }\n  }\n": types.MetricChart_ResultFragmentDoc,
    "\n  fragment UsageCharts_metrics on Metrics {\n    cpu {\n      ...MetricChart_result\n    }\n    memory {\n      ...MetricChart_result\n    }\n  }\n": types.UsageCharts_MetricsFragmentDoc,
    "\n  fragment QuotaBars_namespace on Namespace {\n    quota {\n      resource\n      unit\n      used\n      hard\n    }\n  }\n": types.QuotaBars_NamespaceFragmentDoc,
    "\n  fragment PausedNotice_namespace on Namespace {\n    id\n    slug\n    reconciliationPaused\n  }\n": types.PausedNotice_NamespaceFragmentDoc,
    "\n  mutation PauseReconciliation($input: UpdateNamespaceInput!) {\n    updateNamespace(input: $input) {\n      namespace {\n        id\n        reconciliationPaused\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n": types.PauseReconciliationDocument,
    "\n  fragment RolloutStrip_rollout on Rollout {\n    cells {\n      podName\n      revision\n      isCurrent\n      state\n      reason\n    }\n  }\n": types.RolloutStrip_RolloutFragmentDoc,
    "\n  fragment StatusBadge_status on WorkloadStatus {\n    phase\n  }\n": types.StatusBadge_StatusFragmentDoc,
    "\n  fragment ObjectsFold_object on ObjectDiff {\n    kind\n    name\n    action\n    changes {\n      ...Changes_change\n    }\n  }\n": types.ObjectsFold_ObjectFragmentDoc,
    "\n  fragment Timeline_entries on TimelineEntryConnection {\n    edges {\n      node {\n        id\n        ...TimelineItem_entry\n      }\n    }\n  }\n": types.Timeline_EntriesFragmentDoc,
    "\n  fragment TimelineItem_entry on TimelineEntry {\n    id\n    kind\n    at\n    app\n    workloadId\n    revision\n    cause\n    message\n    author {\n      id\n      displayName\n    }\n    objects {\n      kind\n      name\n      action\n      changes {\n        path\n        before\n        after\n      }\n      ...ObjectsFold_object\n    }\n  }\n": types.TimelineItem_EntryFragmentDoc,
    "\n  fragment UserErrors_error on UserError {\n    message\n    ... on PlanConflictError {\n      changes\n    }\n  }\n": types.UserErrors_ErrorFragmentDoc,
    "\n  query Account {\n    viewer {\n      id\n      email\n      displayName\n      role\n      createdAt\n      apiTokens(first: 100) {\n        edges {\n          node {\n            id\n            ...TokenRow_token\n          }\n        }\n      }\n    }\n  }\n": types.AccountDocument,
    "\n  mutation CreateApiToken($input: CreateApiTokenInput!) {\n    createApiToken(input: $input) {\n      apiToken {\n        id\n      }\n      secret\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n": types.CreateApiTokenDocument,
    "\n  fragment TokenRow_token on ApiToken {\n    id\n    name\n    prefix\n    scopes\n    expiresAt\n    lastUsedAt\n  }\n": types.TokenRow_TokenFragmentDoc,
    "\n  mutation RevokeApiToken($input: RevokeApiTokenInput!) {\n    revokeApiToken(input: $input) {\n      apiToken {\n        id\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n": types.RevokeApiTokenDocument,
    "\n  fragment AppForm_form on WorkloadForm {\n    ...FormRules\n    ...FormKinds\n    ...SizePicker_form\n  }\n": types.AppForm_FormFragmentDoc,
    "\n  fragment AppForm_namespace on Namespace {\n    quota {\n      resource\n      used\n      hard\n    }\n  }\n": types.AppForm_NamespaceFragmentDoc,
    "\n  query AppForm($slug: String!, $name: String!, $isEdit: Boolean!) {\n    workloadForm {\n      ...AppForm_form\n    }\n    namespace(slug: $slug) {\n      id\n      name\n      ...AppForm_namespace\n    }\n    workload(namespace: $slug, name: $name) @include(if: $isEdit) {\n      id\n      rollout {\n        revision\n      }\n      ...FormValues_workload\n    }\n  }\n": types.AppFormDocument,
    "\n  fragment FixButton_fix on SuggestedFix {\n    label\n    path\n    value\n  }\n": types.FixButton_FixFragmentDoc,
    "\n  fragment PlanDiff_plan on WorkloadPlan {\n    diff {\n      kind\n      name\n      action\n      changes {\n        ...Changes_change\n      }\n    }\n  }\n": types.PlanDiff_PlanFragmentDoc,
    "\n  fragment PlanFindings_plan on WorkloadPlan {\n    findings {\n      severity\n      message\n      fix {\n        ...FixButton_fix\n      }\n    }\n  }\n": types.PlanFindings_PlanFragmentDoc,
    "\n  fragment PlanPanel_plan on WorkloadPlan {\n    id\n    action\n    manifests {\n      kind\n      name\n      yaml\n    }\n    ...PlanDiff_plan\n    ...PlanFindings_plan\n    ...PlanQuota_plan\n  }\n": types.PlanPanel_PlanFragmentDoc,
    "\n  fragment PlanQuota_plan on WorkloadPlan {\n    quota {\n      resource\n      unit\n      after\n      peak\n      hard\n      fits\n    }\n  }\n": types.PlanQuota_PlanFragmentDoc,
    "\n  fragment SizePicker_form on WorkloadForm {\n    sizes {\n      size\n      cpuRequest\n      cpuLimit\n      memoryRequest\n      memoryLimit\n    }\n  }\n": types.SizePicker_FormFragmentDoc,
    "\n  fragment FormKinds on WorkloadForm {\n    kinds {\n      kind\n      name\n      controller\n      fields\n    }\n  }\n": types.FormKindsFragmentDoc,
    "\n  query PastedWorkload($text: String!) {\n    pastedWorkload(text: $text) {\n      workload {\n        source\n        kind\n        name\n        image\n        port\n        size\n        replicas\n        environment {\n          name\n          value\n        }\n        secrets {\n          name\n          value\n        }\n        runAsUser\n        command\n        arguments\n        startup {\n          ...FormCheck\n        }\n        liveness {\n          ...FormCheck\n        }\n        readiness {\n          ...FormCheck\n        }\n        shutdownSeconds\n        volumes {\n          name\n          path\n          sizeGib\n          storageClass\n        }\n        schedule {\n          cron\n          timeZone\n          concurrency\n          suspended\n        }\n        retries\n        timeLimitSeconds\n        leftOut {\n          what\n          why\n        }\n      }\n      errors {\n        message\n        ... on InvalidInputError {\n          example\n        }\n      }\n    }\n  }\n": types.PastedWorkloadDocument,
    "\n  fragment PlanRefusal on UserError {\n    message\n    path\n    ... on InvalidInputError {\n      example\n    }\n    ... on PlanConflictError {\n      changes\n    }\n    ... on QuotaExceededError {\n      fix {\n        ...FixButton_fix\n      }\n    }\n    ... on PolicyViolationError {\n      fix {\n        ...FixButton_fix\n      }\n    }\n  }\n": types.PlanRefusalFragmentDoc,
    "\n  fragment FormRules on WorkloadForm {\n    rules {\n      field\n      message\n      example\n      required\n      pattern\n      maxLength\n      minimum\n      maximum\n      maxItems\n    }\n  }\n": types.FormRulesFragmentDoc,
    "\n  mutation DeployWorkload($input: DeployWorkloadInput!) {\n    deployWorkload(input: $input) {\n      workload {\n        id\n        name\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n": types.DeployWorkloadDocument,
    "\n  mutation PlanWorkload($input: PlanWorkloadInput!) {\n    planWorkload(input: $input) {\n      plan {\n        ...PlanPanel_plan\n      }\n      errors {\n        ...PlanRefusal\n      }\n    }\n  }\n": types.PlanWorkloadDocument,
    "\n  fragment FormValues_workload on Workload {\n    id\n    name\n    spec {\n      kind\n      image\n      port\n      size\n      replicas\n      runAsUser\n      command\n      arguments\n      shutdownSeconds\n      surge\n      startup {\n        ...FormCheck\n      }\n      liveness {\n        ...FormCheck\n      }\n      readiness {\n        ...FormCheck\n      }\n      environment {\n        name\n        value\n      }\n      secrets {\n        name\n      }\n      volumes {\n        name\n        path\n        sizeGib\n        storageClass\n      }\n      schedule {\n        cron\n        timeZone\n        concurrency\n        suspended\n      }\n      retries\n      timeLimitSeconds\n    }\n  }\n": types.FormValues_WorkloadFragmentDoc,
    "\n  fragment FormCheck on Probe {\n    path\n    command\n    delaySeconds\n    periodSeconds\n    timeoutSeconds\n    failures\n  }\n": types.FormCheckFragmentDoc,
    "\n  query AppCharts($slug: String!, $name: String!, $range: Duration!) {\n    workload(namespace: $slug, name: $name) {\n      id\n      metrics(range: $range) {\n        ...UsageCharts_metrics\n      }\n    }\n  }\n": types.AppChartsDocument,
    "\n  query App($slug: String!, $name: String!) {\n    workload(namespace: $slug, name: $name) {\n      id\n      name\n      namespace {\n        id\n        name\n        ...PausedNotice_namespace\n      }\n      status {\n        ...StatusBadge_status\n      }\n      spec {\n        kind\n      }\n      ...AppActions_workload\n      ...OverviewTab_workload\n    }\n  }\n": types.AppDocument,
    "\n  fragment Conditions_status on WorkloadStatus {\n    conditions {\n      type\n      status\n      reason\n      message\n      lastTransition\n    }\n  }\n": types.Conditions_StatusFragmentDoc,
    "\n  fragment Description_workload on Workload {\n    id\n    address\n    updatedAt\n    spec {\n      kind\n      schedule {\n        cron\n        timeZone\n        concurrency\n        suspended\n        explanation\n        nextRunAt\n      }\n      volumes {\n        name\n        path\n        sizeGib\n        storageClass\n      }\n      retries\n      timeLimitSeconds\n      image\n      port\n      size\n      replicas\n      runAsUser\n      command\n      arguments\n      shutdownSeconds\n      startup {\n        ...CheckText_probe\n      }\n      liveness {\n        ...CheckText_probe\n      }\n      readiness {\n        ...CheckText_probe\n      }\n      environment {\n        name\n        value\n      }\n      secrets {\n        name\n      }\n    }\n    rollout {\n      revision\n    }\n  }\n": types.Description_WorkloadFragmentDoc,
    "\n  fragment DiagnosisPanel_workload on Workload {\n    id\n    name\n    status {\n      message\n    }\n    diagnosis {\n      __typename\n      ... on DiagnosisDetails {\n        message\n        pods\n        evidence {\n          source\n          kind\n          name\n          reason\n          message\n          at\n        }\n        fix {\n          label\n          path\n          value\n        }\n      }\n      ... on ImagePullFailure {\n        cause\n      }\n      ... on CrashLoop {\n        restarts\n        lastLines\n      }\n      ... on OutOfMemory {\n        lastLines\n      }\n    }\n  }\n": types.DiagnosisPanel_WorkloadFragmentDoc,
    "\n  fragment EventsTab_workload on Workload {\n    id\n    events(first: 50) {\n      ...EventList_events\n    }\n  }\n": types.EventsTab_WorkloadFragmentDoc,
    "\n  query AppEvents($slug: String!, $name: String!) {\n    workload(namespace: $slug, name: $name) {\n      id\n      ...EventsTab_workload\n    }\n  }\n": types.AppEventsDocument,
    "\n  fragment ExportPanel_workload on Workload {\n    id\n    manifests: export(format: MANIFESTS) {\n      path\n      content\n    }\n    kustomize: export(format: KUSTOMIZE) {\n      path\n      content\n    }\n  }\n": types.ExportPanel_WorkloadFragmentDoc,
    "\n  query AppManifest($slug: String!, $name: String!) {\n    workload(namespace: $slug, name: $name) {\n      id\n      manifest\n      ...ExportPanel_workload\n    }\n  }\n": types.AppManifestDocument,
    "\n  query AppMetrics($slug: String!, $name: String!, $range: Duration!) {\n    workload(namespace: $slug, name: $name) {\n      id\n      metrics(range: $range) {\n        source\n        cpu {\n          ...MetricChart_result\n        }\n        memory {\n          ...MetricChart_result\n        }\n        networkReceive {\n          ...MetricChart_result\n        }\n        networkTransmit {\n          ...MetricChart_result\n        }\n        restarts {\n          ...MetricChart_result\n        }\n      }\n    }\n  }\n": types.AppMetricsDocument,
    "\n  fragment OverviewTab_workload on Workload {\n    id\n    ...RolloutPanel_workload\n    ...DiagnosisPanel_workload\n    ...Description_workload\n    ...VolumesPanel_workload\n    status {\n      ...Conditions_status\n    }\n  }\n": types.OverviewTab_WorkloadFragmentDoc,
    "\n  fragment PodsTab_workload on Workload {\n    id\n    pods(first: 100) {\n      edges {\n        node {\n          id\n          name\n          revision\n          state\n          restarts\n          reason\n          message\n          node\n          ip\n          createdAt\n        }\n      }\n    }\n  }\n": types.PodsTab_WorkloadFragmentDoc,
    "\n  query AppPods($slug: String!, $name: String!) {\n    workload(namespace: $slug, name: $name) {\n      id\n      ...PodsTab_workload\n    }\n  }\n": types.AppPodsDocument,
    "\n  fragment RevisionRow_revision on Revision {\n    id\n    number\n    cause\n    state\n    message\n    createdAt\n    isCurrent\n    author {\n      id\n      displayName\n    }\n    changes {\n      ...Changes_change\n    }\n  }\n": types.RevisionRow_RevisionFragmentDoc,
    "\n  fragment RevisionsTab_workload on Workload {\n    id\n    revisions(first: 50) {\n      edges {\n        node {\n          id\n          isCurrent\n          ...RevisionRow_revision\n          ...Rollback_revision\n        }\n      }\n    }\n  }\n": types.RevisionsTab_WorkloadFragmentDoc,
    "\n  query AppRevisions($slug: String!, $name: String!) {\n    workload(namespace: $slug, name: $name) {\n      id\n      ...RevisionsTab_workload\n    }\n  }\n": types.AppRevisionsDocument,
    "\n  fragment RolloutPanel_workload on Workload {\n    id\n    spec {\n      kind\n    }\n    status {\n      phase\n      message\n      readyReplicas\n      desiredReplicas\n    }\n    rollout {\n      ...RolloutStrip_rollout\n      ...RolloutSteps_rollout\n    }\n  }\n": types.RolloutPanel_WorkloadFragmentDoc,
    "\n  fragment RolloutSteps_rollout on Rollout {\n    steps {\n      name\n      title\n      state\n      message\n    }\n  }\n": types.RolloutSteps_RolloutFragmentDoc,
    "\n  fragment RunsTab_workload on Workload {\n    id\n    runs(first: 50) {\n      edges {\n        node {\n          id\n          name\n          revision\n          trigger\n          state\n          message\n          createdAt\n          finishedAt\n        }\n      }\n    }\n  }\n": types.RunsTab_WorkloadFragmentDoc,
    "\n  query AppRuns($slug: String!, $name: String!) {\n    workload(namespace: $slug, name: $name) {\n      id\n      ...RunsTab_workload\n    }\n  }\n": types.AppRunsDocument,
    "\n  fragment TimelineTab_page on TimelineEntryConnection {\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n    ...Timeline_entries\n  }\n": types.TimelineTab_PageFragmentDoc,
    "\n  query AppTimeline($slug: String!, $name: String!, $after: String) {\n    workload(namespace: $slug, name: $name) {\n      id\n      timeline(first: 25, after: $after) {\n        ...TimelineTab_page\n      }\n    }\n  }\n": types.AppTimelineDocument,
    "\n  fragment VolumesPanel_workload on Workload {\n    id\n    volumeClaims(first: 100) {\n      edges {\n        node {\n          id\n          name\n          bound\n          capacity\n          storageClass\n        }\n      }\n    }\n  }\n": types.VolumesPanel_WorkloadFragmentDoc,
    "\n  fragment AppActions_workload on Workload {\n    id\n    name\n    spec {\n      kind\n      replicas\n      schedule {\n        suspended\n      }\n    }\n  }\n": types.AppActions_WorkloadFragmentDoc,
    "\n  mutation DeleteWorkload($input: DeleteWorkloadInput!) {\n    deleteWorkload(input: $input) {\n      deletedId\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n": types.DeleteWorkloadDocument,
    "\n  mutation PauseWorkload($input: PauseWorkloadInput!) {\n    answer: pauseWorkload(input: $input) {\n      workload {\n        id\n        ...AppActions_workload\n        ...OverviewTab_workload\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n": types.PauseWorkloadDocument,
    "\n  mutation ResumeWorkload($input: ResumeWorkloadInput!) {\n    answer: resumeWorkload(input: $input) {\n      workload {\n        id\n        ...AppActions_workload\n        ...OverviewTab_workload\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n": types.ResumeWorkloadDocument,
    "\n  mutation RestartWorkload($input: RestartWorkloadInput!) {\n    restartWorkload(input: $input) {\n      workload {\n        id\n        ...RolloutPanel_workload\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n": types.RestartWorkloadDocument,
    "\n  fragment Rollback_revision on Revision {\n    id\n    number\n    spec {\n      kind\n      schedule {\n        cron\n        timeZone\n        concurrency\n        suspended\n      }\n      volumes {\n        name\n        path\n        sizeGib\n        storageClass\n      }\n      retries\n      timeLimitSeconds\n      image\n      port\n      size\n      replicas\n      runAsUser\n      command\n      arguments\n      shutdownSeconds\n      surge\n      startup {\n        ...CheckText_probe\n      }\n      liveness {\n        ...CheckText_probe\n      }\n      readiness {\n        ...CheckText_probe\n      }\n      environment {\n        name\n        value\n      }\n      secrets {\n        name\n      }\n    }\n  }\n": types.Rollback_RevisionFragmentDoc,
    "\n  mutation RollbackWorkload($input: RollbackWorkloadInput!) {\n    rollbackWorkload(input: $input) {\n      workload {\n        id\n        ...OverviewTab_workload\n        ...RevisionsTab_workload\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n": types.RollbackWorkloadDocument,
    "\n  mutation RunWorkload($input: RunWorkloadInput!) {\n    runWorkload(input: $input) {\n      workload {\n        id\n        ...RolloutPanel_workload\n        ...RunsTab_workload\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n": types.RunWorkloadDocument,
    "\n  mutation ScaleWorkload($input: ScaleWorkloadInput!) {\n    scaleWorkload(input: $input) {\n      workload {\n        id\n        ...RolloutPanel_workload\n        ...AppActions_workload\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n": types.ScaleWorkloadDocument,
    "\n  subscription AppUpdated(\n    $slug: String!\n    $name: String!\n    $runs: Boolean!\n    $pods: Boolean!\n    $events: Boolean!\n    $revisions: Boolean!\n    $timeline: Boolean!\n  ) {\n    deploymentUpdated(namespace: $slug, name: $name) {\n      kind\n      workload {\n        id\n        status {\n          ...StatusBadge_status\n        }\n        ...AppActions_workload\n        ...OverviewTab_workload\n        ...RunsTab_workload @include(if: $runs)\n        ...PodsTab_workload @include(if: $pods)\n        ...EventsTab_workload @include(if: $events)\n        ...RevisionsTab_workload @include(if: $revisions)\n        timeline(first: 25) @include(if: $timeline) {\n          ...TimelineTab_page\n        }\n      }\n    }\n  }\n": types.AppUpdatedDocument,
    "\n  mutation DeleteNamespace($input: DeleteNamespaceInput!) {\n    deleteNamespace(input: $input) {\n      deletedId\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n": types.DeleteNamespaceDocument,
    "\n  fragment DeletedNotice_namespace on Namespace {\n    id\n    slug\n    deletedWorkloads(first: 100) {\n      edges {\n        node {\n          id\n          name\n        }\n      }\n    }\n  }\n": types.DeletedNotice_NamespaceFragmentDoc,
    "\n  query NamespacePage($slug: String!, $range: Duration!) {\n    namespace(slug: $slug) {\n      id\n      name\n      slug\n      phase\n      ...PausedNotice_namespace\n      ...OverviewTab_namespace\n      ...SettingsTab_namespace\n    }\n  }\n": types.NamespacePageDocument,
    "\n  subscription NamespaceUpdated($slug: String!) {\n    namespaceUpdated(slug: $slug) {\n      kind\n      workloadId\n      workload {\n        id\n        ...WorkloadRow_workload\n      }\n    }\n  }\n": types.NamespaceUpdatedDocument,
    "\n  fragment OverviewTab_namespace on Namespace {\n    id\n    workloads(first: 100) {\n      ...WorkloadList_workloads\n    }\n    ...DeletedNotice_namespace\n    ...RecentlyDeleted_namespace\n    ...QuotaBars_namespace\n    metrics(range: $range) {\n      ...UsageCharts_metrics\n    }\n    events(first: 20) {\n      ...EventList_events\n    }\n  }\n": types.OverviewTab_NamespaceFragmentDoc,
    "\n  fragment RecentlyDeleted_namespace on Namespace {\n    id\n    slug\n    deletedWorkloads(first: 100) {\n      edges {\n        node {\n          id\n          name\n          kind\n          deletedAt\n          restorableUntil\n        }\n      }\n    }\n  }\n": types.RecentlyDeleted_NamespaceFragmentDoc,
    "\n  fragment SettingsTab_namespace on Namespace {\n    id\n    name\n    reconciliationPaused\n  }\n": types.SettingsTab_NamespaceFragmentDoc,
    "\n  query NamespaceTimeline($slug: String!, $after: String) {\n    namespace(slug: $slug) {\n      id\n      timeline(first: 25, after: $after) {\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n        ...Timeline_entries\n      }\n      workloads(first: 100) {\n        edges {\n          node {\n            id\n          }\n        }\n      }\n    }\n  }\n": types.NamespaceTimelineDocument,
    "\n  fragment WorkloadList_workloads on WorkloadConnection {\n    edges {\n      node {\n        id\n        ...WorkloadRow_workload\n      }\n    }\n  }\n": types.WorkloadList_WorkloadsFragmentDoc,
    "\n  fragment WorkloadRow_workload on Workload {\n    id\n    name\n    updatedAt\n    spec {\n      image\n      size\n    }\n    status {\n      readyReplicas\n      desiredReplicas\n      ...StatusBadge_status\n    }\n    rollout {\n      ...RolloutStrip_rollout\n    }\n  }\n": types.WorkloadRow_WorkloadFragmentDoc,
    "\n  mutation RestoreWorkload($input: RestoreWorkloadInput!) {\n    restoreWorkload(input: $input) {\n      workload {\n        id\n        name\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n": types.RestoreWorkloadDocument,
    "\n  mutation CreateNamespace($input: CreateNamespaceInput!) {\n    createNamespace(input: $input) {\n      namespace {\n        id\n        slug\n      }\n      errors {\n        message\n      }\n    }\n  }\n": types.CreateNamespaceDocument,
    "\n  fragment NamespaceCard_namespace on Namespace {\n    id\n    name\n    slug\n    phase\n    owner {\n      id\n      displayName\n    }\n    workloads(first: 6) {\n      totalCount\n      edges {\n        node {\n          id\n          rollout {\n            ...RolloutStrip_rollout\n          }\n        }\n      }\n    }\n  }\n": types.NamespaceCard_NamespaceFragmentDoc,
    "\n  query Namespaces($after: String) {\n    namespaces(first: 60, after: $after) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      edges {\n        node {\n          id\n          ...NamespaceCard_namespace\n        }\n      }\n    }\n  }\n": types.NamespacesDocument,
    "\n  query Users($after: String) {\n    users(first: 50, after: $after) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      edges {\n        node {\n          id\n          email\n          displayName\n          role\n          createdAt\n          namespaces(first: 1) {\n            totalCount\n          }\n        }\n      }\n    }\n  }\n": types.UsersDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Banners {\n    cluster {\n      isDemo\n      reachable\n      message\n    }\n  }\n"): (typeof documents)["\n  query Banners {\n    cluster {\n      isDemo\n      reachable\n      message\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Changes_change on FieldChange {\n    path\n    action\n    before\n    after\n  }\n"): (typeof documents)["\n  fragment Changes_change on FieldChange {\n    path\n    action\n    before\n    after\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment CheckText_probe on Probe {\n    path\n    command\n    delaySeconds\n    periodSeconds\n    timeoutSeconds\n    failures\n  }\n"): (typeof documents)["\n  fragment CheckText_probe on Probe {\n    path\n    command\n    delaySeconds\n    periodSeconds\n    timeoutSeconds\n    failures\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment EventList_events on EventConnection {\n    edges {\n      node {\n        id\n        type\n        reason\n        message\n        count\n        lastSeen\n        regarding {\n          kind\n          name\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment EventList_events on EventConnection {\n    edges {\n      node {\n        id\n        type\n        reason\n        message\n        count\n        lastSeen\n        regarding {\n          kind\n          name\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment MetricChart_result on MetricResult {\n    __typename\n    ... on MetricSeries {\n      unit\n      latest\n      points {\n        at\n        value\n      }\n    }\n    ... on MetricNoData {\n      message\n    }\n    ... on MetricSourceDown {\n      message\n    }\n  }\n"): (typeof documents)["\n  fragment MetricChart_result on MetricResult {\n    __typename\n    ... on MetricSeries {\n      unit\n      latest\n      points {\n        at\n        value\n      }\n    }\n    ... on MetricNoData {\n      message\n    }\n    ... on MetricSourceDown {\n      message\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment UsageCharts_metrics on Metrics {\n    cpu {\n      ...MetricChart_result\n    }\n    memory {\n      ...MetricChart_result\n    }\n  }\n"): (typeof documents)["\n  fragment UsageCharts_metrics on Metrics {\n    cpu {\n      ...MetricChart_result\n    }\n    memory {\n      ...MetricChart_result\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment QuotaBars_namespace on Namespace {\n    quota {\n      resource\n      unit\n      used\n      hard\n    }\n  }\n"): (typeof documents)["\n  fragment QuotaBars_namespace on Namespace {\n    quota {\n      resource\n      unit\n      used\n      hard\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment PausedNotice_namespace on Namespace {\n    id\n    slug\n    reconciliationPaused\n  }\n"): (typeof documents)["\n  fragment PausedNotice_namespace on Namespace {\n    id\n    slug\n    reconciliationPaused\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PauseReconciliation($input: UpdateNamespaceInput!) {\n    updateNamespace(input: $input) {\n      namespace {\n        id\n        reconciliationPaused\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation PauseReconciliation($input: UpdateNamespaceInput!) {\n    updateNamespace(input: $input) {\n      namespace {\n        id\n        reconciliationPaused\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment RolloutStrip_rollout on Rollout {\n    cells {\n      podName\n      revision\n      isCurrent\n      state\n      reason\n    }\n  }\n"): (typeof documents)["\n  fragment RolloutStrip_rollout on Rollout {\n    cells {\n      podName\n      revision\n      isCurrent\n      state\n      reason\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment StatusBadge_status on WorkloadStatus {\n    phase\n  }\n"): (typeof documents)["\n  fragment StatusBadge_status on WorkloadStatus {\n    phase\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ObjectsFold_object on ObjectDiff {\n    kind\n    name\n    action\n    changes {\n      ...Changes_change\n    }\n  }\n"): (typeof documents)["\n  fragment ObjectsFold_object on ObjectDiff {\n    kind\n    name\n    action\n    changes {\n      ...Changes_change\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Timeline_entries on TimelineEntryConnection {\n    edges {\n      node {\n        id\n        ...TimelineItem_entry\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment Timeline_entries on TimelineEntryConnection {\n    edges {\n      node {\n        id\n        ...TimelineItem_entry\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment TimelineItem_entry on TimelineEntry {\n    id\n    kind\n    at\n    app\n    workloadId\n    revision\n    cause\n    message\n    author {\n      id\n      displayName\n    }\n    objects {\n      kind\n      name\n      action\n      changes {\n        path\n        before\n        after\n      }\n      ...ObjectsFold_object\n    }\n  }\n"): (typeof documents)["\n  fragment TimelineItem_entry on TimelineEntry {\n    id\n    kind\n    at\n    app\n    workloadId\n    revision\n    cause\n    message\n    author {\n      id\n      displayName\n    }\n    objects {\n      kind\n      name\n      action\n      changes {\n        path\n        before\n        after\n      }\n      ...ObjectsFold_object\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment UserErrors_error on UserError {\n    message\n    ... on PlanConflictError {\n      changes\n    }\n  }\n"): (typeof documents)["\n  fragment UserErrors_error on UserError {\n    message\n    ... on PlanConflictError {\n      changes\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Account {\n    viewer {\n      id\n      email\n      displayName\n      role\n      createdAt\n      apiTokens(first: 100) {\n        edges {\n          node {\n            id\n            ...TokenRow_token\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Account {\n    viewer {\n      id\n      email\n      displayName\n      role\n      createdAt\n      apiTokens(first: 100) {\n        edges {\n          node {\n            id\n            ...TokenRow_token\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateApiToken($input: CreateApiTokenInput!) {\n    createApiToken(input: $input) {\n      apiToken {\n        id\n      }\n      secret\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateApiToken($input: CreateApiTokenInput!) {\n    createApiToken(input: $input) {\n      apiToken {\n        id\n      }\n      secret\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment TokenRow_token on ApiToken {\n    id\n    name\n    prefix\n    scopes\n    expiresAt\n    lastUsedAt\n  }\n"): (typeof documents)["\n  fragment TokenRow_token on ApiToken {\n    id\n    name\n    prefix\n    scopes\n    expiresAt\n    lastUsedAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RevokeApiToken($input: RevokeApiTokenInput!) {\n    revokeApiToken(input: $input) {\n      apiToken {\n        id\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RevokeApiToken($input: RevokeApiTokenInput!) {\n    revokeApiToken(input: $input) {\n      apiToken {\n        id\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment AppForm_form on WorkloadForm {\n    ...FormRules\n    ...FormKinds\n    ...SizePicker_form\n  }\n"): (typeof documents)["\n  fragment AppForm_form on WorkloadForm {\n    ...FormRules\n    ...FormKinds\n    ...SizePicker_form\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment AppForm_namespace on Namespace {\n    quota {\n      resource\n      used\n      hard\n    }\n  }\n"): (typeof documents)["\n  fragment AppForm_namespace on Namespace {\n    quota {\n      resource\n      used\n      hard\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AppForm($slug: String!, $name: String!, $isEdit: Boolean!) {\n    workloadForm {\n      ...AppForm_form\n    }\n    namespace(slug: $slug) {\n      id\n      name\n      ...AppForm_namespace\n    }\n    workload(namespace: $slug, name: $name) @include(if: $isEdit) {\n      id\n      rollout {\n        revision\n      }\n      ...FormValues_workload\n    }\n  }\n"): (typeof documents)["\n  query AppForm($slug: String!, $name: String!, $isEdit: Boolean!) {\n    workloadForm {\n      ...AppForm_form\n    }\n    namespace(slug: $slug) {\n      id\n      name\n      ...AppForm_namespace\n    }\n    workload(namespace: $slug, name: $name) @include(if: $isEdit) {\n      id\n      rollout {\n        revision\n      }\n      ...FormValues_workload\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment FixButton_fix on SuggestedFix {\n    label\n    path\n    value\n  }\n"): (typeof documents)["\n  fragment FixButton_fix on SuggestedFix {\n    label\n    path\n    value\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment PlanDiff_plan on WorkloadPlan {\n    diff {\n      kind\n      name\n      action\n      changes {\n        ...Changes_change\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment PlanDiff_plan on WorkloadPlan {\n    diff {\n      kind\n      name\n      action\n      changes {\n        ...Changes_change\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment PlanFindings_plan on WorkloadPlan {\n    findings {\n      severity\n      message\n      fix {\n        ...FixButton_fix\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment PlanFindings_plan on WorkloadPlan {\n    findings {\n      severity\n      message\n      fix {\n        ...FixButton_fix\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment PlanPanel_plan on WorkloadPlan {\n    id\n    action\n    manifests {\n      kind\n      name\n      yaml\n    }\n    ...PlanDiff_plan\n    ...PlanFindings_plan\n    ...PlanQuota_plan\n  }\n"): (typeof documents)["\n  fragment PlanPanel_plan on WorkloadPlan {\n    id\n    action\n    manifests {\n      kind\n      name\n      yaml\n    }\n    ...PlanDiff_plan\n    ...PlanFindings_plan\n    ...PlanQuota_plan\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment PlanQuota_plan on WorkloadPlan {\n    quota {\n      resource\n      unit\n      after\n      peak\n      hard\n      fits\n    }\n  }\n"): (typeof documents)["\n  fragment PlanQuota_plan on WorkloadPlan {\n    quota {\n      resource\n      unit\n      after\n      peak\n      hard\n      fits\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment SizePicker_form on WorkloadForm {\n    sizes {\n      size\n      cpuRequest\n      cpuLimit\n      memoryRequest\n      memoryLimit\n    }\n  }\n"): (typeof documents)["\n  fragment SizePicker_form on WorkloadForm {\n    sizes {\n      size\n      cpuRequest\n      cpuLimit\n      memoryRequest\n      memoryLimit\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment FormKinds on WorkloadForm {\n    kinds {\n      kind\n      name\n      controller\n      fields\n    }\n  }\n"): (typeof documents)["\n  fragment FormKinds on WorkloadForm {\n    kinds {\n      kind\n      name\n      controller\n      fields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PastedWorkload($text: String!) {\n    pastedWorkload(text: $text) {\n      workload {\n        source\n        kind\n        name\n        image\n        port\n        size\n        replicas\n        environment {\n          name\n          value\n        }\n        secrets {\n          name\n          value\n        }\n        runAsUser\n        command\n        arguments\n        startup {\n          ...FormCheck\n        }\n        liveness {\n          ...FormCheck\n        }\n        readiness {\n          ...FormCheck\n        }\n        shutdownSeconds\n        volumes {\n          name\n          path\n          sizeGib\n          storageClass\n        }\n        schedule {\n          cron\n          timeZone\n          concurrency\n          suspended\n        }\n        retries\n        timeLimitSeconds\n        leftOut {\n          what\n          why\n        }\n      }\n      errors {\n        message\n        ... on InvalidInputError {\n          example\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query PastedWorkload($text: String!) {\n    pastedWorkload(text: $text) {\n      workload {\n        source\n        kind\n        name\n        image\n        port\n        size\n        replicas\n        environment {\n          name\n          value\n        }\n        secrets {\n          name\n          value\n        }\n        runAsUser\n        command\n        arguments\n        startup {\n          ...FormCheck\n        }\n        liveness {\n          ...FormCheck\n        }\n        readiness {\n          ...FormCheck\n        }\n        shutdownSeconds\n        volumes {\n          name\n          path\n          sizeGib\n          storageClass\n        }\n        schedule {\n          cron\n          timeZone\n          concurrency\n          suspended\n        }\n        retries\n        timeLimitSeconds\n        leftOut {\n          what\n          why\n        }\n      }\n      errors {\n        message\n        ... on InvalidInputError {\n          example\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment PlanRefusal on UserError {\n    message\n    path\n    ... on InvalidInputError {\n      example\n    }\n    ... on PlanConflictError {\n      changes\n    }\n    ... on QuotaExceededError {\n      fix {\n        ...FixButton_fix\n      }\n    }\n    ... on PolicyViolationError {\n      fix {\n        ...FixButton_fix\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment PlanRefusal on UserError {\n    message\n    path\n    ... on InvalidInputError {\n      example\n    }\n    ... on PlanConflictError {\n      changes\n    }\n    ... on QuotaExceededError {\n      fix {\n        ...FixButton_fix\n      }\n    }\n    ... on PolicyViolationError {\n      fix {\n        ...FixButton_fix\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment FormRules on WorkloadForm {\n    rules {\n      field\n      message\n      example\n      required\n      pattern\n      maxLength\n      minimum\n      maximum\n      maxItems\n    }\n  }\n"): (typeof documents)["\n  fragment FormRules on WorkloadForm {\n    rules {\n      field\n      message\n      example\n      required\n      pattern\n      maxLength\n      minimum\n      maximum\n      maxItems\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeployWorkload($input: DeployWorkloadInput!) {\n    deployWorkload(input: $input) {\n      workload {\n        id\n        name\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DeployWorkload($input: DeployWorkloadInput!) {\n    deployWorkload(input: $input) {\n      workload {\n        id\n        name\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PlanWorkload($input: PlanWorkloadInput!) {\n    planWorkload(input: $input) {\n      plan {\n        ...PlanPanel_plan\n      }\n      errors {\n        ...PlanRefusal\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation PlanWorkload($input: PlanWorkloadInput!) {\n    planWorkload(input: $input) {\n      plan {\n        ...PlanPanel_plan\n      }\n      errors {\n        ...PlanRefusal\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment FormValues_workload on Workload {\n    id\n    name\n    spec {\n      kind\n      image\n      port\n      size\n      replicas\n      runAsUser\n      command\n      arguments\n      shutdownSeconds\n      surge\n      startup {\n        ...FormCheck\n      }\n      liveness {\n        ...FormCheck\n      }\n      readiness {\n        ...FormCheck\n      }\n      environment {\n        name\n        value\n      }\n      secrets {\n        name\n      }\n      volumes {\n        name\n        path\n        sizeGib\n        storageClass\n      }\n      schedule {\n        cron\n        timeZone\n        concurrency\n        suspended\n      }\n      retries\n      timeLimitSeconds\n    }\n  }\n"): (typeof documents)["\n  fragment FormValues_workload on Workload {\n    id\n    name\n    spec {\n      kind\n      image\n      port\n      size\n      replicas\n      runAsUser\n      command\n      arguments\n      shutdownSeconds\n      surge\n      startup {\n        ...FormCheck\n      }\n      liveness {\n        ...FormCheck\n      }\n      readiness {\n        ...FormCheck\n      }\n      environment {\n        name\n        value\n      }\n      secrets {\n        name\n      }\n      volumes {\n        name\n        path\n        sizeGib\n        storageClass\n      }\n      schedule {\n        cron\n        timeZone\n        concurrency\n        suspended\n      }\n      retries\n      timeLimitSeconds\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment FormCheck on Probe {\n    path\n    command\n    delaySeconds\n    periodSeconds\n    timeoutSeconds\n    failures\n  }\n"): (typeof documents)["\n  fragment FormCheck on Probe {\n    path\n    command\n    delaySeconds\n    periodSeconds\n    timeoutSeconds\n    failures\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AppCharts($slug: String!, $name: String!, $range: Duration!) {\n    workload(namespace: $slug, name: $name) {\n      id\n      metrics(range: $range) {\n        ...UsageCharts_metrics\n      }\n    }\n  }\n"): (typeof documents)["\n  query AppCharts($slug: String!, $name: String!, $range: Duration!) {\n    workload(namespace: $slug, name: $name) {\n      id\n      metrics(range: $range) {\n        ...UsageCharts_metrics\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query App($slug: String!, $name: String!) {\n    workload(namespace: $slug, name: $name) {\n      id\n      name\n      namespace {\n        id\n        name\n        ...PausedNotice_namespace\n      }\n      status {\n        ...StatusBadge_status\n      }\n      spec {\n        kind\n      }\n      ...AppActions_workload\n      ...OverviewTab_workload\n    }\n  }\n"): (typeof documents)["\n  query App($slug: String!, $name: String!) {\n    workload(namespace: $slug, name: $name) {\n      id\n      name\n      namespace {\n        id\n        name\n        ...PausedNotice_namespace\n      }\n      status {\n        ...StatusBadge_status\n      }\n      spec {\n        kind\n      }\n      ...AppActions_workload\n      ...OverviewTab_workload\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Conditions_status on WorkloadStatus {\n    conditions {\n      type\n      status\n      reason\n      message\n      lastTransition\n    }\n  }\n"): (typeof documents)["\n  fragment Conditions_status on WorkloadStatus {\n    conditions {\n      type\n      status\n      reason\n      message\n      lastTransition\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Description_workload on Workload {\n    id\n    address\n    updatedAt\n    spec {\n      kind\n      schedule {\n        cron\n        timeZone\n        concurrency\n        suspended\n        explanation\n        nextRunAt\n      }\n      volumes {\n        name\n        path\n        sizeGib\n        storageClass\n      }\n      retries\n      timeLimitSeconds\n      image\n      port\n      size\n      replicas\n      runAsUser\n      command\n      arguments\n      shutdownSeconds\n      startup {\n        ...CheckText_probe\n      }\n      liveness {\n        ...CheckText_probe\n      }\n      readiness {\n        ...CheckText_probe\n      }\n      environment {\n        name\n        value\n      }\n      secrets {\n        name\n      }\n    }\n    rollout {\n      revision\n    }\n  }\n"): (typeof documents)["\n  fragment Description_workload on Workload {\n    id\n    address\n    updatedAt\n    spec {\n      kind\n      schedule {\n        cron\n        timeZone\n        concurrency\n        suspended\n        explanation\n        nextRunAt\n      }\n      volumes {\n        name\n        path\n        sizeGib\n        storageClass\n      }\n      retries\n      timeLimitSeconds\n      image\n      port\n      size\n      replicas\n      runAsUser\n      command\n      arguments\n      shutdownSeconds\n      startup {\n        ...CheckText_probe\n      }\n      liveness {\n        ...CheckText_probe\n      }\n      readiness {\n        ...CheckText_probe\n      }\n      environment {\n        name\n        value\n      }\n      secrets {\n        name\n      }\n    }\n    rollout {\n      revision\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment DiagnosisPanel_workload on Workload {\n    id\n    name\n    status {\n      message\n    }\n    diagnosis {\n      __typename\n      ... on DiagnosisDetails {\n        message\n        pods\n        evidence {\n          source\n          kind\n          name\n          reason\n          message\n          at\n        }\n        fix {\n          label\n          path\n          value\n        }\n      }\n      ... on ImagePullFailure {\n        cause\n      }\n      ... on CrashLoop {\n        restarts\n        lastLines\n      }\n      ... on OutOfMemory {\n        lastLines\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment DiagnosisPanel_workload on Workload {\n    id\n    name\n    status {\n      message\n    }\n    diagnosis {\n      __typename\n      ... on DiagnosisDetails {\n        message\n        pods\n        evidence {\n          source\n          kind\n          name\n          reason\n          message\n          at\n        }\n        fix {\n          label\n          path\n          value\n        }\n      }\n      ... on ImagePullFailure {\n        cause\n      }\n      ... on CrashLoop {\n        restarts\n        lastLines\n      }\n      ... on OutOfMemory {\n        lastLines\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment EventsTab_workload on Workload {\n    id\n    events(first: 50) {\n      ...EventList_events\n    }\n  }\n"): (typeof documents)["\n  fragment EventsTab_workload on Workload {\n    id\n    events(first: 50) {\n      ...EventList_events\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AppEvents($slug: String!, $name: String!) {\n    workload(namespace: $slug, name: $name) {\n      id\n      ...EventsTab_workload\n    }\n  }\n"): (typeof documents)["\n  query AppEvents($slug: String!, $name: String!) {\n    workload(namespace: $slug, name: $name) {\n      id\n      ...EventsTab_workload\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ExportPanel_workload on Workload {\n    id\n    manifests: export(format: MANIFESTS) {\n      path\n      content\n    }\n    kustomize: export(format: KUSTOMIZE) {\n      path\n      content\n    }\n  }\n"): (typeof documents)["\n  fragment ExportPanel_workload on Workload {\n    id\n    manifests: export(format: MANIFESTS) {\n      path\n      content\n    }\n    kustomize: export(format: KUSTOMIZE) {\n      path\n      content\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AppManifest($slug: String!, $name: String!) {\n    workload(namespace: $slug, name: $name) {\n      id\n      manifest\n      ...ExportPanel_workload\n    }\n  }\n"): (typeof documents)["\n  query AppManifest($slug: String!, $name: String!) {\n    workload(namespace: $slug, name: $name) {\n      id\n      manifest\n      ...ExportPanel_workload\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AppMetrics($slug: String!, $name: String!, $range: Duration!) {\n    workload(namespace: $slug, name: $name) {\n      id\n      metrics(range: $range) {\n        source\n        cpu {\n          ...MetricChart_result\n        }\n        memory {\n          ...MetricChart_result\n        }\n        networkReceive {\n          ...MetricChart_result\n        }\n        networkTransmit {\n          ...MetricChart_result\n        }\n        restarts {\n          ...MetricChart_result\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query AppMetrics($slug: String!, $name: String!, $range: Duration!) {\n    workload(namespace: $slug, name: $name) {\n      id\n      metrics(range: $range) {\n        source\n        cpu {\n          ...MetricChart_result\n        }\n        memory {\n          ...MetricChart_result\n        }\n        networkReceive {\n          ...MetricChart_result\n        }\n        networkTransmit {\n          ...MetricChart_result\n        }\n        restarts {\n          ...MetricChart_result\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment OverviewTab_workload on Workload {\n    id\n    ...RolloutPanel_workload\n    ...DiagnosisPanel_workload\n    ...Description_workload\n    ...VolumesPanel_workload\n    status {\n      ...Conditions_status\n    }\n  }\n"): (typeof documents)["\n  fragment OverviewTab_workload on Workload {\n    id\n    ...RolloutPanel_workload\n    ...DiagnosisPanel_workload\n    ...Description_workload\n    ...VolumesPanel_workload\n    status {\n      ...Conditions_status\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment PodsTab_workload on Workload {\n    id\n    pods(first: 100) {\n      edges {\n        node {\n          id\n          name\n          revision\n          state\n          restarts\n          reason\n          message\n          node\n          ip\n          createdAt\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment PodsTab_workload on Workload {\n    id\n    pods(first: 100) {\n      edges {\n        node {\n          id\n          name\n          revision\n          state\n          restarts\n          reason\n          message\n          node\n          ip\n          createdAt\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AppPods($slug: String!, $name: String!) {\n    workload(namespace: $slug, name: $name) {\n      id\n      ...PodsTab_workload\n    }\n  }\n"): (typeof documents)["\n  query AppPods($slug: String!, $name: String!) {\n    workload(namespace: $slug, name: $name) {\n      id\n      ...PodsTab_workload\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment RevisionRow_revision on Revision {\n    id\n    number\n    cause\n    state\n    message\n    createdAt\n    isCurrent\n    author {\n      id\n      displayName\n    }\n    changes {\n      ...Changes_change\n    }\n  }\n"): (typeof documents)["\n  fragment RevisionRow_revision on Revision {\n    id\n    number\n    cause\n    state\n    message\n    createdAt\n    isCurrent\n    author {\n      id\n      displayName\n    }\n    changes {\n      ...Changes_change\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment RevisionsTab_workload on Workload {\n    id\n    revisions(first: 50) {\n      edges {\n        node {\n          id\n          isCurrent\n          ...RevisionRow_revision\n          ...Rollback_revision\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment RevisionsTab_workload on Workload {\n    id\n    revisions(first: 50) {\n      edges {\n        node {\n          id\n          isCurrent\n          ...RevisionRow_revision\n          ...Rollback_revision\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AppRevisions($slug: String!, $name: String!) {\n    workload(namespace: $slug, name: $name) {\n      id\n      ...RevisionsTab_workload\n    }\n  }\n"): (typeof documents)["\n  query AppRevisions($slug: String!, $name: String!) {\n    workload(namespace: $slug, name: $name) {\n      id\n      ...RevisionsTab_workload\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment RolloutPanel_workload on Workload {\n    id\n    spec {\n      kind\n    }\n    status {\n      phase\n      message\n      readyReplicas\n      desiredReplicas\n    }\n    rollout {\n      ...RolloutStrip_rollout\n      ...RolloutSteps_rollout\n    }\n  }\n"): (typeof documents)["\n  fragment RolloutPanel_workload on Workload {\n    id\n    spec {\n      kind\n    }\n    status {\n      phase\n      message\n      readyReplicas\n      desiredReplicas\n    }\n    rollout {\n      ...RolloutStrip_rollout\n      ...RolloutSteps_rollout\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment RolloutSteps_rollout on Rollout {\n    steps {\n      name\n      title\n      state\n      message\n    }\n  }\n"): (typeof documents)["\n  fragment RolloutSteps_rollout on Rollout {\n    steps {\n      name\n      title\n      state\n      message\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment RunsTab_workload on Workload {\n    id\n    runs(first: 50) {\n      edges {\n        node {\n          id\n          name\n          revision\n          trigger\n          state\n          message\n          createdAt\n          finishedAt\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment RunsTab_workload on Workload {\n    id\n    runs(first: 50) {\n      edges {\n        node {\n          id\n          name\n          revision\n          trigger\n          state\n          message\n          createdAt\n          finishedAt\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AppRuns($slug: String!, $name: String!) {\n    workload(namespace: $slug, name: $name) {\n      id\n      ...RunsTab_workload\n    }\n  }\n"): (typeof documents)["\n  query AppRuns($slug: String!, $name: String!) {\n    workload(namespace: $slug, name: $name) {\n      id\n      ...RunsTab_workload\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment TimelineTab_page on TimelineEntryConnection {\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n    ...Timeline_entries\n  }\n"): (typeof documents)["\n  fragment TimelineTab_page on TimelineEntryConnection {\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n    ...Timeline_entries\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AppTimeline($slug: String!, $name: String!, $after: String) {\n    workload(namespace: $slug, name: $name) {\n      id\n      timeline(first: 25, after: $after) {\n        ...TimelineTab_page\n      }\n    }\n  }\n"): (typeof documents)["\n  query AppTimeline($slug: String!, $name: String!, $after: String) {\n    workload(namespace: $slug, name: $name) {\n      id\n      timeline(first: 25, after: $after) {\n        ...TimelineTab_page\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment VolumesPanel_workload on Workload {\n    id\n    volumeClaims(first: 100) {\n      edges {\n        node {\n          id\n          name\n          bound\n          capacity\n          storageClass\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment VolumesPanel_workload on Workload {\n    id\n    volumeClaims(first: 100) {\n      edges {\n        node {\n          id\n          name\n          bound\n          capacity\n          storageClass\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment AppActions_workload on Workload {\n    id\n    name\n    spec {\n      kind\n      replicas\n      schedule {\n        suspended\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment AppActions_workload on Workload {\n    id\n    name\n    spec {\n      kind\n      replicas\n      schedule {\n        suspended\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteWorkload($input: DeleteWorkloadInput!) {\n    deleteWorkload(input: $input) {\n      deletedId\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DeleteWorkload($input: DeleteWorkloadInput!) {\n    deleteWorkload(input: $input) {\n      deletedId\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PauseWorkload($input: PauseWorkloadInput!) {\n    answer: pauseWorkload(input: $input) {\n      workload {\n        id\n        ...AppActions_workload\n        ...OverviewTab_workload\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation PauseWorkload($input: PauseWorkloadInput!) {\n    answer: pauseWorkload(input: $input) {\n      workload {\n        id\n        ...AppActions_workload\n        ...OverviewTab_workload\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ResumeWorkload($input: ResumeWorkloadInput!) {\n    answer: resumeWorkload(input: $input) {\n      workload {\n        id\n        ...AppActions_workload\n        ...OverviewTab_workload\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ResumeWorkload($input: ResumeWorkloadInput!) {\n    answer: resumeWorkload(input: $input) {\n      workload {\n        id\n        ...AppActions_workload\n        ...OverviewTab_workload\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RestartWorkload($input: RestartWorkloadInput!) {\n    restartWorkload(input: $input) {\n      workload {\n        id\n        ...RolloutPanel_workload\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RestartWorkload($input: RestartWorkloadInput!) {\n    restartWorkload(input: $input) {\n      workload {\n        id\n        ...RolloutPanel_workload\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Rollback_revision on Revision {\n    id\n    number\n    spec {\n      kind\n      schedule {\n        cron\n        timeZone\n        concurrency\n        suspended\n      }\n      volumes {\n        name\n        path\n        sizeGib\n        storageClass\n      }\n      retries\n      timeLimitSeconds\n      image\n      port\n      size\n      replicas\n      runAsUser\n      command\n      arguments\n      shutdownSeconds\n      surge\n      startup {\n        ...CheckText_probe\n      }\n      liveness {\n        ...CheckText_probe\n      }\n      readiness {\n        ...CheckText_probe\n      }\n      environment {\n        name\n        value\n      }\n      secrets {\n        name\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment Rollback_revision on Revision {\n    id\n    number\n    spec {\n      kind\n      schedule {\n        cron\n        timeZone\n        concurrency\n        suspended\n      }\n      volumes {\n        name\n        path\n        sizeGib\n        storageClass\n      }\n      retries\n      timeLimitSeconds\n      image\n      port\n      size\n      replicas\n      runAsUser\n      command\n      arguments\n      shutdownSeconds\n      surge\n      startup {\n        ...CheckText_probe\n      }\n      liveness {\n        ...CheckText_probe\n      }\n      readiness {\n        ...CheckText_probe\n      }\n      environment {\n        name\n        value\n      }\n      secrets {\n        name\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RollbackWorkload($input: RollbackWorkloadInput!) {\n    rollbackWorkload(input: $input) {\n      workload {\n        id\n        ...OverviewTab_workload\n        ...RevisionsTab_workload\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RollbackWorkload($input: RollbackWorkloadInput!) {\n    rollbackWorkload(input: $input) {\n      workload {\n        id\n        ...OverviewTab_workload\n        ...RevisionsTab_workload\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RunWorkload($input: RunWorkloadInput!) {\n    runWorkload(input: $input) {\n      workload {\n        id\n        ...RolloutPanel_workload\n        ...RunsTab_workload\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RunWorkload($input: RunWorkloadInput!) {\n    runWorkload(input: $input) {\n      workload {\n        id\n        ...RolloutPanel_workload\n        ...RunsTab_workload\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ScaleWorkload($input: ScaleWorkloadInput!) {\n    scaleWorkload(input: $input) {\n      workload {\n        id\n        ...RolloutPanel_workload\n        ...AppActions_workload\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ScaleWorkload($input: ScaleWorkloadInput!) {\n    scaleWorkload(input: $input) {\n      workload {\n        id\n        ...RolloutPanel_workload\n        ...AppActions_workload\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription AppUpdated(\n    $slug: String!\n    $name: String!\n    $runs: Boolean!\n    $pods: Boolean!\n    $events: Boolean!\n    $revisions: Boolean!\n    $timeline: Boolean!\n  ) {\n    deploymentUpdated(namespace: $slug, name: $name) {\n      kind\n      workload {\n        id\n        status {\n          ...StatusBadge_status\n        }\n        ...AppActions_workload\n        ...OverviewTab_workload\n        ...RunsTab_workload @include(if: $runs)\n        ...PodsTab_workload @include(if: $pods)\n        ...EventsTab_workload @include(if: $events)\n        ...RevisionsTab_workload @include(if: $revisions)\n        timeline(first: 25) @include(if: $timeline) {\n          ...TimelineTab_page\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription AppUpdated(\n    $slug: String!\n    $name: String!\n    $runs: Boolean!\n    $pods: Boolean!\n    $events: Boolean!\n    $revisions: Boolean!\n    $timeline: Boolean!\n  ) {\n    deploymentUpdated(namespace: $slug, name: $name) {\n      kind\n      workload {\n        id\n        status {\n          ...StatusBadge_status\n        }\n        ...AppActions_workload\n        ...OverviewTab_workload\n        ...RunsTab_workload @include(if: $runs)\n        ...PodsTab_workload @include(if: $pods)\n        ...EventsTab_workload @include(if: $events)\n        ...RevisionsTab_workload @include(if: $revisions)\n        timeline(first: 25) @include(if: $timeline) {\n          ...TimelineTab_page\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteNamespace($input: DeleteNamespaceInput!) {\n    deleteNamespace(input: $input) {\n      deletedId\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DeleteNamespace($input: DeleteNamespaceInput!) {\n    deleteNamespace(input: $input) {\n      deletedId\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment DeletedNotice_namespace on Namespace {\n    id\n    slug\n    deletedWorkloads(first: 100) {\n      edges {\n        node {\n          id\n          name\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment DeletedNotice_namespace on Namespace {\n    id\n    slug\n    deletedWorkloads(first: 100) {\n      edges {\n        node {\n          id\n          name\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query NamespacePage($slug: String!, $range: Duration!) {\n    namespace(slug: $slug) {\n      id\n      name\n      slug\n      phase\n      ...PausedNotice_namespace\n      ...OverviewTab_namespace\n      ...SettingsTab_namespace\n    }\n  }\n"): (typeof documents)["\n  query NamespacePage($slug: String!, $range: Duration!) {\n    namespace(slug: $slug) {\n      id\n      name\n      slug\n      phase\n      ...PausedNotice_namespace\n      ...OverviewTab_namespace\n      ...SettingsTab_namespace\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription NamespaceUpdated($slug: String!) {\n    namespaceUpdated(slug: $slug) {\n      kind\n      workloadId\n      workload {\n        id\n        ...WorkloadRow_workload\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription NamespaceUpdated($slug: String!) {\n    namespaceUpdated(slug: $slug) {\n      kind\n      workloadId\n      workload {\n        id\n        ...WorkloadRow_workload\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment OverviewTab_namespace on Namespace {\n    id\n    workloads(first: 100) {\n      ...WorkloadList_workloads\n    }\n    ...DeletedNotice_namespace\n    ...RecentlyDeleted_namespace\n    ...QuotaBars_namespace\n    metrics(range: $range) {\n      ...UsageCharts_metrics\n    }\n    events(first: 20) {\n      ...EventList_events\n    }\n  }\n"): (typeof documents)["\n  fragment OverviewTab_namespace on Namespace {\n    id\n    workloads(first: 100) {\n      ...WorkloadList_workloads\n    }\n    ...DeletedNotice_namespace\n    ...RecentlyDeleted_namespace\n    ...QuotaBars_namespace\n    metrics(range: $range) {\n      ...UsageCharts_metrics\n    }\n    events(first: 20) {\n      ...EventList_events\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment RecentlyDeleted_namespace on Namespace {\n    id\n    slug\n    deletedWorkloads(first: 100) {\n      edges {\n        node {\n          id\n          name\n          kind\n          deletedAt\n          restorableUntil\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment RecentlyDeleted_namespace on Namespace {\n    id\n    slug\n    deletedWorkloads(first: 100) {\n      edges {\n        node {\n          id\n          name\n          kind\n          deletedAt\n          restorableUntil\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment SettingsTab_namespace on Namespace {\n    id\n    name\n    reconciliationPaused\n  }\n"): (typeof documents)["\n  fragment SettingsTab_namespace on Namespace {\n    id\n    name\n    reconciliationPaused\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query NamespaceTimeline($slug: String!, $after: String) {\n    namespace(slug: $slug) {\n      id\n      timeline(first: 25, after: $after) {\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n        ...Timeline_entries\n      }\n      workloads(first: 100) {\n        edges {\n          node {\n            id\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query NamespaceTimeline($slug: String!, $after: String) {\n    namespace(slug: $slug) {\n      id\n      timeline(first: 25, after: $after) {\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n        ...Timeline_entries\n      }\n      workloads(first: 100) {\n        edges {\n          node {\n            id\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment WorkloadList_workloads on WorkloadConnection {\n    edges {\n      node {\n        id\n        ...WorkloadRow_workload\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment WorkloadList_workloads on WorkloadConnection {\n    edges {\n      node {\n        id\n        ...WorkloadRow_workload\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment WorkloadRow_workload on Workload {\n    id\n    name\n    updatedAt\n    spec {\n      image\n      size\n    }\n    status {\n      readyReplicas\n      desiredReplicas\n      ...StatusBadge_status\n    }\n    rollout {\n      ...RolloutStrip_rollout\n    }\n  }\n"): (typeof documents)["\n  fragment WorkloadRow_workload on Workload {\n    id\n    name\n    updatedAt\n    spec {\n      image\n      size\n    }\n    status {\n      readyReplicas\n      desiredReplicas\n      ...StatusBadge_status\n    }\n    rollout {\n      ...RolloutStrip_rollout\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RestoreWorkload($input: RestoreWorkloadInput!) {\n    restoreWorkload(input: $input) {\n      workload {\n        id\n        name\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RestoreWorkload($input: RestoreWorkloadInput!) {\n    restoreWorkload(input: $input) {\n      workload {\n        id\n        name\n      }\n      errors {\n        ...UserErrors_error\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateNamespace($input: CreateNamespaceInput!) {\n    createNamespace(input: $input) {\n      namespace {\n        id\n        slug\n      }\n      errors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateNamespace($input: CreateNamespaceInput!) {\n    createNamespace(input: $input) {\n      namespace {\n        id\n        slug\n      }\n      errors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment NamespaceCard_namespace on Namespace {\n    id\n    name\n    slug\n    phase\n    owner {\n      id\n      displayName\n    }\n    workloads(first: 6) {\n      totalCount\n      edges {\n        node {\n          id\n          rollout {\n            ...RolloutStrip_rollout\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment NamespaceCard_namespace on Namespace {\n    id\n    name\n    slug\n    phase\n    owner {\n      id\n      displayName\n    }\n    workloads(first: 6) {\n      totalCount\n      edges {\n        node {\n          id\n          rollout {\n            ...RolloutStrip_rollout\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Namespaces($after: String) {\n    namespaces(first: 60, after: $after) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      edges {\n        node {\n          id\n          ...NamespaceCard_namespace\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Namespaces($after: String) {\n    namespaces(first: 60, after: $after) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      edges {\n        node {\n          id\n          ...NamespaceCard_namespace\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Users($after: String) {\n    users(first: 50, after: $after) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      edges {\n        node {\n          id\n          email\n          displayName\n          role\n          createdAt\n          namespaces(first: 1) {\n            totalCount\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Users($after: String) {\n    users(first: 50, after: $after) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      edges {\n        node {\n          id\n          email\n          displayName\n          role\n          createdAt\n          namespaces(first: 1) {\n            totalCount\n          }\n        }\n      }\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;