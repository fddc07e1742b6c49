import { signIn as signInOf } from 'types.bicep'

@description('Name of the app.')
param appName string

@description('Where everybody signs in.')
param signIn signInOf

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: appName

  // Who has not signed in gets no further than the platform; the app then asks for the role. Without a secret: tokens are only checked.
  resource authentication 'config' = {
    name: 'authsettingsV2'
    properties: {
      platform: { enabled: true, runtimeVersion: '~1' }
      globalValidation: {
        requireAuthentication: true
        unauthenticatedClientAction: 'Return401'
        excludedPaths: ['/api/health', '/api/openapi.json']
      }
      httpSettings: { requireHttps: true }
      identityProviders: {
        azureActiveDirectory: {
          enabled: true
          registration: {
            clientId: signIn.clientId
            openIdIssuer: '${environment().authentication.loginEndpoint}${signIn.tenantId}/v2.0'
          }
          validation: { allowedAudiences: [signIn.clientId, 'api://${signIn.clientId}'] }
        }
      }
      login: { tokenStore: { enabled: false } }
    }
  }
}
