import { scale as scaleOf, tags as tagsOf } from 'types.bicep'

@description('Name of the app.')
param name string

@description('Name of its plan.')
param planName string

@description('Where both live.')
param location string

@description('Tags of every resource.')
param tags tagsOf

@description('Id of the identity that it acts as.')
param identityId string

@description('Address of the container that it is deployed to.')
param deploymentContainer string

@description('Settings that it starts with.')
param settings { *: string }

@description('How far it grows.')
param scale scaleOf

@description('The least instances that are kept ready for orchestrations.')
param durableReady int

@description('The subnet that it sends from; empty when it sends from the public network.')
param subnetId string

@description('Where the host logs.')
param workspaceId string

var alwaysReady = filter(
  [
    { name: 'http', instanceCount: scale.alwaysReady }
    { name: 'durable', instanceCount: max(scale.alwaysReady, durableReady) }
  ],
  group => group.instanceCount > 0
)

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  // azd finds the app that it deploys to by this tag.
  tags: { ...tags, 'azd-service-name': 'app' }
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      appSettings: [for setting in items(settings): { name: setting.key, value: setting.value }]
    }
    functionAppConfig: {
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: deploymentContainer
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identityId }
        }
      }
      scaleAndConcurrency: {
        maximumInstanceCount: scale.maximumInstances
        instanceMemoryMB: scale.instanceMemory
        triggers: { http: { perInstanceConcurrency: scale.httpConcurrency } }
        alwaysReady: alwaysReady
      }
    }
  }

  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }
}

resource hostLog 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: app
  name: 'host'
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'FunctionAppLogs', enabled: true }]
  }
}

@description('Name of the app.')
output name string = app.name

@description('Where the API and the dashboard are.')
output address string = 'https://${app.properties.defaultHostName}'
