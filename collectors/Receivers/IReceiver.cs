using System.Text.Json;
using Beacon.Collectors.Sources;

namespace Beacon.Collectors.Receivers;

/// <summary>A transport: cuts frames and puts them into the spool.</summary>
internal interface IReceiver
{
    /// <summary>Name by which a source names it.</summary>
    string Kind { get; }

    /// <summary>Every fault of a source's settings; keys are "settings.…".</summary>
    IReadOnlyList<SourceFault> Validate(JsonElement settings);

    /// <summary>Receives until it is stopped. What it throws is shown to operators, and it is started again after a wait.</summary>
    Task RunAsync(ReceiverContext context, CancellationToken stop);
}
