using System.Reflection;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Playbooks;
using Beacon.Web.Console.Pages.Incidents;
using Beacon.Web.Console.Shell;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;
using Severity = Beacon.Events.Severity;

namespace Beacon.Web.Tests.Console.Incidents;

public sealed class StartQuestionTests : IAsyncDisposable
{
    private readonly BunitContext _page = new();
    private readonly Book _book = (Book)DispatchProxy.Create<IPlaybookEngine, Book>();
    private int _started, _left;

    public StartQuestionTests()
    {
        _page.JSInterop.Mode = JSRuntimeMode.Loose;
        _page.Services.AddLogging().AddLocalization().AddMudServices().AddSingleton(TimeProvider.System).AddSingleton<Viewer>().AddSingleton<KeyRouter>().AddSingleton((IPlaybookEngine)(object)_book).AddSingleton(DispatchProxy.Create<IPlaybookLibrary, Library>());
    }

    public ValueTask DisposeAsync() => _page.DisposeAsync();

    [Theory]
    [InlineData("Person", 0)]
    [InlineData("Reads Approval", 0)]
    [InlineData("Reads Acts Acts Person", 2)]
    public void Render_FirstSteps_SaysWhichActByThemselves(string first, int acts)
    {
        var kinds = first.Split(' ').Select(Enum.Parse<FirstStepKind>).ToList();
        _book.First = [.. kinds.Select((k, n) => new FirstStep("step-" + n, k))];
        var asked = Ask();
        Assert.Equal(acts.ToString(System.Globalization.CultureInfo.InvariantCulture), asked.Find("[data-start-question]").GetAttribute("data-acts"));
        Assert.Equal(kinds.Select(k => k.ToString()), asked.FindAll("[data-first-step]").Select(s => s.GetAttribute("data-first-step")));
        Assert.Contains("Name of step-0", asked.Find("[data-first-step]").TextContent, StringComparison.Ordinal);
        Assert.Equal(acts > 0, asked.Find("[data-start-confirm]").ClassList.Contains("danger"));
        Assert.Contains("Block the address", asked.Find("#start-title").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Enter_HeldDown_StartsOnce()
    {
        var asked = Ask();
        await PressAsync(asked, "Enter");
        await PressAsync(asked, "Enter");
        Assert.Equal((1, 0), (_started, _left));
        Assert.Equal("start-confirm", _page.JSInterop.Invocations["beacon.focus"].Single().Arguments[0]);
    }

    [Fact]
    public async Task Escape_Leaves()
    {
        await PressAsync(Ask(), "Escape");
        Assert.Equal((0, 1), (_started, _left));
    }

    [Fact]
    public async Task Gone_ItsKeysAreNobodys()
    {
        Ask();
        await _page.DisposeComponentsAsync();
        Assert.Empty(_page.Services.GetRequiredService<KeyRouter>().Bindings);
    }

    private IRenderedComponent<StartQuestion> Ask() => _page.Render<StartQuestion>(p => p.Add(q => q.Incident, Incident).Add(q => q.Playbook, new PlaybookInfo("p", "Block the address", "", default, "", 1, 0, [], [])).Add(q => q.OnConfirm, () => _started++).Add(q => q.OnLeave, () => _left++));

    private Task<bool> PressAsync(IRenderedComponent<StartQuestion> asked, string key) => asked.InvokeAsync(() => _page.Services.GetRequiredService<KeyRouter>().PressAsync(key));

    private static IncidentDetail Incident => new()
    {
        Summary = new IncidentSummary
        {
            Id = 1, Version = 1, Number = "INC-2026-0001", Title = "x", Severity = Severity.High, Status = IncidentStatus.Detect, StartedAt = default, OpenedAt = default, UpdatedAt = default, AlertCount = 1, EntityCount = 0, TasksOpen = 0, TasksDone = 0,
        },
        Alerts = [], Entities = [], Links = [], Stages = [], Techniques = [], Tasks = [],
    };

    public class Book : DispatchProxy
    {
        public IReadOnlyList<FirstStep> First { get; set; } = [];

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod?.Name == nameof(IPlaybookEngine.FirstStepsOf) ? First : throw new NotSupportedException(targetMethod?.Name);
    }

    public class Library : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod?.Name == nameof(IPlaybookLibrary.Graph)
            ? new PlaybookGraph([.. Enumerable.Range(0, 4).Select(n => new GraphNode("step-" + n, "action", "Name of step-" + n, "", (n + 1).ToString(System.Globalization.CultureInfo.InvariantCulture), "", n, 0))], [], 4) : throw new NotSupportedException(targetMethod?.Name);
    }
}
