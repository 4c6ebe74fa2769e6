using Beacon.Collectors.Pipeline;
using Beacon.Collectors.Receivers;
using Beacon.Collectors.Spool;
using Microsoft.Extensions.Logging;

namespace Beacon.Collectors.Sources;

/// <summary>How a trial fares. received = held + dropped; of those held, some could not be read and would be quarantined.</summary>
/// <param name="Held">Lines held, at most 1,000.</param>
/// <param name="Unread">Of those held, how many would be quarantined.</param>
/// <param name="TextOnly">Of those held, how many were not recognised and would be kept with their text.</param>
/// <param name="Full">Nothing more is held: senders over TCP wait, datagrams are dropped.</param>
/// <param name="Lines">The newest first, at most twenty.</param>
/// <param name="Format">What the newest recognised line was recognised as, or empty.</param>
/// <param name="ClockOff">Median of the lines' own times against ours: negative where the sender is behind. Null where lines bear no time.</param>
/// <param name="PerSecond">Lines a second since the first; null in the first five seconds.</param>
public sealed record TrialView(SourceStatus Status, int Held, int Unread, int TextOnly, long Dropped, bool Full, IReadOnlyList<PreviewLine> Lines, string Format, TimeSpan? ClockOff, double? PerSecond);

/// <summary>A source that listens before it is kept. Disposed, it forgets what it holds.</summary>
public sealed class SourceTrial : IAsyncDisposable
{
    private readonly HeldIntake _held;
    private readonly SourceRun _run;
    private readonly Action _ended;
    private readonly Lock _gate = new();
    private Task? _stopping;

    internal SourceTrial(SourceDefinition source, IReceiver receiver, HeldIntake held, TimeProvider time, ILogger log, Action ended)
    {
        _held = held;
        _ended = ended;
        _run = new SourceRun(source, receiver, held, time, log);
    }

    /// <summary>A line came or was lost. Raised by the receiver, so a listener does little in it.</summary>
    public event Action? Changed
    {
        add => _held.Changed += value;
        remove => _held.Changed -= value;
    }

    public TrialView View => _held.View(_run.Status);

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _held.Take();
    }

    internal Task StopAsync()
    {
        lock (_gate) return _stopping ??= EndAsync();
    }

    private async Task EndAsync()
    {
        await _run.DisposeAsync().ConfigureAwait(false);
        _ended();
    }

    internal async Task HandOverAsync(Intake intake, string source)
    {
        var batch = intake.NewBatch(source);
        foreach (var record in _held.Take()) batch.Add(record.Frame, record.Meta);
        if (batch.Count == 0) return;
        var result = await intake.AppendAsync(batch, wait: false, CancellationToken.None).ConfigureAwait(false);
        if (!result.Stored) intake.Drop(source, batch.Count, result.Error ?? "spool full");
    }
}
