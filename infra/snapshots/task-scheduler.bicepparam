using '../main.bicep'

// Recommended in production: Durable Task Scheduler, and instances by the number of messages that wait.
param environmentName = 'production'
param location = 'westeurope'
param durableBackend = 'DurableTaskScheduler'
param privateNetwork = false
param targetBasedScaling = true
param contacts = ['operators@example.com']
param scale = { maximumInstances: 100, instanceMemory: 2048, httpConcurrency: 100, alwaysReady: 0 }
param budgets = { dailyTelemetry: 5, monthlyCost: 500, firstMonth: '2026-12-01' }
