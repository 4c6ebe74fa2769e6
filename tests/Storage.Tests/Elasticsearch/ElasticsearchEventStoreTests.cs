namespace Beacon.Storage.Tests.Elasticsearch;

public sealed class ElasticsearchEventStoreTests : SearchServerStoreTests
{
    private protected override string Address => TestServer.Elasticsearch().Address;
}
