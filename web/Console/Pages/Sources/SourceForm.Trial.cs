using Beacon.Collectors.Sources;
using Beacon.Events;
using Microsoft.AspNetCore.Components.Forms;

namespace Beacon.Web.Console.Pages.Sources;

/// <summary>The first lines of a source that is not kept yet: listened for, or looked up in its files.</summary>
public partial class SourceForm
{
    /// <summary>Listens anew where the draft can, or shows what a look at its files finds.</summary>
    private async Task RestartAsync()
    {
        await EndTrialAsync();
        _faults = [];
        if (!CanListen) { await PreviewAsync(); return; }
        if (Named() is not { } definition) return;
        var (trial, faults) = Service.Try(definition);
        (_trial, _faults) = (trial, faults);
        if (trial is null) return;
        trial.Changed += Arrived;
        // Opening the port takes a moment, and failing to does not raise anything.
        Arrived();
    }

    // Lines come by the thousand; the page is drawn four times a second at most.
    private void Arrived()
    {
        if (Interlocked.Exchange(ref _drawing, 1) == 1) return;
        _ = InvokeAsync(async () =>
        {
            await Task.Delay(Draws, Clock);
            Volatile.Write(ref _drawing, 0);
            if (_ended || _trial is null) return;
            _view = _trial.View;
            StateHasChanged();
            if (_view.Status.State != SourceState.Running) Arrived();
        });
    }

    private SourceDefinition? Definition()
    {
        if (Draft.Definition(out var line) is { } definition) return definition;
        _faults = [new SourceFault("settings", Phrase.Plain(T["NotJson", line]))];
        return null;
    }

    private Task SampleAsync(string sample)
    {
        _sample = sample;
        return PreviewAsync();
    }

    private Task PreviewAsync()
    {
        if (Named() is not { } definition) return Task.CompletedTask;
        var sample = _sample.Trim().Length == 0 ? null : _sample;
        if (sample is null && !SourceService.ReadsFiles(definition.Kind))
        {
            _preview = null;
            return Task.CompletedTask;
        }
        _preview = Service.Preview(definition, sample);
        _faults = _preview.Faults;
        return Task.CompletedTask;
    }

    private async Task LookIntoAsync(InputFileChangeEventArgs chosen)
    {
        if (Named() is not { } definition) return;
        var bytes = new byte[(int)Math.Min(chosen.File.Size, SourceService.MaxLook)];
        // Only the beginning is fetched: an event log of gigabytes is looked into as quickly.
        try
        {
            await using var stream = chosen.File.OpenReadStream(long.MaxValue);
            await stream.ReadExactlyAsync(bytes);
        }
        catch (IOException fault)
        {
            _faults = [new SourceFault("file", Phrase.Plain(fault.Message))];
            return;
        }
        _preview = Service.PreviewFile(definition, chosen.File.Name, bytes);
        _faults = _preview.Faults;
    }

    private async Task EndTrialAsync()
    {
        if (_trial is null) return;
        var trial = _trial;
        (_trial, _view) = (null, null);
        trial.Changed -= Arrived;
        await trial.DisposeAsync();
    }
}
