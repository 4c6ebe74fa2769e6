using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Beacon.Web.Hosting;

namespace Beacon.Web.Commands.Bench;

/// <summary>Beacon in a process of its own, so that what it takes is not mixed with what the measuring takes.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const int KeptLines = 20;
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Queue<string> _log = new();
    private readonly TaskCompletionSource<string> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(Process process, int syslogPort) => (_process, SyslogPort) = (process, syslogPort);

    public string Address { get; private set; } = "";
    public int SyslogPort { get; }

    /// <summary>From the start of the process to the first time that it called itself ready.</summary>
    public double ReadySeconds { get; private set; }

    public int Id => _process.Id;
    public bool HasExited => _process.HasExited;

    /// <summary>Resident memory now, in MiB.</summary>
    public double Memory => Read(p => p.WorkingSet64) / 1048576.0;
    public double PeakMemory => Read(p => p.PeakWorkingSet64) / 1048576.0;
    public double CpuSeconds => Read(p => p.TotalProcessorTime.TotalSeconds);

    /// <summary>Last lines of its log, for the report of a failure.</summary>
    public string LastLog
    {
        get { lock (_log) return string.Join(Environment.NewLine, _log); }
    }

    /// <param name="settings">What it runs with beside its defaults, as the environment names it: "Section__Key".</param>
    /// <exception cref="CommandException">It does not start.</exception>
    public static async Task<ServerProcess> StartAsync(string data, HttpClient http, CancellationToken cancellation, IReadOnlyDictionary<string, string>? settings = null)
    {
        var port = FreePort();
        var start = new ProcessStartInfo { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        var program = typeof(BeaconHost).Assembly.Location;
        var self = Environment.ProcessPath ?? "";
        if (Path.GetFileNameWithoutExtension(self) == Path.GetFileNameWithoutExtension(program)) start.FileName = self;
        else
        {
            start.FileName = Path.GetFileNameWithoutExtension(self) == "dotnet" ? self : "dotnet";
            start.ArgumentList.Add(program);
        }
        foreach (var argument in new[] { "--data", data, "--listen", "http://127.0.0.1:0", "--syslog", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}") }) start.ArgumentList.Add(argument);
        foreach (var (name, value) in settings ?? new Dictionary<string, string>()) start.Environment["BEACON_" + name] = value;
        var clock = Stopwatch.GetTimestamp();
        var server = new ServerProcess(Process.Start(start) ?? throw new CommandException($"{start.FileName} does not start."), port);
        try
        {
            await server.WaitUntilReadyAsync(http, clock, cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks it to stop and waits until it has; ends it where it does not.</summary>
    public async Task StopAsync(TimeSpan patience, CancellationToken cancellation)
    {
        if (_process.HasExited) return;
        if (OperatingSystem.IsWindows() || Kill(_process.Id, 15 /* SIGTERM */) != 0) _process.Kill();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        enough.CancelAfter(patience);
        try
        {
            await _process.WaitForExitAsync(enough.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            _process.Kill();
            await _process.WaitForExitAsync(cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
    }

    private async Task WaitUntilReadyAsync(HttpClient http, long clock, CancellationToken cancellation)
    {
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { } text && text.StartsWith("Beacon  ", StringComparison.Ordinal)) _address.TrySetResult(text[8..].Trim());
        };
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not { } text) return;
            lock (_log)
            {
                _log.Enqueue(text.Length <= 2_000 ? text : text[..2_000]);
                if (_log.Count > KeptLines) _log.Dequeue();
            }
        };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var exited = _process.WaitForExitAsync(cancellation);
        if (await Task.WhenAny(_address.Task, exited, Task.Delay(StartPatience, TimeProvider.System, cancellation)) != _address.Task)
            throw new CommandException($"Beacon did not start:{Environment.NewLine}{LastLog}");
        Address = await _address.Task;
        while (true)
        {
            using (var answer = await http.GetAsync(new Uri(Address + "/health/ready"), cancellation))
                if (answer.IsSuccessStatusCode) break;
            if (Stopwatch.GetElapsedTime(clock) > StartPatience || exited.IsCompleted) throw new CommandException($"Beacon did not become ready:{Environment.NewLine}{LastLog}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellation);
        }
        ReadySeconds = Stopwatch.GetElapsedTime(clock).TotalSeconds;
    }

    private T Read<T>(Func<Process, T> read)
    {
        _process.Refresh();
        return read(_process);
    }

    // Syslog listens on UDP and TCP under one number: both must be free.
    private static int FreePort()
    {
        for (var i = 0; i < 50; i++)
        {
            using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            tcp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            var port = ((IPEndPoint)tcp.LocalEndPoint!).Port;
            using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                udp.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken by somebody's datagrams: the next one.
            }
        }
        throw new CommandException("No port is free for both UDP and TCP.");
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
