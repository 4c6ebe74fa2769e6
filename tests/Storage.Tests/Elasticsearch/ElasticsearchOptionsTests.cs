using System.ComponentModel.DataAnnotations;
using Beacon.Storage.Elasticsearch;

namespace Beacon.Storage.Tests.Elasticsearch;

public sealed class ElasticsearchOptionsTests
{
    private static List<string> Faults(Action<ElasticsearchOptions> change)
    {
        var options = new ElasticsearchOptions { Nodes = { "https://es1.example:9200" } };
        change(options);
        var faults = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), faults, validateAllProperties: true);
        return [.. faults.SelectMany(f => f.MemberNames)];
    }

    [Fact]
    public void Validate_NodeAlone_IsEnough() => Assert.Empty(Faults(_ => { }));

    public static TheoryData<string, Action<ElasticsearchOptions>> Wrong => new()
    {
        { "Nodes", o => o.Nodes.Clear() },
        { "Nodes", o => o.Nodes.Add("es2.example:9200") },
        { "Nodes", o => o.Nodes.Add("https://elastic:secret@es2.example:9200") },
        { "Prefix", o => o.Prefix = "Beacon" },
        { "UserName", o => o.UserName = "elastic" },
        { "UserName", o => o.Password = "secret" },
        { "UserName", o => (o.UserName, o.Password, o.ApiKey) = ("elastic", "secret", "key") },
        { "PasswordFile", o => (o.UserName, o.PasswordFile) = ("elastic", "/no/such/file") },
        { "CaFile", o => o.CaFile = "/no/such/file" },
        { "BulkEvents", o => o.BulkEvents = 0 },
        { "WriteTimeout", o => o.WriteTimeout = TimeSpan.Zero },
        { "NodePauseMost", o => (o.NodePause, o.NodePauseMost) = (TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(2)) },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Validate_WrongValue_NamesItsKey(string key, Action<ElasticsearchOptions> change) => Assert.Contains(key, Faults(change));
}
