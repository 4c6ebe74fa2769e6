using System.Globalization;
using System.Reflection;
using Beacon.Alerting.Alerts;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Warnings;
using Beacon.Events;
using Beacon.Web.Console.Pages.Incidents;
using Beacon.Web.Console.Shell;
using Beacon.Web.Console.Text;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;
using Severity = Beacon.Events.Severity;

namespace Beacon.Web.Tests.Console;

public sealed class AlertsPaneTests : IAsyncDisposable
{
    private const int Many = 2_000;

    private readonly BunitContext _page = new();
    private readonly Alerts _alerts = (Alerts)DispatchProxy.Create<IAlertService, Alerts>();

    public AlertsPaneTests() => _page.Services.AddLogging().AddLocalization().AddMudServices().AddSingleton(TimeProvider.System).AddSingleton<Viewer>().AddSingleton<Ticker>().AddSingleton<IKnownTexts>(new NoTexts()).AddSingleton<AlertWords>().AddSingleton<IAlertService>((IAlertService)(object)_alerts);

    public ValueTask DisposeAsync() => _page.DisposeAsync();

    [Fact]
    public void Rows_OfThousands_AreReadAndDrawnInParts()
    {
        var pane = Pane(1);
        Assert.InRange(pane.FindAll("tr[data-alert]").Count, 1, 200);
        Assert.All(_alerts.Asked, q => Assert.InRange(q.Limit, 1, 200));
        Assert.Equal(Many.ToString(CultureInfo.InvariantCulture), pane.Find("table").GetAttribute("data-alerts"));
    }

    [Fact]
    public void Rows_ClosedAndShelvedOnes_AreAmongThem()
    {
        Pane(7);
        Assert.All(_alerts.Asked, q => Assert.Equal((7, Enum.GetValues<AlertStatus>().Length, null), (q.IncidentId, q.Statuses!.Count, q.Shelved)));
    }

    [Fact]
    public void Rows_IncidentLoadedAfresh_AreReadAgain()
    {
        var pane = Pane(1);
        var before = _alerts.Asked.Count;
        pane.Render(p => p.Add(a => a.Incident, Incident(1)));
        Assert.True(_alerts.Asked.Count > before);
    }

    private IRenderedComponent<AlertsPane> Pane(long incident) => _page.Render<AlertsPane>(p => p.Add(a => a.Incident, Incident(incident)));

    private static IncidentDetail Incident(long id) => new()
    {
        Summary = new IncidentSummary
        {
            Id = id, Version = 1, Number = "INC-2026-0001", Title = "x", Severity = Severity.High, Status = IncidentStatus.Detect, StartedAt = default, OpenedAt = default, UpdatedAt = default, AlertCount = Many, EntityCount = 0, TasksOpen = 0, TasksDone = 0,
        },
        Alerts = [], Entities = [], Links = [], Stages = [], Techniques = [], Tasks = [],
    };

    /// <summary>Answers lists of alerts and nothing else.</summary>
    public class Alerts : DispatchProxy
    {
        public List<AlertQuery> Asked { get; } = [];

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (args?[0] is not AlertQuery query) throw new NotSupportedException(targetMethod?.Name);
            Asked.Add(query);
            return Task.FromResult(new AlertPage([.. Enumerable.Range(query.Offset, Math.Min(query.Limit, Many - query.Offset)).Select(Alert)], Many));
        }

        private static AlertSummary Alert(int n) => new()
        {
            Id = n + 1, Number = $"A-{n + 1}", Version = 1, RuleId = "r", RuleTitle = "A rule", RuleKind = "sigma", Entity = new Entity(EntityKind.Host, "bas-01"), Title = "A rule on bas-01", Severity = Severity.High, Status = AlertStatus.New,
            Urgency = new Urgency(10, UrgencyBand.ThisShift, null, []), Count = 1, FirstSeen = default, LastSeen = default, LastReceived = default, CreatedAt = default, UpdatedAt = default,
        };
    }

    private sealed class NoTexts : IKnownTexts
    {
        public string In(string text, string language) => text;
    }
}
