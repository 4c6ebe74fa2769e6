using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Beacon.Alerting.Changes;
using Beacon.EndToEnd.Tests.Support;
using Beacon.Web.Live;
using Beacon.Web.Security;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.EndToEnd.Tests.Live;

public sealed class HubTests : IAsyncLifetime
{
    private House _house = null!;
    private string _key = "";

    public async ValueTask InitializeAsync()
    {
        // Few rows and a quick clock, so that a number can grow too old within a test.
        _house = await House.StartAsync(new Dictionary<string, string?> { ["Alerting:ChangesKept"] = "1000", ["Alerting:TickInterval"] = "00:00:01" });
        _key = await _house.KeyAsync(ApiScopes.Read, ApiScopes.Operate);
    }

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    private IChangeFeed Feed => _house.Services.GetRequiredService<IChangeFeed>();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Follow_DisconnectedAndBack_MissesNothingAndRepeatsNothing(bool messagePack)
    {
        await using var client = new HubClient(_house.Address, _key, messagePack);
        await client.ConnectAsync();
        var published = 0;
        for (var round = 0; round < 4; round++)
        {
            for (var i = 0; i < 50; i++) await PublishAsync(published++);
            var seen = round == 0 ? 50 : client.Seen.Count + 1;
            await Wait.UntilAsync(() => Task.FromResult(client.Seen.Count >= Math.Min(seen, published)), "the changes of the round");
            await client.DisconnectAsync();
            for (var i = 0; i < 50; i++) await PublishAsync(published++);
            await client.ConnectAsync();
        }
        await Wait.UntilAsync(() => Task.FromResult(client.LastSequence >= Feed.LatestSequence), "the last change");

        var all = client.Seen;
        var ours = all.Where(c => c.Kind == "source").Select(c => int.Parse(c.Id, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(Enumerable.Range(0, published), ours);
        Assert.Equal(all.Select(c => c.Sequence).Order().Distinct(), all.Select(c => c.Sequence));
        Assert.All(all, c => Assert.NotNull(JsonNode.Parse(c.Payload)));
    }

    [Fact]
    public async Task Follow_HostRestarts_GoesOnFromTheLastNumber()
    {
        await using var client = new HubClient(_house.Address, _key, messagePack: true);
        await client.ConnectAsync();
        for (var i = 0; i < 20; i++) await PublishAsync(i);
        await Wait.UntilAsync(() => Task.FromResult(client.Seen.Count(c => c.Kind == "source") == 20), "the first changes");
        await _house.StopAsync();
        await client.DisconnectAsync();
        await _house.StartAgainAsync();
        for (var i = 20; i < 40; i++) await PublishAsync(i);
        await client.ConnectAsync();
        await Wait.UntilAsync(() => Task.FromResult(client.Seen.Count(c => c.Kind == "source") >= 40), "the changes after the restart");
        Assert.Equal(Enumerable.Range(0, 40).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture)), client.Seen.Where(c => c.Kind == "source").Select(c => c.Id));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Follow_NumberNoLongerKept_IsToldTooOld(long number)
    {
        for (var i = 0; i < 1_100; i++) await PublishAsync(i);
        await Wait.UntilAsync(async () => (await Feed.ReadAfterAsync(1, 1)).TooOld, "the removal of old changes");
        await using var client = new HubClient(_house.Address, _key, messagePack: false);
        await client.OpenAsync();

        var state = await client.StateAsync(number);
        Assert.True(state.TooOld);
        Assert.Equal(Feed.LatestSequence, state.Latest);
        Assert.Equal(BeaconHub.Version, state.Version);
        var refusal = await Assert.ThrowsAsync<HubException>(async () =>
        {
            await foreach (var _ in client.FollowFrom(number, CancellationToken.None)) { }
        });
        Assert.Contains("too-old", refusal.Message, StringComparison.Ordinal);

        using var api = _house.Client(_key);
        using var answer = await api.GetAsync(new Uri($"/api/v1/changes?after={number}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Gone, answer.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FollowMany_FromANumber_BringsEachOnceInBoundedLists(bool messagePack)
    {
        var from = Feed.LatestSequence;
        for (var i = 0; i < 250; i++) await PublishAsync(i);
        await using var client = new HubClient(_house.Address, _key, messagePack);
        await client.OpenAsync();
        using var stop = new CancellationTokenSource(Wait.Most);
        var lists = new List<ChangeMessage[]>();
        await foreach (var list in client.FollowManyFrom(from, stop.Token))
        {
            lists.Add(list);
            if (lists.Count == 2) await PublishAsync(250);
            if (list.Any(static c => c is { Kind: "source", Id: "250" })) break;
        }
        Assert.Equal(Enumerable.Range(0, 251), lists.SelectMany(static l => l).Where(static c => c.Kind == "source").Select(static c => int.Parse(c.Id, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.All(lists, static l => Assert.InRange(l.Length, 1, BeaconHub.MostAtOnce));
        Assert.Equal(BeaconHub.MostAtOnce, lists[0].Length);
    }

    [Fact]
    public async Task Follow_OnlyWhatIsToCome_StartsBehindTheLatest()
    {
        for (var i = 0; i < 10; i++) await PublishAsync(i);
        await using var client = new HubClient(_house.Address, _key, messagePack: true);
        await client.OpenAsync();
        using var stop = new CancellationTokenSource(Wait.Most);
        await using var stream = client.FollowFrom(-1, stop.Token).GetAsyncEnumerator(stop.Token);
        var next = stream.MoveNextAsync().AsTask();
        // The stream's beginning can't be seen from here: changes go on until it shows one of them.
        for (var i = 10; !next.IsCompleted; i++)
        {
            await PublishAsync(i);
            await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, stop.Token));
        }
        Assert.True(await next);
        Assert.True(int.Parse(stream.Current.Id, System.Globalization.CultureInfo.InvariantCulture) >= 10);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ApiKey bm9ib2R5OndpdGhvdXQ=")]
    public async Task Connect_WithoutAKey_IsRefused(string authorization)
    {
        await using var client = new HubClient(_house.Address, authorization.Length > 0 ? authorization : null, messagePack: false);
        var refusal = await Assert.ThrowsAsync<HttpRequestException>(client.ConnectAsync);
        Assert.Equal(HttpStatusCode.Unauthorized, refusal.StatusCode);
    }

    [Fact]
    public async Task Connect_WithAnIngestKey_IsRefused()
    {
        await using var client = new HubClient(_house.Address, await _house.KeyAsync(ApiScopes.Ingest), messagePack: false);
        var refusal = await Assert.ThrowsAsync<HttpRequestException>(client.ConnectAsync);
        Assert.Equal(HttpStatusCode.Forbidden, refusal.StatusCode);
    }

    private Task PublishAsync(int number) => Feed.PublishAsync(ChangeKind.Source, number.ToString(System.Globalization.CultureInfo.InvariantCulture), 1, "{\"name\":\"bas-01\"}");
}
