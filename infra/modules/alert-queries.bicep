import { alertQuery } from 'types.bicep'

// What a transaction said last is the state that it is in: see Logs.cs. What lasts is said again each day; a question looks two days back at most.
// The watchdog knows who waits by right, for a person or a day. Who watches it: one that it cannot look at, and that it is silent itself.
// What lacks writes may go on, be parked or end before anybody looks: it is shown for two days, whatever it says later.
// What is logged with an exception lands among the exceptions, and not among the traces.
var stuck = '''
AppTraces
| where tostring(Properties.EventName) in ('TransactionStarted', 'StepParked', 'StepResumed', 'TransactionRaised', 'TransactionEnded')
| extend EventName = tostring(Properties.EventName), Transaction = tostring(Properties.Transaction)
| summarize arg_max(TimeGenerated, EventName) by Transaction
| where EventName == 'TransactionRaised'
| project Transaction
| union (union AppTraces, AppExceptions
    | where tostring(Properties.EventName) == 'TransactionNotWatched' and TimeGenerated > ago(20m)
    | summarize Times = count() by Transaction = tostring(Properties.Transaction)
    | where Times > 2)
| union (AppTraces
    | summarize First = min(TimeGenerated), Last = maxif(TimeGenerated, tostring(Properties.EventName) == 'TransactionsWatched')
    | where First < ago(15m) and (isnull(Last) or Last < ago(15m))
    | project Transaction = 'all: nobody watches')
| union (AppTraces
    | where tostring(Properties.EventName) == 'WritesLost'
    | summarize by Transaction = tostring(Properties.Transaction))
'''

// Each step by itself: another of the same transaction that goes on says nothing of it, nor does that the transaction was raised.
var parked = '''
AppTraces
| where tostring(Properties.EventName) in ('StepParked', 'StepResumed')
| extend EventName = tostring(Properties.EventName), Transaction = tostring(Properties.Transaction), Step = tostring(Properties.Step)
| summarize arg_max(TimeGenerated, EventName) by Transaction, Step
| where EventName == 'StepParked'
| join kind=leftouter (AppTraces
    | where tostring(Properties.EventName) == 'TransactionEnded'
    | summarize Ended = max(TimeGenerated) by Transaction = tostring(Properties.Transaction)) on Transaction
| where isnull(Ended) or Ended < TimeGenerated
'''

@export()
@description('What the logs are asked.')
var alertQueries alertQuery[] = [
  {
    name: 'failed-executions'
    runbook: 'failed-executions'
    description: 'A function fails again and again. What it was about is tried again: watch for what is parked or dead-lettered next.'
    severity: 2
    splits: ['Function']
    lookBack: 'PT15M'
    query: '''
AppRequests
| where Success == false and ResultCode !startswith '4'
| summarize Failures = sum(ItemCount) by Function = OperationName
| where Failures > 5
'''
  }
  {
    name: 'stuck-transactions'
    runbook: 'stuck-transactions'
    description: 'The watchdog has raised a transaction: it failed, or said nothing for 15 minutes without a right to, or lacks what it wrote. Or the watchdog itself says nothing.'
    severity: 1
    splits: []
    lookBack: 'P2D'
    query: stuck
  }
  {
    name: 'parked-compensations'
    runbook: 'parked-compensations'
    description: 'A step can be neither done nor undone and waits for a person: somebody may have paid for what they do not get.'
    severity: 1
    splits: ['Step']
    lookBack: 'P2D'
    query: parked
  }
  {
    name: 'projection-lag'
    runbook: 'projection-lag'
    description: 'A read model shows events a minute late, or has not taken one for a minute: customers see what was, not what is.'
    severity: 3
    splits: ['Projection']
    lookBack: 'PT15M'
    query: '''
AppMetrics
| where Name in ('atomic.projection.lag', 'atomic.projection.waiting.age')
| summarize Seconds = max(Max) by Projection = tostring(Properties.projection)
| where Seconds > 60
'''
  }
  {
    name: 'event-store-export-failed'
    runbook: 'event-store-export-failed'
    description: 'The event store has not been exported for 26 hours. Tables cannot be undeleted: what is not exported can be lost.'
    severity: 1
    splits: []
    lookBack: 'P2D'
    query: '''
AppTraces
| where tostring(Properties.EventName) == 'EventStoreExported' and TimeGenerated > ago(26h)
| count
| where Count == 0
'''
  }
  {
    name: 'telemetry-capped'
    runbook: 'telemetry-capped'
    description: 'The workspace has taken its gigabytes of the day and records nothing more: every other alert on logs is blind until tomorrow.'
    severity: 2
    splits: []
    lookBack: 'PT15M'
    query: '_LogOperation | where Category =~ \'Ingestion\' and Detail has \'OverQuota\''
  }
]
