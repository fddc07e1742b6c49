targetScope = 'subscription'

import { budgets as budgetsOf, durableBackend as durableBackendOf, scale as scaleOf, signIn as signInOf } from 'modules/types.bicep'

@description('Name of the environment: test, production. It is part of the names of all that is created.')
@minLength(2)
@maxLength(20)
param environmentName string

@description('The region that everything lives in. Flex Consumption, and the scheduler where it is chosen, must be offered there.')
param location string

@description('The engine that keeps the state of running transactions. The scheduler is recommended in production; Azure Storage costs nothing while idle.')
param durableBackend durableBackendOf

@description('Units of capacity of the scheduler, up to 2,000 actions a second each; high availability takes three. 0 is Consumption: paid for by the action, up to 500 a second, histories for 30 days at most and not 90.')
@minValue(0)
@maxValue(3)
param schedulerCapacity int = 0

@description('Storage, Service Bus and scheduler are reached over private endpoints only. Takes the Premium tier of Service Bus.')
param privateNetwork bool

@description('Lets the platform count the messages that wait, and add as many instances as they need. Counting takes the right to manage the bus, so the app becomes its Data Owner.')
param targetBasedScaling bool

@description('Where people and apps sign in; null leaves it at function keys, which cannot tell a reader from an operator.')
param signIn signInOf?

@description('Days for which the history of a transaction is kept; on the scheduler no longer than that can. What it did stays in the streams.')
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

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-atomic-${environmentName}'
  location: location
  tags: { 'azd-env-name': environmentName }
}

module resources 'resources.bicep' = {
  name: 'resources'
  scope: group
  params: {
    environmentName: environmentName
    location: location
    durableBackend: durableBackend
    schedulerCapacity: schedulerCapacity
    privateNetwork: privateNetwork
    targetBasedScaling: targetBasedScaling
    signIn: signIn
    historyDays: historyDays
    scale: scale
    budgets: budgets
    contacts: contacts
    runbooks: runbooks
  }
}

@description('Name of the resource group.')
output AZURE_RESOURCE_GROUP string = group.name

@description('Name of the function app.')
output FUNCTION_APP string = resources.outputs.appName

@description('Where the API and the dashboard are.')
output ADDRESS string = resources.outputs.appAddress

@description('Account of the event store, which is locked against deletion.')
output EVENT_STORE_ACCOUNT string = resources.outputs.eventStoreAccount

@description('Account that the event store is exported to, locked too.')
output EXPORT_ACCOUNT string = resources.outputs.exportAccount
