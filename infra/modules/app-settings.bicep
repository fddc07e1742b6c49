import { durableBackend } from 'types.bicep'

@export()
@description('The address of one service of a storage account.')
func serviceUri(account string, service 'blob' | 'queue' | 'table') string =>
  'https://${account}.${service}.${environment().suffixes.storage}'

@export()
@description('The addresses of all services that the host uses of its account.')
func storageUris(account string) { *: string } => {
  blobServiceUri: serviceUri(account, 'blob')
  queueServiceUri: serviceUri(account, 'queue')
  tableServiceUri: serviceUri(account, 'table')
}

@export()
@description('A connection by managed identity: addresses, and who asks. There is no key to keep.')
func connection(name string, addresses { *: string }, clientId string) { *: string } => {
  ...toObject(items(addresses), each => '${name}__${each.key}', each => each.value)
  '${name}__credential': 'managedidentity'
  '${name}__clientId': clientId
}

@export()
@description('What the host is told about the engine: host.json stands for Azure Storage, and these settings override it for the scheduler.')
func durable(backend durableBackend, endpoint string, clientId string) { *: string } =>
  backend == 'AzureStorage'
    ? {}
    : {
        AzureFunctionsJobHost__extensions__durableTask__storageProvider__type: 'azureManaged'
        AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING'
        DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${endpoint};Authentication=ManagedIdentity;ClientID=${clientId}'
      }
