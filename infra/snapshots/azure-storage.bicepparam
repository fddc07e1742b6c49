using '../main.bicep'

// The smallest: everything scales to nothing, and transactions are kept in Azure Storage.
param environmentName = 'test'
param location = 'westeurope'
param durableBackend = 'AzureStorage'
param privateNetwork = false
param targetBasedScaling = false
param contacts = ['operators@example.com']
param scale = { maximumInstances: 40, instanceMemory: 2048, httpConcurrency: 100, alwaysReady: 0 }
param budgets = { dailyTelemetry: 1, monthlyCost: 100, firstMonth: '2026-12-01' }
