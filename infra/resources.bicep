// For people with rights on one resource group only: all but the group itself.
import { budgets as budgetsOf, durableBackend as durableBackendOf, scale as scaleOf, signIn as signInOf } from 'modules/types.bicep'
import { connection, durable, serviceUri, storageUris } from 'modules/app-settings.bicep'

@description('Name of the environment: test, production. It is part of the names of all that is created.')
@minLength(2)
@maxLength(20)
param environmentName string

@description('The region that everything lives in.')
param location string = resourceGroup().location

@description('The engine that keeps the state of running transactions.')
param durableBackend durableBackendOf

@description('Units of capacity of the scheduler; 0 is Consumption.')
@minValue(0)
@maxValue(3)
param schedulerCapacity int = 0

@description('Storage, Service Bus and scheduler are reached over private endpoints only.')
param privateNetwork bool

@description('Makes the app Data Owner of the bus, so that the platform can count the messages that wait.')
param targetBasedScaling bool

@description('Where people and apps sign in; null leaves it at function keys.')
param signIn signInOf?

@description('Days for which the history of a transaction is kept.')
@minValue(14)
@maxValue(365)
param historyDays int = 30

@description('How far the app grows, and what it keeps warm.')
param scale scaleOf

@description('What may be spent before somebody is told, or telemetry stops.')
param budgets budgetsOf

@description('Addresses that alerts and the budget are sent to.')
@minLength(1)
param contacts string[]

@description('Where the runbooks are published: each alert names its page below.')
param runbooks string = 'src/docs/runbooks'

var token = uniqueString(subscription().id, resourceGroup().id, environmentName)
var tags = { 'azd-env-name': environmentName }
var taskHub = 'Atomic'
var deployments = 'deployments'
var exports = 'event-store'
var subjectKeys = 'subject-keys'
var onScheduler = durableBackend == 'DurableTaskScheduler'
// The longest that the scheduler keeps anything: 90 days with capacity of its own, 30 without.
var schedulerDays = schedulerCapacity == 0 ? 30 : 90
var keptDays = onScheduler ? min(historyDays, schedulerDays) : historyDays

var names = {
  app: 'func-${token}'
  identity: 'id-${token}'
  hostStorage: 'sthost${token}'
  eventStore: 'stevents${token}'
  exportStorage: 'stexport${token}'
  serviceBus: 'sb-${token}'
}

var roles = {
  blobOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  blobContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
  queueContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  tableContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
  busReceiver: '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'
  busSender: '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'
  busOwner: '090c5cfd-751d-490a-894a-3ce6f1109419'
}

module identity 'modules/identity.bicep' = {
  params: { name: names.identity, location: location, tags: tags }
}

module telemetry 'modules/telemetry.bicep' = {
  params: {
    workspaceName: 'log-${token}'
    insightsName: 'appi-${token}'
    location: location
    tags: tags
    dailyTelemetry: budgets.dailyTelemetry
    identityName: names.identity
    principalId: identity.outputs.principalId
  }
}

module hostStorage 'modules/storage-account.bicep' = {
  params: {
    name: names.hostStorage
    location: location
    tags: tags
    redundancy: 'Standard_ZRS'
    privateNetwork: privateNetwork
    containers: [deployments]
    identityName: names.identity
    principalId: identity.outputs.principalId
    roles: [roles.blobOwner, roles.tableContributor, ...(onScheduler ? [] : [roles.queueContributor])]
    locked: ''
    workspaceId: telemetry.outputs.workspaceId
  }
}

module eventStore 'modules/storage-account.bicep' = {
  params: {
    name: names.eventStore
    location: location
    tags: tags
    redundancy: 'Standard_GZRS'
    privateNetwork: privateNetwork
    containers: []
    identityName: names.identity
    principalId: identity.outputs.principalId
    roles: [roles.tableContributor]
    locked: 'It holds the event store, which is the only record of what happened.'
    workspaceId: telemetry.outputs.workspaceId
  }
}

module exportStorage 'modules/storage-account.bicep' = {
  params: {
    name: names.exportStorage
    location: location
    tags: tags
    redundancy: 'Standard_GZRS'
    privateNetwork: privateNetwork
    containers: [exports, subjectKeys]
    identityName: names.identity
    principalId: identity.outputs.principalId
    roles: [roles.blobContributor]
    locked: 'It holds the exports of the event store, from which it is restored.'
    workspaceId: telemetry.outputs.workspaceId
  }
}

module eventStoreExport 'modules/event-store-export.bicep' = {
  params: { accountName: names.exportStorage, containerName: exports, immutableDays: 30, keptDays: 90 }
  dependsOn: [exportStorage]
}

module serviceBus 'modules/service-bus.bicep' = {
  params: {
    name: names.serviceBus
    location: location
    tags: tags
    topology: loadJsonContent('service-bus.json')
    privateNetwork: privateNetwork
    identityName: names.identity
    principalId: identity.outputs.principalId
    roles: targetBasedScaling ? [roles.busOwner] : [roles.busReceiver, roles.busSender]
    workspaceId: telemetry.outputs.workspaceId
  }
}

