import { tags as tagsOf } from 'types.bicep'

@description('Name of the group.')
param name string

@description('Tags of every resource.')
param tags tagsOf

@description('Addresses that are told.')
@minLength(1)
param contacts string[]

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: name
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'atomic'
    emailReceivers: [for (contact, i) in contacts: { name: 'contact-${i}', emailAddress: contact, useCommonAlertSchema: true }]
  }
}

@description('Id of the group.')
output id string = group.id
