using Beacon.Storage.Tests.Elasticsearch;

namespace Beacon.Detections.Tests.Queries;

[Collection(ServerQueries.Name)]
public sealed class ElasticsearchQueryTests(ITestOutputHelper output) : SearchServerQueryTests(output)
{
    private protected override string Address
    {
        get
        {
            // Thousands of rules' patterns at once are more than half a gigabyte.
            TestServer.Heap = "1g";
            return TestServer.Elasticsearch().Address;
        }
    }
}
