using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Beacon.Collectors.Sources;

namespace Beacon.Collectors.Receivers.Http;

/// <summary>
/// Where HTTP sources are tried: each under a name of its own beside the real ones, so that a sender which is answered "accepted" there never
/// takes it for the source's own address, where that means "on disk".
/// </summary>
internal sealed class TrialDoors
{
    public const string Prefix = "trial-";

    private readonly ConcurrentDictionary<string, TrialDoor> _open = new(StringComparer.Ordinal);

    /// <summary>Open until it is disposed.</summary>
    public TrialDoor Open(SourceDefinition source, HeldIntake held)
    {
        // Not to be guessed: nobody else's lines are to be seen in a trial.
        var door = new TrialDoor(Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)), source, held, name => _open.TryRemove(name, out _));
        _open[door.Name] = door;
        return door;
    }

    public bool TryFind(string name, [NotNullWhen(true)] out TrialDoor? door) => _open.TryGetValue(name, out door);
}

/// <summary>The address of one trial: POST /ingest/NAME, and Elasticsearch's bulk API beneath it.</summary>
internal sealed class TrialDoor(string name, SourceDefinition source, HeldIntake held, Action<string> closed) : IDisposable
{
    public string Name => name;
    public SourceDefinition Source => source;
    public HeldIntake Held => held;

    public void Dispose() => closed(name);
}
