using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Beacon.Collectors.Sources;

namespace Beacon.Web.Console.Pages.Sources;

/// <summary>A source as it is being filled in. Its settings are one JSON text; the fields of the form read and write their part of it.</summary>
public sealed class SourceDraft
{
    private string _id = "";
    private string _name = "";
    private bool _ownId;

    public bool IsNew { get; init; } = true;
    public string Kind { get; set; } = "syslog-tcp";
    public string Settings { get; set; } = "{}";
    public string Format { get; set; } = "auto";
    public bool Enabled { get; init; } = true;
    public string Organisation { get; init; } = "";
    public string TimeZone { get; set; } = "";

    public string Name
    {
        get => _name;
        set
        {
            _name = value;
            if (IsNew && !_ownId) _id = IdOf(value);
        }
    }

    public string Id
    {
        get => _id;
        set => (_id, _ownId) = (value.Trim(), true);
    }

    public string Address
    {
        get => Text("address") ?? "127.0.0.1";
        set => Set("address", value.Trim());
    }

    public string Port
    {
        get => Read()?["port"]?.ToJsonString() ?? "5514";
        set => Set("port", int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : value.Trim());
    }

    /// <summary>Files or patterns, one a line.</summary>
    public string Paths
    {
        get => Read()?["paths"] is JsonArray paths ? string.Join('\n', paths.Select(p => p?.ToString())) : "";
        set => Set("paths", new JsonArray([.. value.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(p => (JsonNode)p)]));
    }

    public string Path
    {
        get => Text("path") ?? "";
        set => Set("path", value.Trim());
    }

    public static SourceDraft Of(SourceDefinition d)
    {
        ArgumentNullException.ThrowIfNull(d);
        return new() { IsNew = false, Id = d.Id, Name = d.Name, Kind = d.Kind, Settings = d.Settings.GetRawText(), Format = d.Format, Enabled = d.Enabled, Organisation = d.Organisation, TimeZone = d.TimeZone };
    }

    /// <returns>Null where the settings are no JSON; then the line at which they stop being it.</returns>
    public SourceDefinition? Definition(out long line)
    {
        line = 0;
        try
        {
            return new SourceDefinition(Id, Name.Trim(), Kind, SourceDefinition.ParseSettings(Settings.Trim().Length == 0 ? "{}" : Settings), Format, Organisation, TimeZone, Enabled);
        }
        catch (JsonException fault)
        {
            line = (fault.LineNumber ?? 0) + 1;
            return null;
        }
    }

    /// <summary>"Firewall, DMZ (02)" is firewall-dmz-02.</summary>
    public static string IdOf(string name)
    {
        var id = new StringBuilder();
        foreach (var c in name.ToLowerInvariant())
            if (char.IsAsciiLetterOrDigit(c)) id.Append(c);
            else if (id.Length > 0 && id[^1] != '-') id.Append('-');
        return id.ToString(0, Math.Min(id.Length, 64)).Trim('-');
    }

    private JsonObject? Read()
    {
        try
        {
            return JsonNode.Parse(Settings, documentOptions: new JsonDocumentOptions { MaxDepth = 16 }) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private string? Text(string key) => Read()?[key] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private void Set(string key, JsonNode value)
    {
        var all = Read() ?? [];
        all[key] = value;
        Settings = all.ToJsonString();
    }
}
