using Beacon.Storage.Tests.Elasticsearch;

namespace Beacon.Detections.Tests.Queries;

public sealed class ElasticsearchQueryTests(ITestOutputHelper output) : SearchServerQueryTests(output)
{
    private protected override string Address => TestServer.Elasticsearch().Address;
}
