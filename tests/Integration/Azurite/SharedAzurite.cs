using Atomic.Testing.Azurite;
using Xunit;

namespace Atomic.Integration.Azurite;

[CollectionDefinition(AzuriteFixture.Collection)]
public sealed class SharedAzurite : ICollectionFixture<AzuriteFixture>;
