@description('Name of the identity.')
param name string

@description('Where it lives.')
param location string

@description('Tags of every resource.')
param tags { *: string }

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('Id of the resource, which the app is given.')
output id string = identity.id

@description('Who it is to storage, bus and scheduler: roles are assigned to this.')
output principalId string = identity.properties.principalId

@description('How the app names the identity that it wants a token for.')
output clientId string = identity.properties.clientId
