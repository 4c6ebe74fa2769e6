namespace Beacon.Storage.Tests.Elasticsearch;

public sealed class OpenSearchEventStoreTests : SearchServerStoreTests
{
    private protected override string Address => TestServer.OpenSearch().Address;
}
