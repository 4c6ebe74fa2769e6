using System.ComponentModel.DataAnnotations;

namespace Beacon.Storage.Elasticsearch;

/// <summary>Settings of the scale-out event store (configuration section "Elasticsearch"). OpenSearch takes the same.</summary>
public sealed class ElasticsearchOptions : IValidatableObject
{
    public const string Section = "Elasticsearch";

    /// <summary>Addresses of the nodes, "https://es1.example:9200". At least one, at most 100; without user and password in them.</summary>
    public IList<string> Nodes { get; } = [];

    /// <summary>First part of the names of all indices; lower case, digits, '-', '_', 1 to 60 characters, default "beacon". One writing Beacon a prefix.</summary>
    [Required, RegularExpression("^[a-z0-9][a-z0-9_-]{0,59}$", ErrorMessage = "1 to 60 of a-z, 0-9, '-', '_', beginning with a letter or a digit")]
    public string Prefix { get; set; } = "beacon";

    /// <summary>Name for basic authentication; with <see cref="Password"/> or <see cref="PasswordFile"/>.</summary>
    public string UserName { get; set; } = "";
    public string Password { get; set; } = "";
    /// <summary>File whose first line is the password, so that it stands in no environment and no settings.</summary>
    public string PasswordFile { get; set; } = "";

    /// <summary>Key as the server encodes it ("encoded" of its answer); instead of a name and a password.</summary>
    public string ApiKey { get; set; } = "";
    /// <summary>File whose first line is the key.</summary>
    public string ApiKeyFile { get; set; } = "";

    /// <summary>PEM file with the certificates that alone may vouch for the nodes; empty: those of the system.</summary>
    public string CaFile { get; set; } = "";

    /// <summary>Time for a connection, 100 ms to 1 min, default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Time for one request that writes, 1 s to 10 min, default 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Time for one request that reads, 1 s to 10 min, default 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a node that failed is left alone at first, 100 ms to 1 min, default 1 s; doubles with each failure, to <see cref="NodePauseMost"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan NodePause { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest time that a node is left alone, 1 s to 1 h, default 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan NodePauseMost { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Compress requests and answers (gzip). Default: where a node is on another machine; beside one on this machine it costs both more than it saves.</summary>
    public bool? Compress { get; set; }

    /// <summary>Bytes of one bulk request before compression, 64 KiB to 64 MiB, default 4 MiB.</summary>
    [Range(64 * 1024, 64 * 1024 * 1024)]
    public int BulkBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Events of one bulk request, 1 to 50,000, default 2,500.</summary>
    [Range(1, 50_000)]
    public int BulkEvents { get; set; } = 2_500;

    /// <summary>Bulk requests at once, 1 to 32, default 2.</summary>
    [Range(1, 32)]
    public int BulkInFlight { get; set; } = 2;

    /// <summary>How long an overloaded server (429) is waited for before an append fails and is tried again as a whole, 1 s to 10 min, default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan BusyPatience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Primary shards of each new index, 1 to 1,024, default 1.</summary>
    [Range(1, 1_024)]
    public int Shards { get; set; } = 1;

    /// <summary>Copies of each shard of new indices, 0 to 10, default 1.</summary>
    [Range(0, 10)]
    public int Replicas { get; set; } = 1;

    /// <summary>Events after which a further index is begun within the day, 100,000 to 2,000,000,000, default 100,000,000.</summary>
    [Range(100_000, 2_000_000_000)]
    public long RollEvents { get; set; } = 100_000_000;

    /// <summary>Longest time after which other readers of the indices see what was written, 1 s to 1 h, default 30 s. Beacon itself always sees it.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Data streams where the server has them; false: an alias with indices of our own. Default true. Must not change once there are events.</summary>
    public bool DataStreams { get; set; } = true;

    /// <summary>Events that the server refused and that are kept with the reason, 0 to 1,000,000, default 10,000; a further one is dropped and counted.</summary>
    [Range(0, 1_000_000)]
    public int RefusedMaxEvents { get; set; } = 10_000;

    /// <summary>Days of events kept; set from Store:RetentionDays.</summary>
    public int RetentionDays { get; set; } = 180;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Nodes.Count is 0 or > 100) yield return new("1 to 100 addresses are needed", [nameof(Nodes)]);
        foreach (var node in Nodes)
        {
            if (!Uri.TryCreate(node, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")) yield return new("an address is written as https://host:9200", [nameof(Nodes)]);
            else if (uri.UserInfo.Length > 0) yield return new("no user or password in an address: use UserName with PasswordFile, or ApiKeyFile", [nameof(Nodes)]);
            else if (uri.Query.Length > 0 || uri.Fragment.Length > 0) yield return new("an address has no '?' and no '#'", [nameof(Nodes)]);
        }
        var keys = (ApiKey.Length > 0 ? 1 : 0) + (ApiKeyFile.Length > 0 ? 1 : 0);
        var passwords = (Password.Length > 0 ? 1 : 0) + (PasswordFile.Length > 0 ? 1 : 0);
        if (keys > 1) yield return new("give ApiKey or ApiKeyFile, not both", [nameof(ApiKeyFile)]);
        if (passwords > 1) yield return new("give Password or PasswordFile, not both", [nameof(PasswordFile)]);
        if (keys > 0 && (passwords > 0 || UserName.Length > 0)) yield return new("give an API key or a name with a password, not both", [nameof(UserName)]);
        if (UserName.Length > 0 != passwords > 0) yield return new("UserName needs Password or PasswordFile, and they need it", [nameof(UserName)]);
        if (UserName.Contains(':', StringComparison.Ordinal)) yield return new("a name has no ':'", [nameof(UserName)]);
        foreach (var (key, file) in new[] { (nameof(PasswordFile), PasswordFile), (nameof(ApiKeyFile), ApiKeyFile), (nameof(CaFile), CaFile) })
            if (file.Length > 0 && !File.Exists(file)) yield return new($"{file} does not exist", [key]);
        if (NodePauseMost < NodePause) yield return new("is at least NodePause", [nameof(NodePauseMost)]);
    }

    internal bool Compresses => Compress ?? Nodes.Any(static n => Uri.TryCreate(n, UriKind.Absolute, out var uri) && !uri.IsLoopback);

    /// <summary>The names of the indices.</summary>
    internal string Events => Prefix + "-events";
    internal string State => Prefix + "-state";
}
