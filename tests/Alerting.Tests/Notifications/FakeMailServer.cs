using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Beacon.Alerting.Tests.Notifications;

/// <summary>A mail server as far as a client sees it: EHLO, STARTTLS, AUTH PLAIN, MAIL, RCPT, DATA, QUIT.</summary>
internal sealed class FakeMailServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly X509Certificate2 _certificate = TestCertificate.Create();
    private readonly ConcurrentQueue<string> _mails = new();
    private readonly ConcurrentQueue<string> _commands = new();

    public FakeMailServer()
    {
        _listener.Start();
        _ = ServeAsync();
    }

    public bool OffersTls { get; init; } = true;
    /// <summary>Answer to RCPT.</summary>
    public string Receiver { get; set; } = "250 2.1.5 fine";
    /// <summary>Base64 of what AUTH PLAIN must bring; null takes anything.</summary>
    public string? Credentials { get; init; }

    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
    public string Fingerprint => TestCertificate.FingerprintOf(_certificate);
    public IReadOnlyList<string> Mails => [.. _mails];
    public IReadOnlyList<string> Commands => [.. _commands];

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _certificate.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true) _ = TalkAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                Stream stream = client.GetStream();
                await SayAsync(stream, "220 fake ESMTP");
                var secure = false;
                while (await LineAsync(stream) is { } line)
                {
                    _commands.Enqueue((secure ? "tls " : "plain ") + line);
                    var verb = line.Split(' ')[0].ToUpperInvariant();
                    if (verb == "EHLO") await SayAsync(stream, $"250-fake\r\n{(OffersTls && !secure ? "250-STARTTLS\r\n" : "")}250-AUTH PLAIN\r\n250 8BITMIME");
                    else if (verb == "STARTTLS")
                    {
                        await SayAsync(stream, "220 go");
                        var tls = new SslStream(stream);
                        await tls.AuthenticateAsServerAsync(_certificate);
                        stream = tls;
                        secure = true;
                    }
                    else if (verb == "AUTH") await SayAsync(stream, Credentials is null || line.EndsWith(Credentials, StringComparison.Ordinal) ? "235 welcome" : "535 5.7.8 no");
                    else if (verb == "RCPT") await SayAsync(stream, Receiver);
                    else if (verb == "DATA")
                    {
                        await SayAsync(stream, "354 go on");
                        var mail = new StringBuilder();
                        while (await LineAsync(stream) is { } part && part != ".") mail.Append(part).Append('\n');
                        _mails.Enqueue(mail.ToString());
                        await SayAsync(stream, "250 taken");
                    }
                    else if (verb == "QUIT")
                    {
                        await SayAsync(stream, "221 bye");
                        return;
                    }
                    else await SayAsync(stream, "250 fine");
                }
            }
            catch (Exception fault) when (fault is OperationCanceledException or IOException or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
            {
                // The test is over, or the client went.
            }
        }
    }

    private async Task SayAsync(Stream stream, string line) => await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), _stop.Token);

    private async Task<string?> LineAsync(Stream stream)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one, _stop.Token) == 1)
        {
            if (one[0] == '\n') return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            line.Add(one[0]);
        }
        return null;
    }
}
