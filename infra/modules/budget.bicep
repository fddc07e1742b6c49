@description('Cost of the resource group in a month, in the currency of the subscription.')
param monthlyCost int

@description('First day of the first month that it counts, as yyyy-MM-dd.')
param firstMonth string

@description('Who is told.')
@minLength(1)
param contacts string[]

resource budget 'Microsoft.Consumption/budgets@2026-06-01' = {
  name: 'monthly'
  properties: {
    category: 'Cost'
    amount: monthlyCost
    timeGrain: 'Monthly'
    timePeriod: { startDate: firstMonth }
    notifications: {
      half: { enabled: true, operator: 'GreaterThan', threshold: 50, thresholdType: 'Actual', contactEmails: contacts }
      nearlyAll: { enabled: true, operator: 'GreaterThan', threshold: 90, thresholdType: 'Actual', contactEmails: contacts }
      forecast: { enabled: true, operator: 'GreaterThan', threshold: 100, thresholdType: 'Forecasted', contactEmails: contacts }
    }
  }
}
