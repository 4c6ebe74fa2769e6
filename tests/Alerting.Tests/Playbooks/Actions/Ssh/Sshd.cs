using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Beacon.Alerting.Tests.Playbooks.Actions.Ssh;

/// <summary>A real sshd on loopback, with keys of its own in a folder of its own.</summary>
public sealed class Sshd : IAsyncLifetime
{
    private const string Program = "/usr/sbin/sshd";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("beacon-sshd-");
    private Process? _server;

    public int Port { get; private set; }
    public string PrivateKey { get; private set; } = "";
    public string OtherKey { get; private set; } = "";

    /// <summary>"SHA256:…".</summary>
    public string Fingerprint { get; private set; } = "";
    public string KnownHostsFile => Path.Combine(_folder.FullName, "known_hosts");
    public string Folder => _folder.FullName;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Program)) return;
        await ToolAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", At("host"));
        await ToolAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", At("user"));
        await ToolAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", At("other"));
        (PrivateKey, OtherKey) = (await File.ReadAllTextAsync(At("user")), await File.ReadAllTextAsync(At("other")));
        Fingerprint = (await ToolAsync("ssh-keygen", "-l", "-f", At("host.pub"))).Split(' ')[1];
        File.Copy(At("user.pub"), At("authorized"));
        if (Environment.UserName == "root") Directory.CreateDirectory("/run/sshd");
        // A port that was free a moment ago may be taken now: another one is tried.
        for (var tries = 0; tries < 5 && !await ListenAsync(); tries++) { }
        await File.WriteAllTextAsync(KnownHostsFile, $"[127.0.0.1]:{Port} {await File.ReadAllTextAsync(At("host.pub"))}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { HasExited: false })
        {
            _server.Kill(entireProcessTree: true);
            await _server.WaitForExitAsync();
        }
        _server?.Dispose();
        _folder.Delete(true);
    }

    public void MustRun()
    {
        if (!File.Exists(Program)) Assert.Skip("no sshd: apt-get install openssh-server");
        Assert.True(Port > 0, "sshd does not start");
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private async Task<bool> ListenAsync()
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }
        await File.WriteAllTextAsync(At("config"), $"""
            ListenAddress 127.0.0.1:{Port}
            HostKey {At("host")}
            AuthorizedKeysFile {At("authorized")}
            PidFile none
            UsePAM no
            StrictModes no
            PermitRootLogin yes
            LogLevel INFO
            MaxStartups 100
            """);
        _server = Process.Start(new ProcessStartInfo(Program, ["-D", "-e", "-f", At("config")]) { RedirectStandardError = true })!;
        while (await _server.StandardError.ReadLineAsync() is { } line)
        {
            if (!line.Contains("Server listening", StringComparison.Ordinal)) continue;
            _ = DrainAsync(_server);
            return true;
        }
        Port = 0;
        return false;
    }

    private static async Task DrainAsync(Process server)
    {
        while (await server.StandardError.ReadLineAsync() is not null) { }
    }

    private static async Task<string> ToolAsync(string program, params string[] arguments)
    {
        using var tool = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var text = await tool.StandardOutput.ReadToEndAsync();
        await tool.WaitForExitAsync();
        return text;
    }
}
