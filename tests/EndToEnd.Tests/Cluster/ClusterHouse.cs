using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Beacon.EndToEnd.Tests.Support;
using Beacon.Tests.Support;
using Npgsql;

namespace Beacon.EndToEnd.Tests.Cluster;

/// <summary>A real PostgreSQL and nodes that are real processes.</summary>
internal sealed class ClusterHouse : IAsyncDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "ClusterNode", "Beacon.ClusterNode.dll");

    private readonly DirectoryInfo _rules = Directory.CreateTempSubdirectory("beacon-cluster-");
    private readonly Dictionary<string, ClusterProcess> _nodes = [];

    /// <param name="rules">Number of rules, with windows of one second.</param>
    public ClusterHouse(int rules)
    {
        Server = PostgresServer.StartOwn();
        var folder = _rules.CreateSubdirectory("scheduled");
        for (var i = 0; i < rules; i++)
        {
            File.WriteAllText(Path.Combine(folder.FullName, $"r{i}.yml"), $"""
                title: Rule {i}
                id: 6a3c2a52-3f0c-4a39-9d4e-2f6f0c1b7b{i:00}
                level: low
                detector: threshold
                window: 1s
                lateness: 0s
                settings:
                  filter:
                    event.outcome: failure
                  group-by: [host.name]
                  at-least: 3
                """);
        }
    }

    public PostgresServer Server { get; }

    /// <param name="offset">Seconds that the node's clock is wrong by.</param>
    public async Task StartAsync(string name, int offset = 0, int storeMilliseconds = 30)
    {
        var node = ClusterProcess.Start(Program, [Server.ConnectionString, name, _rules.FullName, storeMilliseconds.ToString(CultureInfo.InvariantCulture)], offset);
        _nodes[name] = node;
        await Wait.UntilAsync(() => node.HasExited ? throw new InvalidOperationException($"{name} ended:\n{node.Output}") : Task.FromResult(node.IsStarted), $"{name} starts");
    }

    /// <summary>Ends the node as a power failure would.</summary>
    public async Task KillAsync(string name)
    {
        await _nodes[name].DisposeAsync();
        _nodes.Remove(name);
    }

    /// <summary>Sends a signal by its name, such as STOP.</summary>
    public void Signal(string name, string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, _nodes[name].Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    public void AssertAlive()
    {
        foreach (var (name, node) in _nodes) Assert.False(node.HasExited, $"{name} ended:\n{node.Output}");
    }

    public string Output => string.Join('\n', _nodes.Select(static n => $"--- {n.Key}\n{n.Value.Output}"));

    public Task<long> CountAsync(string sql) => ReadAsync(sql, static r => r.IsDBNull(0) ? 0 : Convert.ToInt64(r.GetValue(0), CultureInfo.InvariantCulture));

    public async Task<T> ReadAsync<T>(string sql, Func<NpgsqlDataReader, T> read) => (await ListAsync(sql, read))[0];

    public async Task<List<T>> ListAsync<T>(string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var connection = new NpgsqlConnection(Server.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync()) rows.Add(read(reader));
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.Values) await node.DisposeAsync();
        Server.Dispose();
        _rules.Delete(recursive: true);
    }
}

/// <summary>One node.</summary>
internal sealed class ClusterProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private ClusterProcess(Process process) => _process = process;

    public int Id => _process.Id;
    public bool HasExited => _process.HasExited;
    public bool IsStarted { get; private set; }
    public string Output => string.Join('\n', _lines);

    public static ClusterProcess Start(string program, string[] arguments, int offset)
    {
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["BEACON_TEST_CLOCK_OFFSET"] = offset.ToString(CultureInfo.InvariantCulture);
        var node = new ClusterProcess(Process.Start(start)!);
        node._process.OutputDataReceived += (_, e) => node.Keep(e.Data);
        node._process.ErrorDataReceived += (_, e) => node.Keep(e.Data);
        node._process.BeginOutputReadLine();
        node._process.BeginErrorReadLine();
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        // SIGKILL.
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        if (line == "started") IsStarted = true;
        _lines.Enqueue(line);
        while (_lines.Count > 400) _lines.TryDequeue(out _);
    }
}
