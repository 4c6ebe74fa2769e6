using System.Text;
using System.Text.Json.Nodes;
using Beacon.Alerting.Playbooks.Actions;
using Beacon.Alerting.Playbooks.Actions.Hunts;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Beacon.Alerting.Tests.Playbooks.Actions.Hunts;

public sealed class HuntActionTests
{
    private const string Rule = "title: Guess\nid: 0b1c6a1e-3f0a-4f4c-9d58-8a7a3f5e0001\nstatus: test\nlogsource:\n  product: linux\ndetection:\n  sel:\n    message|contains: failed\n  condition: sel\nlevel: low\n";

    private sealed class FakeHunt(HuntAnswer? answer) : IHunt
    {
        public List<string> Asked { get; } = [];
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public Task<HuntAnswer> SigmaAsync(string rule, TimeSpan lookBack, CancellationToken cancellation) => AskAsync(rule, cancellation);
        public Task<HuntAnswer> QueryAsync(string query, TimeSpan lookBack, CancellationToken cancellation) => AskAsync(query, cancellation);

        private async Task<HuntAnswer> AskAsync(string text, CancellationToken cancellation)
        {
            Asked.Add(text);
            Begun.TrySetResult();
            if (answer is null) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            return answer!;
        }
    }

    private static ActionRun Command(string type, string text) => new ActionRun().Step(new JsonObject { ["type"] = type, ["command_b64"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(text)) }, null, "__count__", "__events__");

    private static HuntAction Action(IHunt hunt, TimeProvider? time = null) => new(hunt, Options.Create(new AlertingOptions()), time ?? TimeProvider.System);

    [Theory]
    [InlineData("sigma", Rule)]
    [InlineData("elastic", "event.action:login")]
    public async Task Run_Finds_GivesCountAndEvents(string type, string text)
    {
        var hunt = new FakeHunt(new HuntAnswer(12, ["e-1", "e-2"]));
        var result = await Command(type, text).RunAsync(Action(hunt));
        Assert.True(result.Succeeded, result.Said);
        Assert.Equal(("12", "e-1 e-2", text), (result.Outputs["__count__"], result.Outputs["__events__"], hunt.Asked.Single()));
    }

    [Fact]
    public async Task Run_Refused_FailsWithTheReason() => Assert.Equal("too many groups", (await Command("elastic", "a:b").RunAsync(Action(new FakeHunt(HuntAnswer.Failed("too many groups"))))).Said);

    [Fact]
    public async Task Run_NoEnd_TimesOutByTheClock()
    {
        var (clock, hunt) = (new FakeTimeProvider(TestHouse.Start), new FakeHunt(null));
        var run = Command("elastic", "a:b").RunAsync(Action(hunt, clock), clock);
        await hunt.Begun.Task;
        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Contains("within 300 s", (await run).Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x OR *:*", "source.user:\"x OR *:*\"")]
    [InlineData("C:\\Windows\\", "source.user:\"C:\\Windows\\\\\"")]
    public async Task Run_HostileValue_IsLookedForLiterally(string value, string query)
    {
        var hunt = new FakeHunt(new HuntAnswer(0, []));
        Assert.True((await Command("elastic", "source.user:__v__:value").With("__v__", value).RunAsync(Action(hunt))).Succeeded);
        Assert.Equal(query, hunt.Asked.Single());
    }

    [Fact]
    public async Task Run_ValueWithAQuote_IsRefused() => Assert.Contains("quote", (await Command("elastic", "a:__v__:value").With("__v__", "x\" OR \"y").RunAsync(Action(new FakeHunt(null)))).Said, StringComparison.Ordinal);

    [Theory]
    [InlineData("elastic", "a:(b", "not closed")]
    [InlineData("elastic", "name:smyth~2", "character 11")]
    [InlineData("elastic", "\"a __v__:value\"", "does not stand alone")]
    [InlineData("elastic", "{\"query\": {\"match_all\": {}}}", "query_string")]
    [InlineData("sigma", "title: x", "not a Sigma rule")]
    [InlineData("sigma", "title: __v__:value", "cannot stand in a Sigma rule")]
    public void Check_WhatItCannotSearchBy_IsRefusedWithThePlace(string type, string text, string why) =>
        Assert.Contains(Command(type, text).With("__v__", "x").Read(Action(new FakeHunt(null))).Faults, f => f.Code == "CACAO-211" && f.Path.EndsWith(".command_b64", StringComparison.Ordinal) && f.Message.ToString().Contains(why, StringComparison.Ordinal));

    [Fact]
    public void Check_QueryString_IsTaken() => Assert.Equal("a:b", ElasticText.Fill("{\"query\": {\"query_string\": {\"query\": \"a:b\"}}}", _ => null).Query);

    [Fact]
    public async Task Store_None_IsSaid()
    {
        using var house = new TestHouse();
        Assert.Contains("no event store", (await house.Get<IHunt>().QueryAsync("a:b", TimeSpan.FromHours(1), default)).Fault!.ToString(), StringComparison.Ordinal);
        Assert.Contains("no event store", (await house.Get<IHunt>().SigmaAsync(Rule, TimeSpan.FromHours(1), default)).Fault!.ToString(), StringComparison.Ordinal);
    }
}
