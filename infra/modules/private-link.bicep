import { linkGroup, tags as tagsOf } from 'types.bicep'

@description('Name of the endpoint.')
param name string

@description('Where it lives.')
param location string

@description('Tags of every resource.')
param tags tagsOf

@description('Id of the resource behind it.')
param targetId string

@description('The part of the resource that is reached.')
param group linkGroup

@description('Id of the zone that it is named in.')
param zoneId string

@description('The subnet that it is in.')
param subnetId string

resource endpoint 'Microsoft.Network/privateEndpoints@2025-01-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: { id: subnetId }
    privateLinkServiceConnections: [{ name: name, properties: { privateLinkServiceId: targetId, groupIds: [group] } }]
  }

  resource names 'privateDnsZoneGroups' = {
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [{ name: group, properties: { privateDnsZoneId: zoneId } }]
    }
  }
}
