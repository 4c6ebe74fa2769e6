using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Beacon.Web.Drills;

/// <summary>A drill that was asked for over the API.</summary>
/// <param name="State">"Running", "Passed", "Failed", or "Broken" where it could not be run.</param>
/// <param name="Report">What <c>./run drill --output json</c> prints; null until then.</param>
internal sealed record DrillJob(string Id, string Drill, string StartedBy, DateTimeOffset StartedAt, string State, string Error, JsonNode? Report)
{
    /// <summary>Always true: nothing of it happened.</summary>
    public bool IsDrill => Id.Length > 0;
}

/// <summary>
/// Runs drills beside this Beacon, one at a time, each in a process and a folder of its own: its alerts, warnings and runs are never
/// among the real ones, nor in their counts and metrics, and its notices reach nobody. The last twenty are kept, in memory.
/// </summary>
internal sealed class DrillJobs(TimeProvider clock) : IDisposable
{
    private const int Kept = 20, MaxOutput = 4 * 1024 * 1024, LimitSeconds = 180;

    private readonly Lock _lock = new();
    private readonly LinkedList<DrillJob> _jobs = [];
    private readonly CancellationTokenSource _stop = new();

    public IReadOnlyList<DrillJob> All
    {
        get
        {
            lock (_lock) return [.. _jobs];
        }
    }

    /// <returns>Null where one runs already.</returns>
    public DrillJob? Start(string drill, string by)
    {
        var job = new DrillJob(Guid.CreateVersion7(clock.GetUtcNow()).ToString("D"), drill, by, clock.GetUtcNow(), "Running", "", null);
        lock (_lock)
        {
            if (_jobs.Any(j => j.State == "Running")) return null;
            _jobs.AddFirst(job);
            while (_jobs.Count > Kept) _jobs.RemoveLast();
        }
        _ = Task.Run(() => RunAsync(job), _stop.Token);
        return job;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task RunAsync(DrillJob job)
    {
        var ended = job;
        try
        {
            ended = await AskAsync(job);
        }
        catch (Exception fault)
        {
            // A drill is an exercise: whatever breaks it stays with it.
            ended = job with { State = "Broken", Error = fault is OperationCanceledException ? "was stopped" : fault.Message };
        }
        lock (_lock) if (_jobs.Find(job) is { } node) node.Value = ended;
    }

    private async Task<DrillJob> AskAsync(DrillJob job)
    {
        var program = typeof(DrillJobs).Assembly.Location;
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        if (Environment.ProcessPath is { } own && Path.GetFileNameWithoutExtension(own) == "dotnet") start.FileName = own;
        foreach (var argument in new[] { program, "drill", job.Drill, "--output", "json", "--limit", LimitSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture) }) start.ArgumentList.Add(argument);
        using var process = Process.Start(start) ?? throw new InvalidOperationException("the drill's process did not start");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        limit.CancelAfter(TimeSpan.FromSeconds(LimitSeconds + 30));
        try
        {
            var said = ReadAsync(process.StandardOutput, limit.Token);
            var wrong = ReadAsync(process.StandardError, limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode is 0 or 2 ? job with { State = process.ExitCode == 0 ? "Passed" : "Failed", Report = JsonNode.Parse(await said) }
                : job with { State = "Broken", Error = (await wrong) is { Length: > 2_000 } text ? text[..2_000] : await wrong };
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static async Task<string> ReadAsync(StreamReader from, CancellationToken cancellation)
    {
        var kept = new System.Text.StringBuilder();
        var buffer = new char[8 * 1024];
        int n;
        while ((n = await from.ReadAsync(buffer, cancellation)) > 0) if (kept.Length + n <= MaxOutput) kept.Append(buffer, 0, n);
        return kept.ToString();
    }
}
