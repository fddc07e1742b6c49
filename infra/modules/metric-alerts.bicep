import { tags as tagsOf } from 'types.bicep'

@description('Tags of every resource.')
param tags tagsOf

@description('Id of the Service Bus namespace.')
param serviceBusId string

@description('Id of the account of the event store.')
param eventStoreId string

@description('Who is told.')
param actionGroupId string

@description('Where the runbooks are published: each alert names its page below.')
param runbooks string

var throttled = ['ClientThrottlingError', 'ClientAccountBandwidthThrottlingError', 'ClientAccountRequestThrottlingError', 'ServerBusyError']

var alerts = [
  {
    name: 'dead-letters'
    runbook: 'dead-letters'
    description: 'A queue or topic holds messages that were given up: commands not carried out, or events that a read model lacks.'
    severity: 2
    scope: serviceBusId
    metric: 'DeadletteredMessages'
    aggregation: 'Maximum'
    threshold: 0
    window: 'PT5M'
    split: 'EntityName'
    of: ['*']
  }
  {
    name: 'service-bus-throttling'
    runbook: 'throttling'
    description: 'Service Bus turns requests away. Senders try again and wait longer; transactions take longer.'
    severity: 2
    scope: serviceBusId
    metric: 'ThrottledRequests'
    aggregation: 'Total'
    threshold: 10
    window: 'PT15M'
    split: 'EntityName'
    of: ['*']
  }
  {
    name: 'event-store-throttling'
    runbook: 'throttling'
    description: 'The account of the event store turns requests away. Appends try again and wait longer; transactions take longer.'
    severity: 2
    scope: eventStoreId
    metric: 'Transactions'
    aggregation: 'Total'
    threshold: 10
    window: 'PT15M'
    split: 'ResponseType'
    of: throttled
  }
  {
    name: 'projection-backlog'
    runbook: 'projection-lag'
    description: 'Events or commands pile up faster than they are taken: read models show what was, not what is.'
    severity: 3
    scope: serviceBusId
    metric: 'ActiveMessages'
    aggregation: 'Minimum'
    threshold: 1000
    window: 'PT15M'
    split: 'EntityName'
    of: ['*']
  }
]

resource rules 'Microsoft.Insights/metricAlerts@2026-01-01' = [
  for alert in alerts: {
    name: alert.name
    location: 'global'
    tags: tags
    properties: {
      description: '${alert.description} Runbook: ${runbooks}/${alert.runbook}.md'
      severity: alert.severity
      enabled: true
      autoMitigate: true
      scopes: [alert.scope]
      evaluationFrequency: 'PT5M'
      windowSize: alert.window
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            name: alert.name
            criterionType: 'StaticThresholdCriterion'
            metricName: alert.metric
            timeAggregation: alert.aggregation
            operator: 'GreaterThan'
            threshold: alert.threshold
            dimensions: [{ name: alert.split, operator: 'Include', values: alert.of }]
          }
        ]
      }
      actions: [{ actionGroupId: actionGroupId, webHookProperties: { runbook: '${runbooks}/${alert.runbook}.md' } }]
    }
  }
]
