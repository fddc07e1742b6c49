@description('Name of the account that exports go to.')
param accountName string

@description('Name of the container that exports go to.')
param containerName string

@description('Days in which no export can be changed or deleted. The policy is not locked: who manages the account can take it away, and the app cannot.')
@minValue(1)
@maxValue(365)
param immutableDays int

@description('Days after which an export is deleted; at least as many as it is immutable.')
@minValue(2)
@maxValue(3650)
param keptDays int

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: accountName

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource container 'containers' existing = {
      name: containerName
    }
  }
}

// Who can write to the event store can write here too, and must not be able to take the history along. Locked, the period could never be made shorter,
// nor the account be deleted while it holds an export: lock it by hand once nothing of that is wanted any more.
resource immutability 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies@2025-06-01' = {
  parent: account::blobs::container
  name: 'default'
  properties: {
    immutabilityPeriodSinceCreationInDays: immutableDays
    allowProtectedAppendWrites: false
  }
}

resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2025-06-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'age-exports'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: { blobTypes: ['blockBlob'], prefixMatch: ['${containerName}/'] }
            actions: {
              baseBlob: {
                tierToCool: { daysAfterModificationGreaterThan: 1 }
                delete: { daysAfterModificationGreaterThan: keptDays }
              }
            }
          }
        }
      ]
    }
  }
}
