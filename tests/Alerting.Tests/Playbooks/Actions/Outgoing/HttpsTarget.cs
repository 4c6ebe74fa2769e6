using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Beacon.Alerting.Tests.Playbooks.Actions.Outgoing;

/// <summary>A target over TLS with a certificate that no authority of this machine issued; answers each request as the test says.</summary>
internal sealed class HttpsTarget : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly X509Certificate2 _certificate;
    private readonly Func<string, string> _answer;

    public HttpsTarget(Func<string, string> answer)
    {
        _answer = answer;
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=target", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("fw.example.org");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        _certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        _listener.Start();
        _ = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;
    public List<string> Requests { get; } = [];
    public string Sha256 => Convert.ToHexString(SHA256.HashData(_certificate.RawData));
    public string Pem => _certificate.ExportCertificatePem();

    public static string Ok(string body) => $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _certificate.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await using var stream = new SslStream(client.GetStream());
                await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
                var request = await ReadAsync(stream);
                // Under TLS 1.3 a client that does not trust us leaves only now.
                if (request.Length == 0) continue;
                lock (Requests) Requests.Add(request);
                await stream.WriteAsync(Encoding.UTF8.GetBytes(_answer(request)), _stop.Token);
                await stream.ShutdownAsync();
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or IOException or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
            {
                // The client did not trust us, or the test is over.
            }
        }
    }

    private async Task<string> ReadAsync(SslStream stream)
    {
        var text = "";
        var buffer = new byte[65_536];
        while (true)
        {
            var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            var length = text.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase);
            if (head >= 0 && (length < 0 || length > head || Encoding.UTF8.GetByteCount(text[(head + 4)..]) >= int.Parse(text.AsSpan(length + 16, text.IndexOf('\r', length) - length - 16), System.Globalization.CultureInfo.InvariantCulture))) return text;
            var n = await stream.ReadAsync(buffer, _stop.Token);
            if (n == 0) return text;
            text += Encoding.UTF8.GetString(buffer, 0, n);
        }
    }
}
