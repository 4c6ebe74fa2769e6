using System.Globalization;
using Beacon.Alerting;
using Beacon.Alerting.Incidents;
using Beacon.Web.Console.Shell;
using Beacon.Web.Console.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using MudBlazor;

namespace Beacon.Web.Console.Pages.Incidents;

/// <summary>A part of an incident's page: what it shows, who looks at it, and how it tells that something was done or refused.</summary>
public abstract class IncidentPart : ComponentBase
{
    [Inject] private protected IStringLocalizer<ShellText> Shell { get; set; } = null!;
    [Inject] private protected ISnackbar Snackbar { get; set; } = null!;
    [Inject] private protected Viewer Viewer { get; set; } = null!;

    [Parameter, EditorRequired] public IncidentDetail Incident { get; set; } = null!;

    /// <summary>Who looks at the page.</summary>
    [Parameter] public Actor Person { get; set; } = new("unknown");

    /// <summary>Something was changed, or refused because it had changed: load afresh.</summary>
    [Parameter] public EventCallback OnChanged { get; set; }

    /// <summary>In which reports are written for who looks at the page.</summary>
    private protected static string Language => CultureInfo.CurrentUICulture.Name;

    private protected long Id => Incident.Summary.Id;

    /// <summary>Closed by a merge: everything of it is read only.</summary>
    private protected bool Merged => Incident.Summary.MergedInto is not null;

    /// <summary>Waits for an operation, tells why it was refused, and has the page loaded again either way.</summary>
    /// <returns>Its result, or null where it was refused.</returns>
    private protected async Task<T?> ApplyAsync<T>(Task<Outcome<T>> operation) where T : class
    {
        var outcome = await operation;
        if (!outcome.Done) Snackbar.Add(Shell["Failed", Viewer.Say(outcome.Refusal.Message)], MudBlazor.Severity.Error);
        await OnChanged.InvokeAsync();
        return outcome.Value;
    }

    private protected static string Short(string hash) => hash.Length < 10 ? hash : $"{hash[..4]}…{hash[^4..]}".ToLowerInvariant();
}
