@export()
@description('The engine that keeps the state of running transactions.')
type durableBackend = 'AzureStorage' | 'DurableTaskScheduler'

@export()
@description('How far the app grows, and what it keeps warm.')
type scale = {
  @description('The most instances that the app may grow to: the ceiling of what an hour can cost.')
  @minValue(1)
  @maxValue(1000)
  maximumInstances: int

  @description('Memory of one instance, in megabytes.')
  instanceMemory: 512 | 2048 | 4096

  @description('HTTP requests that one instance takes at a time before another is added.')
  @minValue(1)
  @maxValue(1000)
  httpConcurrency: int

  @description('Instances kept ready for HTTP, and as many for orchestrations; paid for while idle. 0 lets the app scale to nothing; on the scheduler one for orchestrations is kept ready all the same.')
  @minValue(0)
  @maxValue(100)
  alwaysReady: int
}

@export()
@description('What may be spent before somebody is told, or telemetry stops.')
type budgets = {
  @description('Telemetry taken in a day, in gigabytes; beyond it nothing is recorded until the next day.')
  @minValue(1)
  @maxValue(100)
  dailyTelemetry: int

  @description('Cost of the resource group in a month, in the currency of the subscription. The contacts hear of 50 and 90 percent, and of a forecast of 100.')
  @minValue(1)
  monthlyCost: int

  @description('First day of the first month that the budget counts, as yyyy-MM-dd. Empty: the month that it is first deployed in; later deployments leave it as it is.')
  firstMonth: string
}

@export()
@description('A built-in role, as its id.')
type roleId = string

@export()
@description('Tags of every resource.')
type tags = {
  *: string
}

@export()
@description('A part of a resource that is reached over a private endpoint.')
type linkGroup = 'blob' | 'queue' | 'table' | 'namespace' | 'scheduler'

@export()
@description('One thing that is reached over a private endpoint.')
type linkTarget = {
  @description('Name of the endpoint.')
  name: string

  @description('The part of the resource that is reached.')
  group: linkGroup

  @description('Id of the resource.')
  targetId: string
}

@export()
@description('The app registration in Entra ID by which people and apps sign in.')
type signIn = {
  @description('Its application (client) id. It has the app roles reader, operator and Payload.Read.')
  @minLength(36)
  @maxLength(36)
  clientId: string

  @description('The directory that it is in, and that everybody who signs in must be of.')
  @minLength(36)
  @maxLength(36)
  tenantId: string
}

@export()
@description('A question to the logs, and what is wrong when it has an answer.')
type alertQuery = {
  @description('Name of the alert.')
  name: string

  @description('Its page among the runbooks.')
  runbook: string

  @description('What is wrong, and what it means to a customer.')
  description: string

  @description('0 is the gravest.')
  severity: 0 | 1 | 2 | 3

  @description('Columns that tell one case from another: an alert each.')
  splits: string[]

  @description('How far back the question looks.')
  lookBack: 'PT15M' | 'P2D'

  @description('The question. Each row of its answer is a case.')
  query: string
}
