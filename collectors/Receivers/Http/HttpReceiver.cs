using System.Text.Json;
using Beacon.Collectors.Sources;

namespace Beacon.Collectors.Receivers.Http;

/// <summary>Frames posted to the web server's ingest endpoints; the listening itself is the web server's.</summary>
internal sealed class HttpReceiver(TrialDoors doors) : IReceiver
{
    public const string KindName = "http";

    public string Kind => KindName;

    public IReadOnlyList<SourceFault> Validate(JsonElement settings) => new SettingsReader(settings).Finish();

    public async Task RunAsync(ReceiverContext context, CancellationToken stop)
    {
        using var door = context.Intake is HeldIntake held ? doors.Open(context.Source, held) : null;
        context.Started("POST /ingest/" + (door?.Name ?? context.Source.Id));
        await Task.Delay(Timeout.InfiniteTimeSpan, context.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
