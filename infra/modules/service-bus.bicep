import { roleId, tags as tagsOf } from 'types.bicep'
import { topology as topologyOf } from 'topology.bicep'

@description('Name of the namespace.')
param name string

@description('Where it lives.')
param location string

@description('Tags of every resource.')
param tags tagsOf

@description('The queues, topics and subscriptions in it.')
param topology topologyOf

@description('Reached over private endpoints only, which takes the Premium tier.')
param privateNetwork bool

@description('Name of the identity that is given roles.')
param identityName string

@description('Its principal.')
param principalId string

@description('What that identity may do with it.')
param roles roleId[]

@description('Where it tells what was done to it.')
param workspaceId string

resource namespace 'Microsoft.ServiceBus/namespaces@2026-01-01' = {
  name: name
  location: location
  tags: tags
  sku: privateNetwork ? { name: 'Premium', tier: 'Premium', capacity: 1 } : { name: 'Standard', tier: 'Standard' }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: privateNetwork ? 'Disabled' : 'Enabled'
  }
}

resource queues 'Microsoft.ServiceBus/namespaces/queues@2026-01-01' = [
  for queue in topology.queues: {
    parent: namespace
    name: queue.name
    properties: {
      lockDuration: queue.lockDuration
      maxDeliveryCount: queue.maxDeliveryCount
      defaultMessageTimeToLive: queue.timeToLive
      deadLetteringOnMessageExpiration: queue.deadLetteringOnMessageExpiration
      requiresDuplicateDetection: true
      duplicateDetectionHistoryTimeWindow: queue.duplicateDetection
      requiresSession: queue.requiresSession
    }
  }
]

module topics 'topic.bicep' = [
  for topic in topology.topics: {
    params: { namespaceName: namespace.name, topic: topic }
  }
]

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in roles: {
    scope: namespace
    name: guid(namespace.id, identityName, role)
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]

resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: namespace
  name: 'operations'
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'OperationalLogs', enabled: true }]
  }
}

@description('Id of the namespace.')
output id string = namespace.id
