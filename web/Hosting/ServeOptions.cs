namespace Beacon.Web.Hosting;

/// <summary>How to start: what the command line says.</summary>
public sealed record ServeOptions
{
    /// <summary>Folder of all state.</summary>
    public required string Data { get; init; }

    /// <summary>Addresses of the console, API and HTTP ingest, as URLs.</summary>
    public IReadOnlyList<string> Listen { get; init; } = ["http://127.0.0.1:8080"];

    /// <summary>Address of the syslog sources that the first start makes.</summary>
    public string SyslogAddress { get; init; } = "127.0.0.1";
    /// <summary>Port of the syslog sources that the first start makes, UDP and TCP; 0 takes any free one.</summary>
    public int SyslogPort { get; init; } = 5514;

    /// <summary>Signs in whoever comes from this machine; refused on any other address.</summary>
    public bool Demo { get; init; }

    /// <summary>Nothing of the environment is read and the state is the folder's own: what is started touches nothing that is real.</summary>
    public bool Isolated { get; init; }

    /// <summary>Where log lines go and how many: warnings only where a command prints its own output.</summary>
    public bool Quiet { get; init; }

    /// <summary>Further settings, "Section:Key" → value; they win over beacon.json and the environment.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();
}
