using '../main.bicep'

// As production, with nothing but the API reachable from the public network.
param environmentName = 'private'
param location = 'westeurope'
param durableBackend = 'DurableTaskScheduler'
param privateNetwork = true
param targetBasedScaling = true
param contacts = ['operators@example.com']
param scale = { maximumInstances: 100, instanceMemory: 2048, httpConcurrency: 100, alwaysReady: 1 }
param budgets = { dailyTelemetry: 5, monthlyCost: 1500, firstMonth: '2026-12-01' }
