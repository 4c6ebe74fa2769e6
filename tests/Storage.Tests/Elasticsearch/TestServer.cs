using System.Diagnostics;

namespace Beacon.Storage.Tests.Elasticsearch;

/// <summary>One real server for the whole run, started at first use and stopped at the end; given by an address it is used as it is.</summary>
internal sealed class TestServer
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, TestServer> Known = [];

    /// <summary>Memory of the servers that are started.</summary>
    public static string Heap { get; set; } = "512m";

    private readonly string? _scripts;

    private TestServer(string address, string? scripts, string said = "") => (Address, _scripts, Said) = (address, scripts, said);

    /// <summary>What was told of its start.</summary>
    public string Said { get; }

    public string Address { get; }

    public static TestServer Elasticsearch() => Get("BEACON_TEST_ELASTICSEARCH", []);
    public static TestServer OpenSearch() => Get("BEACON_TEST_OPENSEARCH", ["--opensearch"]);

    /// <summary>A further node for one test, which stops it.</summary>
    /// <param name="data">Folder that outlives the node; null for one of its own.</param>
    /// <param name="port">0 for any that is free.</param>
    public static TestServer Start(string? data, int port, params string[] arguments)
    {
        var scripts = Scripts() ?? throw new InvalidOperationException("no scripts to start a server with");
        var (address, said) = Run(Path.Combine(scripts, "start"), [port.ToString(System.Globalization.CultureInfo.InvariantCulture), .. arguments], data);
        return new TestServer(address, scripts, said);
    }

    /// <summary>Skips a test that starts a node of its own where it can't, and says what is missing.</summary>
    public static void SkipWithoutServer()
    {
        Assert.SkipWhen(Scripts() is null, "needs elasticsearch/start in a folder 'shared' beside the project (or named by BEACON_SHARED)");
        Assert.SkipUnless(HasJava(), "needs Java 17 to start a server: apt-get install openjdk-17-jre-headless");
    }

    private static TestServer Get(string variable, string[] arguments)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given) return new TestServer(given.TrimEnd('/'), null);
        Assert.SkipWhen(Scripts() is null, $"needs a server: name one by {variable}, or have elasticsearch/start in a folder 'shared' beside the project (or named by BEACON_SHARED)");
        SkipWithoutServer();
        lock (Gate)
        {
            if (Known.TryGetValue(variable, out var running)) return running;
            var server = Start(null, 0, arguments);
            AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Stop();
            return Known[variable] = server;
        }
    }

    public void Stop()
    {
        if (_scripts is not null) Run(Path.Combine(_scripts, "stop"), [Address]);
    }

    /// <summary>Ends it as a crash does.</summary>
    public void Kill()
    {
        if (_scripts is not null) Run(Path.Combine(_scripts, "stop"), ["--kill", Address]);
    }

    public int Port => new Uri(Address).Port;

    private static string? Scripts()
    {
        if (Environment.GetEnvironmentVariable("BEACON_SHARED") is { Length: > 0 } named) return Directory.Exists(Path.Combine(named, "elasticsearch")) ? Path.Combine(named, "elasticsearch") : null;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "shared", "elasticsearch", "start"))) return Path.Combine(folder.FullName, "shared", "elasticsearch");
        return null;
    }

    private static bool HasJava()
    {
        if (Environment.GetEnvironmentVariable("JAVA_HOME") is { Length: > 0 } home && File.Exists(Path.Combine(home, "bin", "java"))) return true;
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(p => p.Length > 0 && File.Exists(Path.Combine(p, "java")));
    }

    private static (string Answer, string Said) Run(string program, IEnumerable<string> arguments, string? data = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.TryAdd("ES_HEAP", Heap);
        if (data is not null) start.Environment["ES_DATA"] = data;
        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEndAsync();
        var answer = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0 ? (answer.Split('\n')[^1], said.Result) : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {said.Result}");
    }
}
