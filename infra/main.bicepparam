using 'main.bicep'

// azd keeps these for an environment: `azd env set NAME value`.
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'test')
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param durableBackend = readEnvironmentVariable('DURABLE_BACKEND', 'AzureStorage')
param schedulerCapacity = int(readEnvironmentVariable('SCHEDULER_CAPACITY', '0'))
param privateNetwork = bool(readEnvironmentVariable('PRIVATE_NETWORK', 'false'))
param targetBasedScaling = bool(readEnvironmentVariable('TARGET_BASED_SCALING', 'false'))
param signIn = empty(readEnvironmentVariable('ENTRA_CLIENT_ID', ''))
  ? null
  : { clientId: readEnvironmentVariable('ENTRA_CLIENT_ID', ''), tenantId: readEnvironmentVariable('ENTRA_TENANT_ID', '') }
param historyDays = int(readEnvironmentVariable('HISTORY_DAYS', '30'))
param contacts = split(readEnvironmentVariable('ALERT_CONTACTS', 'operators@example.com'), ',')
param scale = {
  maximumInstances: int(readEnvironmentVariable('MAXIMUM_INSTANCES', '40'))
  instanceMemory: 2048
  httpConcurrency: 100
  alwaysReady: int(readEnvironmentVariable('ALWAYS_READY', '0'))
}
param budgets = {
  dailyTelemetry: int(readEnvironmentVariable('DAILY_TELEMETRY', '1'))
  monthlyCost: int(readEnvironmentVariable('MONTHLY_COST', '100'))
  firstMonth: readEnvironmentVariable('BUDGET_FROM', '')
}
param runbooks = readEnvironmentVariable('RUNBOOKS', 'src/docs/runbooks')