module taskScheduler 'modules/task-scheduler.bicep' = if (onScheduler) {
  params: {
    name: 'dts-${token}'
    location: location
    tags: tags
    hub: taskHub
    capacity: schedulerCapacity
    historyDays: keptDays
    mostDays: schedulerDays
    privateNetwork: privateNetwork
    identityName: names.identity
    principalId: identity.outputs.principalId
  }
}

module network 'modules/network.bicep' = if (privateNetwork) {
  params: { name: 'vnet-${token}', location: location, tags: tags, addressPrefix: '10.0.0.0/24' }
}

module links 'modules/links.bicep' = if (privateNetwork) {
  params: {
    location: location
    tags: tags
    networkId: network!.outputs.id
    subnetId: network!.outputs.endpointSubnetId
    targets: [
      { name: 'host-blob', group: 'blob', targetId: hostStorage.outputs.id }
      { name: 'host-table', group: 'table', targetId: hostStorage.outputs.id }
      { name: 'host-queue', group: 'queue', targetId: hostStorage.outputs.id }
      { name: 'event-store', group: 'table', targetId: eventStore.outputs.id }
      { name: 'export', group: 'blob', targetId: exportStorage.outputs.id }
      { name: 'service-bus', group: 'namespace', targetId: serviceBus.outputs.id }
      ...(onScheduler ? [{ name: 'scheduler', group: 'scheduler', targetId: taskScheduler!.outputs.id }] : [])
    ]
  }
}

// Every role is assigned before the app starts: a host that meets a refusal gives up its listeners until it is restarted.
module app 'modules/function-app.bicep' = {
  params: {
    name: names.app
    planName: 'plan-${token}'
    location: location
    tags: tags
    identityId: identity.outputs.id
    deploymentContainer: '${serviceUri(names.hostStorage, 'blob')}/${deployments}'
    settings: {
      APPLICATIONINSIGHTS_CONNECTION_STRING: telemetry.outputs.connectionString
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.outputs.clientId};Authorization=AAD'
      OTEL_TRACES_SAMPLER: 'microsoft.fixed_percentage'
      OTEL_TRACES_SAMPLER_ARG: '1'
      TaskHub: taskHub
      Authorization__mode: signIn == null ? 'Keys' : 'Entra'
      Retention__histories: string(keptDays)
      ...durable(durableBackend, taskScheduler.?outputs.endpoint ?? '', identity.outputs.clientId)
      ...connection('AzureWebJobsStorage', storageUris(names.hostStorage), identity.outputs.clientId)
      ...connection('EventStore', { tableServiceUri: serviceUri(names.eventStore, 'table') }, identity.outputs.clientId)
      ...connection('EventStoreExport', { blobServiceUri: serviceUri(names.exportStorage, 'blob') }, identity.outputs.clientId)
      ...connection(
        'ServiceBusConnection',
        { fullyQualifiedNamespace: '${names.serviceBus}.servicebus.windows.net' },
        identity.outputs.clientId
      )
    }
    scale: scale
    // The platform may look for the engine in host.json alone, which names Azure Storage, and wake nobody for what waits in the scheduler.
    durableReady: onScheduler ? 1 : 0
    subnetId: network.?outputs.appSubnetId ?? ''
    workspaceId: telemetry.outputs.workspaceId
  }
  dependsOn: [hostStorage, eventStore, eventStoreExport, serviceBus, links]
}

module signInToApp 'modules/sign-in.bicep' = if (signIn != null) {
  params: { appName: names.app, signIn: signIn! }
  dependsOn: [app]
}

module actionGroup 'modules/action-group.bicep' = {
  params: { name: 'ag-${token}', tags: tags, contacts: contacts }
}

module metricAlerts 'modules/metric-alerts.bicep' = {
  params: {
    tags: tags
    serviceBusId: serviceBus.outputs.id
    eventStoreId: eventStore.outputs.id
    actionGroupId: actionGroup.outputs.id
    runbooks: runbooks
  }
}

module logAlerts 'modules/log-alerts.bicep' = {
  params: {
    location: location
    tags: tags
    workspaceId: telemetry.outputs.workspaceId
    actionGroupId: actionGroup.outputs.id
    runbooks: runbooks
  }
}

module budget 'modules/budget.bicep' = {
  params: { monthlyCost: budgets.monthlyCost, firstMonth: budgets.firstMonth, contacts: contacts }
}

@description('Name of the function app.')
output appName string = app.outputs.name

@description('Where the API and the dashboard are.')
output appAddress string = app.outputs.address

@description('Account of the event store, which is locked against deletion.')
output eventStoreAccount string = names.eventStore

@description('Account that the event store is exported to, locked too.')
output exportAccount string = names.exportStorage
