import { linkTarget, tags as tagsOf } from 'types.bicep'

@description('Where the endpoints live.')
param location string

@description('Tags of every resource.')
param tags tagsOf

@description('The network that resolves their names.')
param networkId string

@description('The subnet that they are in.')
param subnetId string

@description('What is reached over them.')
param targets linkTarget[]

module dns 'private-dns.bicep' = {
  params: { groups: union(map(targets, target => target.group), []), networkId: networkId, tags: tags }
}

module links 'private-link.bicep' = [
  for target in targets: {
    params: {
      name: target.name
      location: location
      tags: tags
      targetId: target.targetId
      group: target.group
      zoneId: dns.outputs.zoneIds[target.group]
      subnetId: subnetId
    }
  }
]
