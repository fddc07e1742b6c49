import { linkGroup, tags as tagsOf } from 'types.bicep'

@description('Tags of every resource.')
param tags tagsOf

@description('What is reached over private endpoints.')
param groups linkGroup[]

@description('The network that resolves the names.')
param networkId string

var zones = {
  blob: 'privatelink.blob.${environment().suffixes.storage}'
  queue: 'privatelink.queue.${environment().suffixes.storage}'
  table: 'privatelink.table.${environment().suffixes.storage}'
  namespace: 'privatelink.servicebus.windows.net'
  scheduler: 'privatelink.durabletask.io'
}

resource created 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for group in groups: {
    name: zones[group]
    location: 'global'
    tags: tags
  }
]

resource resolution 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (group, i) in groups: {
    parent: created[i]
    name: 'network'
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: networkId }
    }
  }
]

@description('Id of each zone, by what is reached.')
output zoneIds { *: string } = mapValues(zones, zone => resourceId('Microsoft.Network/privateDnsZones', zone))
