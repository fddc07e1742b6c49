@description('Cost of the resource group in a month, in the currency of the subscription.')
param monthlyCost int

@description('First day of the first month that it counts, as yyyy-MM-dd; empty for this month.')
param firstMonth string

@description('Who is told.')
@minLength(1)
param contacts string[]

@description('The month of this deployment.')
param thisMonth string = utcNow('yyyy-MM-01')

var watched = {
  category: 'Cost'
  amount: monthlyCost
  timeGrain: 'Monthly'
  notifications: {
    half: { enabled: true, operator: 'GreaterThan', threshold: 50, thresholdType: 'Actual', contactEmails: contacts }
    nearlyAll: { enabled: true, operator: 'GreaterThan', threshold: 90, thresholdType: 'Actual', contactEmails: contacts }
    forecast: { enabled: true, operator: 'GreaterThan', threshold: 100, thresholdType: 'Forecasted', contactEmails: contacts }
  }
}

resource budget 'Microsoft.Consumption/budgets@2026-06-01' = if (!empty(firstMonth)) {
  name: 'monthly'
  properties: { ...watched, timePeriod: { startDate: firstMonth } }
}

// A month that is over is refused for a new budget, and another month than its own for one that is there.
@onlyIfNotExists()
resource created 'Microsoft.Consumption/budgets@2026-06-01' = if (empty(firstMonth)) {
  name: 'monthly'
  properties: { ...watched, timePeriod: { startDate: thisMonth } }
}
