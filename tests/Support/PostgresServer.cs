using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Beacon.Tests.Support;

/// <summary>
/// A PostgreSQL of our own for tests: Debian's programs on a temporary folder, on loopback, under an account that is not root.
/// BEACON_TEST_POSTGRES (a connection string) names another one. One server a test program; a database of its own for who asks.
/// </summary>
internal sealed class PostgresServer : IDisposable
{
    private const string Missing = "PostgreSQL is not installed: apt-get install postgresql, or set BEACON_TEST_POSTGRES to a connection string";

    private static readonly Lazy<PostgresServer?> Shared = new(StartShared);
    private static int _databases;

    private readonly string _programs;
    private readonly string _folder;
    private readonly int _port;

    private PostgresServer(string programs)
    {
        _programs = programs;
        _folder = Directory.CreateTempSubdirectory("beacon-postgres-").FullName;
        _port = FreePort();
        if (IsRoot) Run("/bin/chown", ["postgres", _folder], asOwner: false);
        Run(Path.Combine(_programs, "initdb"), ["-D", Data, "-U", "beacon", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
        Start();
    }

    private static bool IsRoot => Environment.UserName == "root";
    private string Data => Path.Combine(_folder, "data");

    /// <summary>Connection string of the server's first database.</summary>
    public string ConnectionString => $"Host=127.0.0.1;Port={_port};Username=beacon;Database=postgres;Timeout=5";

    /// <summary>The folder with initdb and pg_ctl, or null where there is none.</summary>
    public static string? Programs => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(static d => Path.Combine(d, "bin")).Where(static d => File.Exists(Path.Combine(d, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault()
        : null;

    /// <summary>A server that the test may stop and start; the test is skipped where there is no PostgreSQL.</summary>
    public static PostgresServer StartOwn()
    {
        Assert.SkipWhen(Programs is null, Missing);
        return new PostgresServer(Programs!);
    }

    /// <summary>Connection string of an empty database; the test is skipped where there is no PostgreSQL.</summary>
    public static string NewDatabase()
    {
        var server = Environment.GetEnvironmentVariable("BEACON_TEST_POSTGRES") ?? Shared.Value?.ConnectionString;
        Assert.SkipWhen(server is null, Missing);
        var name = $"test_{Environment.ProcessId}_{Interlocked.Increment(ref _databases)}";
        using var connection = new NpgsqlConnection(server);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"CREATE DATABASE {name} TEMPLATE template0";
        command.ExecuteNonQuery();
        return new NpgsqlConnectionStringBuilder(server) { Database = name, IncludeErrorDetail = true, MaxPoolSize = 20, ConnectionIdleLifetime = 5, ConnectionPruningInterval = 2 }.ConnectionString;
    }

    /// <summary>Starts it; on return it takes connections.</summary>
    public void Start() => Run(Path.Combine(_programs, "pg_ctl"),
        ["start", "-w", "-t", "60", "-D", Data, "-l", Path.Combine(_folder, "log"), "-o", $"-h 127.0.0.1 -p {_port} -k {_folder} -c fsync=off -c max_connections=400 -c shared_buffers=64MB"]);

    /// <summary>Breaks all connections and stops it.</summary>
    public void Stop() => Run(Path.Combine(_programs, "pg_ctl"), ["stop", "-w", "-m", "fast", "-D", Data]);

    public void Dispose()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid"))) Run(Path.Combine(_programs, "pg_ctl"), ["stop", "-m", "immediate", "-D", Data]);
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // A last process of the server still writes there; the folder is a temporary one.
        }
    }

    /// <summary>Stops it, and has its files removed by a process that outlives this one: a thousand databases take longer to remove than a test program is given to end.</summary>
    private void Leave()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid"))) Run(Path.Combine(_programs, "pg_ctl"), ["stop", "-W", "-m", "immediate", "-D", Data]);
        using var remover = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "(sleep 1; rm -rf -- \"$1\") >/dev/null 2>&1 </dev/null &", "sh", _folder]) { WorkingDirectory = "/" })!;
        remover.WaitForExit();
    }

    private static PostgresServer? StartShared()
    {
        if (Programs is not { } programs) return null;
        var server = new PostgresServer(programs);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Leave();
        return server;
    }

    private void Run(string program, string[] arguments, bool asOwner = true)
    {
        // PostgreSQL refuses to run as root.
        var start = asOwner && IsRoot ? new ProcessStartInfo("/usr/sbin/runuser", ["-u", "postgres", "--", program, .. arguments]) : new ProcessStartInfo(program, arguments);
        start.WorkingDirectory = _folder;
        // The server inherits what pg_ctl has: a pipe of ours would stay open as long as it runs.
        var output = Path.Combine(_folder, "output");
        start.RedirectStandardInput = true;
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "out=$1; shift; exec \"$@\" >>\"$out\" 2>&1 </dev/null", "sh", output, start.FileName, .. start.ArgumentList]) { WorkingDirectory = "/" })!;
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{Path.GetFileName(program)} ended with code {process.ExitCode}: {File.ReadAllText(output)}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
