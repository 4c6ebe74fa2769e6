using System.Reflection;
using Beacon.Alerting.Alerts;
using Beacon.Events;
using Beacon.Web.Console.Pages.Search;

namespace Beacon.Web.Tests.Console;

public sealed class SearchAlertsTests
{
    private readonly Alerts _alerts = (Alerts)DispatchProxy.Create<IAlertService, Alerts>();

    [Fact]
    public async Task Read_ThousandsOfEvents_AsksInPartsAndMarksThoseOfAlerts()
    {
        var of = new SearchAlerts((IAlertService)(object)_alerts);
        Assert.False(of.Any);
        await of.ReadAsync(Enumerable.Range(1, 1_001).Select(Id), TestContext.Current.CancellationToken);
        Assert.Equal([200, 200, 200, 200, 200, 1], _alerts.Asked);
        Assert.Equal(["A-2", "A-1"], of.Of(Id(500)).Select(a => a.Number));
        Assert.Empty(of.Of(Id(501)));
    }

    [Fact]
    public async Task Read_EventWhoseAlertKeepsItNoLonger_IsUnmarked()
    {
        var of = new SearchAlerts((IAlertService)(object)_alerts);
        await of.ReadAsync([Id(500), Id(1_000)], TestContext.Current.CancellationToken);
        _alerts.Every = int.MaxValue;
        await of.ReadAsync([Id(500)], TestContext.Current.CancellationToken);
        Assert.Empty(of.Of(Id(500)));
        Assert.NotEmpty(of.Of(Id(1_000)));
        of.Clear();
        Assert.False(of.Any);
    }

    private static SecurityEventId Id(int n) => SecurityEventId.From(1, n);

    /// <summary>Knows two alerts of every five hundredth event.</summary>
    public class Alerts : DispatchProxy
    {
        public int Every { get; set; } = 500;
        public List<int> Asked { get; } = [];

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (args?[0] is not IReadOnlyList<string> ids) throw new NotSupportedException(targetMethod?.Name);
            Asked.Add(ids.Count);
            var marked = Enumerable.Range(1, 1_001).Where(n => n % Every == 0).Select(n => Id(n).ToString()).ToHashSet();
            return Task.FromResult<IReadOnlyList<EventAlert>>([.. ids.Where(marked.Contains).SelectMany(id => new[] { 2, 1 }.Select(n => new EventAlert(id, n, $"A-{n}", "x", (Severity)n, AlertStatus.New, null, null)))]);
        }
    }
}
