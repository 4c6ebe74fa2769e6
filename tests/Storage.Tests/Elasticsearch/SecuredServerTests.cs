using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Beacon.Events;
using Beacon.Storage.Elasticsearch;
using Microsoft.Extensions.Logging.Abstractions;

namespace Beacon.Storage.Tests.Elasticsearch;

/// <summary>A real server with users, keys and a certificate of its own.</summary>
public sealed partial class SecuredServerTests
{
    private const string Password = "test-password";

    private static CancellationToken None => TestContext.Current.CancellationToken;

    [GeneratedRegex("certificate ([^ \n]+)")]
    private static partial Regex CertificateFile();

    [Fact]
    public async Task Open_WithPasswordKeyAndPinnedCertificate_WorksAndElseSaysWhyWithoutASecret()
    {
        TestServer.SkipWithoutServer();
        var server = TestServer.Start(null, 0, "--tls");
        var folder = Directory.CreateTempSubdirectory("beacon-secrets-");
        try
        {
            var certificate = CertificateFile().Match(server.Said).Groups[1].Value;
            var password = Path.Combine(folder.FullName, "password");
            await File.WriteAllTextAsync(password, Password + "\n", None);

            await OpenAsync(server.Address, o => (o.UserName, o.PasswordFile, o.CaFile) = ("elastic", password, certificate));
            var key = Path.Combine(folder.FullName, "key");
            await File.WriteAllTextAsync(key, await KeyAsync(server.Address), None);
            await OpenAsync(server.Address, o => (o.ApiKeyFile, o.CaFile) = (key, certificate));

            var untrusted = await Assert.ThrowsAsync<InvalidDataException>(() => OpenAsync(server.Address, o => (o.UserName, o.PasswordFile) = ("elastic", password)));
            Assert.Contains("certificate", untrusted.Message, StringComparison.OrdinalIgnoreCase);
            var wrong = await Assert.ThrowsAsync<InvalidDataException>(() => OpenAsync(server.Address, o => (o.UserName, o.Password, o.CaFile) = ("elastic", "wr0ng-secret", certificate)));
            Assert.Contains("401", wrong.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("wr0ng", wrong.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            server.Stop();
            folder.Delete(recursive: true);
        }
    }

    private static async Task OpenAsync(string address, Action<ElasticsearchOptions> change)
    {
        var options = new ElasticsearchOptions { Prefix = "secured-" + Guid.NewGuid().ToString("N")[..8], Replicas = 0 };
        options.Nodes.Add(address);
        change(options);
        await using var store = new ElasticsearchEventStore(options, null, TimeProvider.System, NullLogger<ElasticsearchEventStore>.Instance);
        await store.OpenAsync(None);
        var e = new SecurityEvent { Id = SecurityEventId.From(1, 1), Sequence = 1, Source = "s", Timestamp = DateTimeOffset.UnixEpoch.AddDays(20_000), Received = DateTimeOffset.UnixEpoch.AddDays(20_000) };
        await store.AppendAsync([e], 1, None);
        Assert.Equal(1, await store.CountAsync(EventFilter.All, TimeRange.Unbounded, None));
    }

    private static async Task<string> KeyAsync(string address)
    {
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };
        using var http = new HttpClient(handler);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("elastic:" + Password)));
        using var body = new StringContent("""{"name":"beacon"}""", Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri(address + "/_security/api_key"), body, None);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(None));
        return json.RootElement.GetProperty("encoded").GetString()!;
    }
}
