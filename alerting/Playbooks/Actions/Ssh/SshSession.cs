using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Beacon.Events;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Beacon.Alerting.Playbooks.Actions.Ssh;

/// <summary>One connection for one command, to addresses that were checked before.</summary>
internal sealed class SshSession(IReadOnlyList<IPAddress> addresses, int port, PlaybookSecret secret, KnownHosts.Keys known, int most) : IDisposable
{
    /// <param name="Exit">Null where the machine told none.</param>
    /// <param name="Fault">Why nothing is known of the command's result, or null.</param>
    public sealed record Answer(int? Exit, string Output, string Error, Phrase? Fault = null)
    {
        public static Answer Failed(Phrase fault) => new(null, "", "", fault);
    }

    private SshClient? _client;
    private PrivateKeyFile? _key;
    private string? _unknown;

    public async Task<Answer> RunAsync(string text, CancellationToken cancellation)
    {
        try
        {
            await ConnectAsync(cancellation).ConfigureAwait(false);
            return await ExecuteAsync(_client!, text, cancellation).ConfigureAwait(false);
        }
        catch (Exception) when (_unknown is not null)
        {
            return Answer.Failed($"its key SHA256:{_unknown} is none of those known: nothing was sent");
        }
        catch (Exception error) when (error is SshException or SocketException or InvalidOperationException or CryptographicException or FormatException)
        {
            return Answer.Failed(error is SshAuthenticationException ? $"the credentials of user {Text.Cut(secret.UserName, 200)} are refused" : Phrase.Plain(Text.Cut(error.Message, 300)));
        }
    }

    public void Dispose()
    {
        _client?.Dispose();
        _key?.Dispose();
    }

    private async Task ConnectAsync(CancellationToken cancellation)
    {
        if (secret.PrivateKey.Length > 0) _key = new PrivateKeyFile(new MemoryStream(Encoding.UTF8.GetBytes(secret.PrivateKey)));
        for (var i = 0; ; i++)
        {
            var client = new SshClient(Connection(addresses[i]));
            client.HostKeyReceived += (_, key) =>
            {
                var print = Convert.ToBase64String(SHA256.HashData(key.HostKey)).TrimEnd('=');
                key.CanTrust = known.Fingerprints.Contains(print);
                if (!key.CanTrust) _unknown = print;
            };
            _client?.Dispose();
            _client = client;
            try
            {
                await client.ConnectAsync(cancellation).ConfigureAwait(false);
                return;
            }
            catch (SocketException) when (i + 1 < addresses.Count)
            {
                // The next address may answer.
            }
        }
    }

    private ConnectionInfo Connection(IPAddress address)
    {
#pragma warning disable CA2000 // Lives as long as the connection, which disposes of it.
        AuthenticationMethod method = _key is not null ? new PrivateKeyAuthenticationMethod(secret.UserName, _key) : new PasswordAuthenticationMethod(secret.UserName, secret.Secret);
#pragma warning restore CA2000
        var connection = new ConnectionInfo(address.ToString(), port, secret.UserName, method) { Encoding = Encoding.UTF8, RetryAttempts = 1 };
        // SHA-1 and DSA say little; a certificate's key is no key that is known here.
        foreach (var name in connection.HostKeyAlgorithms.Keys.Where(n => n is "ssh-rsa" or "ssh-dss" || n.Contains("-cert-", StringComparison.Ordinal) || !IsKnown(n)).ToList()) connection.HostKeyAlgorithms.Remove(name);
        return connection;
    }

    private bool IsKnown(string algorithm) => known.Types.Count == 0 || known.Types.Contains(algorithm) || (algorithm.StartsWith("rsa-sha2-", StringComparison.Ordinal) && known.Types.Contains("ssh-rsa"));

    private async Task<Answer> ExecuteAsync(SshClient client, string text, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var command = client.CreateCommand(text);
        var running = command.ExecuteAsync(stop.Token);
        var left = most;
        async Task<string> ReadAsync(Stream stream)
        {
            var buffer = new byte[16 * 1024];
            using var kept = new MemoryStream();
            int n;
            while ((n = await stream.ReadAsync(buffer, stop.Token).ConfigureAwait(false)) > 0)
            {
                if (Interlocked.Add(ref left, -n) < 0)
                {
                    await stop.CancelAsync().ConfigureAwait(false);
                    break;
                }
                kept.Write(buffer, 0, n);
            }
            return Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length);
        }
        var (output, error) = (Task.Run(() => ReadAsync(command.OutputStream), cancellation), Task.Run(() => ReadAsync(command.ExtendedOutputStream), cancellation));
        try
        {
            await running.ConfigureAwait(false);
            return new Answer(command.ExitStatus, await output.ConfigureAwait(false), await error.ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (left < 0 && !cancellation.IsCancellationRequested)
        {
            return Answer.Failed($"printed more than {most} bytes, the ceiling (Alerting:Ssh:OutputBytes); it was stopped");
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(output, error)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
