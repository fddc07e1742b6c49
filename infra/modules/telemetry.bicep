import { roleId, tags as tagsOf } from 'types.bicep'

@description('Name of the workspace.')
param workspaceName string

@description('Name of Application Insights.')
param insightsName string

@description('Where both live.')
param location string

@description('Tags of every resource.')
param tags tagsOf

@description('Telemetry taken in a day, in gigabytes.')
param dailyTelemetry int

@description('Name of the identity that is given roles.')
param identityName string

@description('Its principal.')
param principalId string

var monitoringMetricsPublisher roleId = '3913510d-42f4-4e42-8a64-420c390055eb'

resource workspace 'Microsoft.OperationalInsights/workspaces@2026-03-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: 30
    workspaceCapping: { dailyQuotaGb: dailyTelemetry }
    features: {
      disableLocalAuth: true
      enableLogAccessUsingOnlyResourcePermissions: true
    }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: insightsName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    IngestionMode: 'LogAnalytics'
    DisableLocalAuth: true
  }
}

resource publisher 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: insights
  name: guid(insights.id, identityName, monitoringMetricsPublisher)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', monitoringMetricsPublisher)
  }
}

@description('Id of the workspace, where logs are asked for.')
output workspaceId string = workspace.id

@description('Where telemetry is sent. Without a role of the sender it is refused, so this is no secret.')
output connectionString string = insights.properties.ConnectionString
