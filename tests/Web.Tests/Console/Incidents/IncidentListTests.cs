using System.Reflection;
using Beacon.Alerting;
using Beacon.Alerting.Changes;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Warnings;
using Beacon.Web.Console.Pages.Incidents;
using Beacon.Web.Console.Shell;
using Beacon.Web.Console.Text;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;
using Severity = Beacon.Events.Severity;

namespace Beacon.Web.Tests.Console.Incidents;

public sealed class IncidentListTests : IAsyncDisposable
{
    private const int Many = 5_012;

    private readonly BunitContext _page = new();
    private readonly Service _incidents = (Service)DispatchProxy.Create<IIncidentService, Service>();

    public IncidentListTests()
    {
        _page.JSInterop.Mode = JSRuntimeMode.Loose;
        _page.AddAuthorization().SetAuthorized("ann");
        _page.Services.AddLogging().AddLocalization().AddMudServices().AddSingleton(TimeProvider.System).AddSingleton<Viewer>().AddSingleton<Ticker>().AddSingleton<KeyRouter>().AddSingleton<LiveFeed>()
            .AddSingleton<IKnownTexts>(new NoTexts()).AddSingleton<AlertWords>().AddSingleton<IPeople>(new Nobody()).AddSingleton(DispatchProxy.Create<IChangeFeed, Silence>()).AddSingleton((IIncidentService)(object)_incidents);
    }

    public ValueTask DisposeAsync() => _page.DisposeAsync();

    [Fact]
    public void Rows_OfThousands_AreReadAndDrawnInPartsAndCountedTruly()
    {
        var list = _page.Render<IncidentList>();
        Assert.InRange(list.FindAll("tr[data-incident]").Count, 1, 200);
        Assert.All(_incidents.Asked, q => Assert.InRange(q.Limit, 1, 200));
        Assert.Equal("5012", list.Find("[data-total]").GetAttribute("data-total"));
        Assert.Contains("5,012", list.Find("[data-total]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_ToTheEndAndBack_PickRowsThatAreNotDrawn()
    {
        var list = _page.Render<IncidentList>();
        await PressAsync(list, "End");
        await PressAsync(list, "k");
        await PressAsync(list, "Enter");
        Assert.EndsWith("/incidents/5011", _page.Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
        Assert.Equal(["inc5011", "incident-rows", 5_011, 30], _page.JSInterop.Invocations["beacon.revealAt"][^1].Arguments);
        await PressAsync(list, "Home");
        Assert.Equal("INC-1", list.Find("tr.sel").GetAttribute("data-incident"));
    }

    [Fact]
    public void Head_Pressed_OrdersByItAndTurnsRound()
    {
        var list = _page.Render<IncidentList>();
        list.Find("[data-by=Severity]").Click();
        Assert.Equal(IncidentOrder.Severity, _incidents.Asked[^1].Order);
        list.Find("[data-by=Severity]").Click();
        Assert.True(_incidents.Asked[^1].Reversed);
        Assert.Equal("ascending", list.Find("th:has([data-by=Severity])").GetAttribute("aria-sort"));
    }

    [Fact]
    public void Filters_Chosen_StandInTheAddressAndInTheQuestion()
    {
        var list = _page.Render<IncidentList>();
        list.Find("#incident-owner").Change("=");
        list.Find("#incident-phase").Change("Respond");
        list.Find("#incident-filter").Input("bas-01");
        Assert.EndsWith("/incidents?q=bas-01&phase=Respond&owner=", _page.Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
        Assert.Equal(("", "bas-01", IncidentStatus.Respond), (_incidents.Asked[^1].Owner, _incidents.Asked[^1].Text, Assert.Single(_incidents.Asked[^1].Statuses!)));
    }

    [Fact]
    public void Rows_NoneOfThem_SaysWhatToDo()
    {
        _incidents.There = 0;
        Assert.Single(_page.Render<IncidentList>().FindAll(".empty b"));
    }

    // A circuit closes while rows are on their way.
    [Fact]
    public async Task Dispose_WhileRowsAreRead_CancelsThemInSilence()
    {
        _incidents.Waits = q => q.Offset > 0 || q.Limit > 100;
        _page.Render<IncidentList>();
        Assert.NotEmpty(_incidents.Waiting);
        await _page.DisposeComponentsAsync();
        Assert.All(_incidents.Waiting, w => Assert.True(w.IsCancellationRequested));
        Assert.False(_page.Renderer.UnhandledException.IsCompleted);
    }

    private Task<bool> PressAsync(IRenderedComponent<IncidentList> list, string key) => list.InvokeAsync(() => _page.Services.GetRequiredService<KeyRouter>().PressAsync(key));

    /// <summary>Answers lists of incidents and nothing else.</summary>
    public class Service : DispatchProxy
    {
        public int There { get; set; } = Many;
        public List<IncidentQuery> Asked { get; } = [];

        /// <summary>Which questions are answered by being cancelled alone.</summary>
        public Func<IncidentQuery, bool> Waits { get; set; } = _ => false;
        public List<CancellationToken> Waiting { get; } = [];

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (args?[0] is not IncidentQuery query) throw new NotSupportedException(targetMethod?.Name);
            Asked.Add(query);
            if (!Waits(query)) return Task.FromResult(new IncidentPage([.. Enumerable.Range(query.Offset, Math.Min(query.Limit, There - query.Offset)).Select(Incident)], There));
            var cancellation = (CancellationToken)args[1]!;
            Waiting.Add(cancellation);
            var answer = new TaskCompletionSource<IncidentPage>();
            cancellation.Register(() => answer.TrySetCanceled(cancellation));
            return answer.Task;
        }

        private static IncidentSummary Incident(int n) => new()
        {
            Id = n + 1, Version = 1, Number = $"INC-{n + 1}", Title = "x", Severity = Severity.High, Status = IncidentStatus.Detect, StartedAt = default, OpenedAt = default, UpdatedAt = default, AlertCount = 1, EntityCount = 0, TasksOpen = 0, TasksDone = 0,
        };
    }

    public class Silence : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => throw new NotSupportedException(targetMethod?.Name);
    }

    private sealed class Nobody : IPeople
    {
        public Task<IReadOnlyList<string>> HoldingAsync(string role, CancellationToken cancellation = default) => Task.FromResult<IReadOnlyList<string>>([]);
    }

    private sealed class NoTexts : IKnownTexts
    {
        public string In(string text, string language) => text;
    }
}
