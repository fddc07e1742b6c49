import { tags as tagsOf } from 'types.bicep'
import { alertQueries } from 'alert-queries.bicep'

@description('Where the alerts live.')
param location string

@description('Tags of every resource.')
param tags tagsOf

@description('Id of the workspace that is asked.')
param workspaceId string

@description('Who is told.')
param actionGroupId string

@description('Where the runbooks are published: each alert names its page below.')
param runbooks string

resource rules 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for alert in alertQueries: {
    name: alert.name
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: alert.name
      description: '${alert.description} Runbook: ${runbooks}/${alert.runbook}.md'
      severity: alert.severity
      enabled: true
      autoMitigate: true
      scopes: [workspaceId]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      overrideQueryTimeRange: alert.lookBack == 'PT15M' ? null : alert.lookBack
      criteria: {
        allOf: [
          {
            query: alert.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            dimensions: [for split in alert.splits: { name: split, operator: 'Include', values: ['*'] }]
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: [actionGroupId], customProperties: { runbook: '${runbooks}/${alert.runbook}.md' } }
    }
  }
]
