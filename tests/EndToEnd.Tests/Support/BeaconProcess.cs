using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Beacon.EndToEnd.Tests.Support;

/// <summary>Beacon as a process of its own, which can be killed as the power fails.</summary>
internal sealed class BeaconProcess : IAsyncDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Beacon.Web.dll");

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private BeaconProcess(Process process, string address)
    {
        (_process, Address) = (process, address);
        process.OutputDataReceived += (_, e) => Keep(e.Data);
        process.ErrorDataReceived += (_, e) => Keep(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Address { get; }
    public string Output => string.Join('\n', _lines);

    public long PeakMemory
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    /// <summary>From the start of the process to the first /health/ready that says so.</summary>
    public TimeSpan ReadyAfter { get; private set; }

    public static async Task<BeaconProcess> StartAsync(string data, int port, int syslogPort, IReadOnlyDictionary<string, string>? settings = null)
    {
        var address = $"http://127.0.0.1:{port}";
        var clock = Stopwatch.StartNew();
        var beacon = new BeaconProcess(Launch(["--data", data, "--listen", address, "--syslog", $"127.0.0.1:{syslogPort}"], settings), address);
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        await Wait.UntilAsync(async () =>
        {
            if (beacon._process.HasExited) throw new InvalidOperationException($"Beacon ended with code {beacon._process.ExitCode}:\n{beacon.Output}");
            try
            {
                using var answer = await http.GetAsync(new Uri(address + "/health/ready"));
                return answer.IsSuccessStatusCode;
            }
            catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException)
            {
                return false;
            }
        }, "/health/ready");
        beacon.ReadyAfter = clock.Elapsed;
        return beacon;
    }

    /// <summary>Runs a command to its end and gives its standard output.</summary>
    public static Task<string> RunAsync(params IReadOnlyList<string> arguments) => RunAsync(arguments, null);

    /// <param name="settings">As for the process beside which it runs.</param>
    public static async Task<string> RunAsync(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? settings)
    {
        using var process = Launch(arguments, settings);
        var complaint = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await complaint);
        return output;
    }

    /// <summary>A key made by the command line beside the running process, as the value of the Authorization header.</summary>
    public static async Task<string> KeyAsync(string data, IReadOnlyDictionary<string, string>? settings = null)
    {
        const string before = "Authorization: ";
        var output = await RunAsync(["key", "add", "test", "--scope", "ingest", "--scope", "read", "--scope", "operate", "--data", data], settings);
        return output.Split('\n').First(l => l.StartsWith(before, StringComparison.Ordinal))[before.Length..].Trim();
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and waits for the drain.</summary>
    public async Task StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync();
    }

    /// <summary>A port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }

    private static Process Launch(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? settings)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in settings ?? new Dictionary<string, string>()) start.Environment["BEACON_" + name] = value;
        return Process.Start(start)!;
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        _lines.Enqueue(line.Length > 2_000 ? line[..2_000] : line);
        if (_lines.Count > 200) _lines.TryDequeue(out _);
    }
}
