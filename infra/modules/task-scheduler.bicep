import { roleId, tags as tagsOf } from 'types.bicep'

@description('Name of the scheduler.')
param name string

@description('Where it lives.')
param location string

@description('Tags of every resource.')
param tags tagsOf

@description('Name of the task hub, as host.json knows it.')
param hub string

@description('Units of capacity; 0 is Consumption, which is paid for by the action.')
@minValue(0)
@maxValue(3)
param capacity int

@description('Days for which histories are kept that completed.')
param historyDays int

@description('Days for which it can keep any: what failed or was terminated is kept for so long.')
param mostDays int

@description('Reached over a private endpoint only.')
param privateNetwork bool

@description('Name of the identity that is given roles.')
param identityName string

@description('Its principal.')
param principalId string

var durableTaskDataContributor roleId = '0ad04412-c4d5-4796-b79c-f76d14c8d402'

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: capacity == 0 ? { name: 'Consumption' } : { name: 'Dedicated', capacity: capacity }
    // It takes no keys: whoever reaches it still needs a role.
    ipAllowlist: privateNetwork ? [] : ['0.0.0.0/0']
    publicNetworkAccess: privateNetwork ? 'Disabled' : 'Enabled'
  }

  resource taskHub 'taskHubs' = {
    name: hub
    properties: {}
  }

  // Without a policy it lets go of everything 30 days after its end: also of what failed or was terminated, which somebody has to look at.
  resource retention 'retentionPolicies' = {
    name: 'default'
    properties: {
      retentionPolicies: [
        { retentionPeriodInDays: historyDays }
        { retentionPeriodInDays: mostDays, orchestrationState: 'Failed' }
        { retentionPeriodInDays: mostDays, orchestrationState: 'Terminated' }
        { retentionPeriodInDays: mostDays, orchestrationState: 'Canceled' }
      ]
    }
  }
}

resource contributor 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: scheduler
  name: guid(scheduler.id, identityName, durableTaskDataContributor)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', durableTaskDataContributor)
  }
}

@description('Id of the scheduler.')
output id string = scheduler.id

@description('Where it is reached.')
output endpoint string = scheduler.properties.endpoint
