using System.Text.Json;
using Beacon.Collectors.Sources;

namespace Beacon.Collectors.Receivers.Http;

/// <summary>Frames posted to the web server's ingest endpoints; the listening itself is the web server's.</summary>
internal sealed class HttpReceiver : IReceiver
{
    public const string KindName = "http";

    public string Kind => KindName;

    public IReadOnlyList<SourceFault> Validate(JsonElement settings) => new SettingsReader(settings).Finish();

    public async Task RunAsync(ReceiverContext context, CancellationToken stop)
    {
        context.Started("POST /ingest/" + context.Source.Id);
        await Task.Delay(Timeout.InfiniteTimeSpan, context.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
