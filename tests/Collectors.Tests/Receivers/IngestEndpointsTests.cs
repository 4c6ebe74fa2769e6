using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Beacon.Collectors.Pipeline;
using Beacon.Collectors.Sources;
using Beacon.Collectors.Tests.Pipeline;
using Beacon.Events;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Beacon.Collectors.Tests.Receivers;

public sealed class IngestEndpointsTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private HttpClient _client = null!;
    private Rig _rig = null!;
    private WebApplication _web = null!;

    public async ValueTask InitializeAsync() => await StartAsync(_ => { });

    private async Task StartAsync(Action<CollectorsOptions> configure)
    {
        _rig = await Rig.CreateAsync(_folder.Path, configure: configure);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(_rig.Services.GetRequiredService<CollectorsOptions>());
        builder.Services.AddSingleton(_ => _rig.Services.GetRequiredService<Beacon.Collectors.Receivers.Http.IngestRequests>());
        _web = builder.Build();
        _web.MapIngest();
        await _web.StartAsync();
        _client = new HttpClient();
        _client.BaseAddress = new Uri(_web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        await _rig.DisposeAsync();
        _client.Dispose();
        _folder.Dispose();
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, string body, bool gzip = false)
    {
        HttpContent content = new StringContent(body, Encoding.UTF8, "application/x-ndjson");
        if (gzip)
        {
            using var packed = new MemoryStream();
            await using (var zip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) zip.Write(Encoding.UTF8.GetBytes(body));
            content = new ByteArrayContent(packed.ToArray());
            content.Headers.ContentEncoding.Add("gzip");
        }
        using var response = await _client.PostAsync(new Uri(path, UriKind.Relative), content);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone());
    }

    private static string Statuses(JsonElement answer) => string.Join(", ", answer.GetProperty("items").EnumerateArray().Select(i => i.EnumerateObject().First().Value.GetProperty("status").GetInt32()));

    [Fact]
    public async Task Lines_OfJsonAndText_AreAcceptedAndStored()
    {
        var (status, body) = await PostAsync("/ingest/http", "{\"message\":\"one\",\"event\":{\"dataset\":\"app\"}}\nplain two\n\n");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(2, body.GetProperty("accepted").GetInt32());
        await _rig.DrainAsync();
        Assert.Equal("app", _rig.Store.Events[1].GetText(Field.EventDataset));
        Assert.Equal("plain two", _rig.Store.Events[2].GetText(Field.Message));
    }

    [Theory]
    [InlineData("/_bulk")]
    [InlineData("/logs-app/_bulk")]
    [InlineData("/ingest/_bulk")]
    [InlineData("/ingest/elasticsearch/_bulk")]
    [InlineData("/ingest/elasticsearch/logs-app/_bulk")]
    [InlineData("/ingest/http/_bulk")]
    public async Task Bulk_EveryPath_AnswersAsElasticsearchDoes(string path)
    {
        var (status, body) = await PostAsync(path, """
            {"create":{"_index":"logs-x","_id":"a1"}}
            {"@timestamp":"2026-03-01T10:00:00Z","message":"hello"}

            """, gzip: true);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.False(body.GetProperty("errors").GetBoolean());
        Assert.Equal("201", Statuses(body));
        await _rig.DrainAsync();
        Assert.Equal("2026-03-01T10:00:00.0000000+00:00", _rig.Store.Events[1].Timestamp.ToString("O"));
        Assert.Equal("logs-x", _rig.Store.Events[1].GetText("labels.index"));
    }

    [Fact]
    public async Task Bulk_MixedItems_EachGetsItsOwnAnswer()
    {
        var (_, body) = await PostAsync("/logs/_bulk", """
            {"index":{}}
            {"message":"good"}
            {"create":{}}
            {"message": broken
            {"delete":{"_id":"1"}}
            {"update":{"_id":"2"}}
            {"doc":{}}
            {"index":{}}
            [1]

            """);
        Assert.True(body.GetProperty("errors").GetBoolean());
        Assert.Equal("201, 400, 400, 400, 400", Statuses(body));
        Assert.Equal("document_parsing_exception", body.GetProperty("items")[1].GetProperty("create").GetProperty("error").GetProperty("type").GetString());
        await _rig.DrainAsync();
        Assert.Single(_rig.Store.Events);
    }

    [Theory]
    [InlineData("{\"frobnicate\":{}}\n{}\n")]
    [InlineData("not json\n{}\n")]
    [InlineData("{\"index\":{\"_index\":\"x\"}}\n")]
    [InlineData("{\"index\":{}}\n{}\n")]
    [InlineData("")]
    public async Task Bulk_Malformed_IsRefusedWhole(string body)
    {
        var (status, answer) = await PostAsync("/_bulk", body.Length == 0 ? "" : "{\"index\":{\"_index\":\"x\"}}\n{\"message\":\"first\"}\n" + body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(400, answer.GetProperty("status").GetInt32());
        Assert.Equal(0, _rig.Spool.Tail);
    }

    [Fact]
    public async Task Bulk_Repeated_StoresNothingTwice()
    {
        const string request = """
            {"create":{"_index":"l","_id":"1"}}
            {"message":"a"}
            {"index":{"_index":"l","_id":"2"}}
            {"message":"b"}
            {"index":{"_index":"l","_id":"2"}}
            {"message":"b"}

            """;
        Assert.Equal("201, 201, 200", Statuses((await PostAsync("/_bulk", request)).Body));
        Assert.Equal("409, 200, 200", Statuses((await PostAsync("/_bulk", request)).Body));
        // The same id with other content is another event, and is not lost.
        Assert.Equal("201", Statuses((await PostAsync("/_bulk", "{\"index\":{\"_index\":\"l\",\"_id\":\"2\"}}\n{\"message\":\"c\"}\n")).Body));
        await _rig.DrainAsync();
        Assert.Equal(["a", "b", "c"], _rig.Store.Events.Values.Select(e => e.GetText(Field.Message)!).Order());
    }

    [Fact]
    public async Task Bulk_DiskRefuses_Answers503AndTheRetryIsTaken()
    {
        const string request = "{\"create\":{\"_index\":\"l\",\"_id\":\"1\"}}\n{\"message\":\"a\"}\n";
        _rig.Spool.BeforeWrite = () => throw new IOException("full");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await PostAsync("/_bulk", request)).Status);
        _rig.Spool.BeforeWrite = null;
        Assert.Equal("201", Statuses((await PostAsync("/_bulk", request)).Body));
    }

    [Fact]
    public async Task Body_GzipBomb_IsRefused()
    {
        await DisposeServersAsync();
        await StartAsync(o => o.HttpMaxBytes = 10_000);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PostAsync("/_bulk", new string(' ', 5_000_000), gzip: true)).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PostAsync("/ingest/http", new string('x', 20_000))).Status);
    }

    private async Task DisposeServersAsync()
    {
        await _web.DisposeAsync();
        await _rig.DisposeAsync();
        _client.Dispose();
    }

    [Fact]
    public async Task Source_UnknownOrOff_IsRefused()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync("/ingest/nobody", "x")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync("/ingest/syslog-udp", "x")).Status);
        await _rig.Sources.SaveAsync(_rig.Sources.Find("http")! with { Enabled = false }, default);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync("/ingest/http", "x")).Status);
    }

    [Fact]
    public async Task Version_AskedByAShipper_IsElasticsearchShaped()
    {
        using var response = await _client.GetAsync(new Uri("/ingest/elasticsearch/", UriKind.Relative));
        Assert.Equal("Elasticsearch", response.Headers.GetValues("X-Elastic-Product").Single());
        Assert.StartsWith("8.", JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("version").GetProperty("number").GetString(), StringComparison.Ordinal);
        Assert.Contains("active", await _client.GetStringAsync(new Uri("/ingest/elasticsearch/_license", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ledger_AfterRequests_Balances()
    {
        await PostAsync("/ingest/http", string.Concat(Enumerable.Range(0, 500).Select(i => $"line {i}\n")));
        await _rig.DrainAsync();
        Assert.Equal(new LedgerCounts(500, 500, 0, 0), await _rig.TotalAsync("http"));
    }

    private static readonly SourceDefinition Shipper = new("shipper", "Shipper", "http", SourceDefinition.ParseSettings("{}"), "auto", "", "", true);

    private async Task<(SourceTrial Trial, string Path)> TryAsync()
    {
        var trial = _rig.Sources.Try(Shipper).Trial!;
        await Rig.UntilAsync(() => trial.View.Status.State == SourceState.Running);
        return (trial, trial.View.Status.Endpoint["POST ".Length..]);
    }

    [Fact]
    public async Task Trial_FirstBatch_IsReadAndHeldAtAnAddressOfItsOwnUntilItIsKept()
    {
        var (trial, path) = await TryAsync();
        Assert.NotEqual("/ingest/shipper", path);
        var (status, body) = await PostAsync(path, "{\"message\":\"one\",\"event\":{\"dataset\":\"app\"}}\nplain two\n");
        Assert.Equal((HttpStatusCode.OK, 2, true), (status, body.GetProperty("accepted").GetInt32(), body.GetProperty("trial").GetBoolean()));
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync("/ingest/shipper", "x\n")).Status);
        Assert.Equal((2, 0), (trial.View.Held, trial.View.Unread));
        await _rig.DrainAsync();
        Assert.Empty(_rig.Store.Events);

        Assert.Empty(await _rig.Sources.KeepAsync(trial, Shipper, default));
        await trial.DisposeAsync();
        await Rig.UntilAsync(() => _rig.Store.Events.Count == 2);
        Assert.All(_rig.Store.Events.Values, e => Assert.Equal("shipper", e.Source));
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(path, "x\n")).Status);
    }

    [Fact]
    public async Task Trial_BulkOfMoreThanItHolds_TakesTheFirstAndSendsTheRestBack()
    {
        var (trial, path) = await TryAsync();
        await using var tried = trial;
        var bulk = string.Concat(Enumerable.Range(0, 1_002).Select(i => $"{{\"create\":{{\"_index\":\"logs\",\"_id\":\"{i}\"}}}}\n{{\"message\":\"{i}\"}}\n"));
        var (status, body) = await PostAsync(path + "/_bulk", bulk);
        Assert.Equal(HttpStatusCode.OK, status);
        var items = Statuses(body).Split(", ");
        Assert.Equal((1_000, 2), (items.Count(s => s == "201"), items.Count(s => s == "429")));
        Assert.True(trial.View.Full);
    }

    [Fact]
    public async Task Trial_DocumentsOfOneThatWasThrownAway_AreNotKnownWhenTheyComeForGood()
    {
        const string bulk = "{\"create\":{\"_index\":\"logs\",\"_id\":\"a\"}}\n{\"message\":\"one\"}\n";
        var (trial, path) = await TryAsync();
        Assert.Equal("201", Statuses((await PostAsync(path + "/_bulk", bulk)).Body));
        await trial.DisposeAsync();
        Assert.Empty(await _rig.Sources.SaveAsync(Shipper, default));
        Assert.Equal("201", Statuses((await PostAsync("/ingest/shipper/_bulk", bulk)).Body));
    }
}
