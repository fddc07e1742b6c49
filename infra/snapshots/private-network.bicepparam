using '../main.bicep'

// As production, with a scheduler of its own that is highly available, and nothing but the API reachable from the public network.
param environmentName = 'private'
param location = 'westeurope'
param durableBackend = 'DurableTaskScheduler'
param schedulerCapacity = 3
param privateNetwork = true
param targetBasedScaling = true
param signIn = {
  clientId: '7d3b5f0e-2a4c-4b6d-8e9f-0a1b2c3d4e5f'
  tenantId: '1f2e3d4c-5b6a-4978-8c9d-0e1f2a3b4c5d'
}
param historyDays = 120
param contacts = ['operators@example.com']
param scale = { maximumInstances: 100, instanceMemory: 2048, httpConcurrency: 100, alwaysReady: 1 }
param budgets = { dailyTelemetry: 5, monthlyCost: 1500, firstMonth: '2026-12-01' }
