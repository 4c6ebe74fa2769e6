using System.Text.Json;
using Beacon.Events;

namespace Beacon.Collectors.Sources;

/// <summary>A configured input.</summary>
/// <param name="Id">Stable short name, which events carry: 1 to 64 of a–z, 0–9, '-', '_', '.'.</param>
/// <param name="Name">For people; 1 to 128 characters.</param>
/// <param name="Kind">The receiver's: "syslog-udp", "syslog-tcp", "file", "http", "evtx".</param>
/// <param name="Settings">A JSON object whose keys the receiver knows.</param>
/// <param name="Format">A parser's name, or "auto".</param>
/// <param name="Organisation">Id of whose data it is, or empty.</param>
/// <param name="TimeZone">IANA zone of timestamps that name none, or empty for the default.</param>
public sealed record SourceDefinition(
    string Id, string Name, string Kind, JsonElement Settings, string Format, string Organisation, string TimeZone, bool Enabled)
{
    public static JsonElement ParseSettings(string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16 });
        return document.RootElement.Clone();
    }
}

/// <summary>What is wrong with a source's definition.</summary>
/// <param name="Key">"id", "settings.port", …</param>
public sealed record SourceFault(string Key, Phrase Message);

public enum SourceState
{
    Disabled,
    Starting,
    Running,
    /// <summary>Could not be opened or broke off; tried again after a wait.</summary>
    Failing,
}

/// <summary>How an input fares.</summary>
/// <param name="Error">Why it fails, or null.</param>
/// <param name="Endpoint">Where it listens or what it reads ("tcp 127.0.0.1:5514"), or empty.</param>
/// <param name="Connections">Open connections or files.</param>
public sealed record SourceStatus(SourceDefinition Definition, SourceState State, Phrase? Error, string Endpoint, int Connections);
