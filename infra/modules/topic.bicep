import { topic as topicOf } from 'topology.bicep'

@description('Name of the namespace that it is in.')
param namespaceName string

@description('The topic and who reads it.')
param topic topicOf

resource namespace 'Microsoft.ServiceBus/namespaces@2026-01-01' existing = {
  name: namespaceName
}

resource created 'Microsoft.ServiceBus/namespaces/topics@2026-01-01' = {
  parent: namespace
  name: topic.name
  properties: { defaultMessageTimeToLive: topic.timeToLive }
}

resource subscriptions 'Microsoft.ServiceBus/namespaces/topics/subscriptions@2026-01-01' = [
  for each in topic.subscriptions: {
    parent: created
    name: each.name
    properties: {
      lockDuration: each.lockDuration
      maxDeliveryCount: each.maxDeliveryCount
      defaultMessageTimeToLive: each.timeToLive
      deadLetteringOnMessageExpiration: each.deadLetteringOnMessageExpiration
      deadLetteringOnFilterEvaluationExceptions: true
      requiresSession: each.requiresSession
    }
  }
]

// The broker gives every subscription a rule named $Default that takes all. One of the same name replaces it; any other would be added to it.
resource rules 'Microsoft.ServiceBus/namespaces/topics/subscriptions/rules@2026-01-01' = [
  for (each, i) in topic.subscriptions: {
    parent: subscriptions[i]
    name: '$Default'
    properties: {
      filterType: 'SqlFilter'
      sqlFilter: { sqlExpression: each.filter.sql }
    }
  }
]
