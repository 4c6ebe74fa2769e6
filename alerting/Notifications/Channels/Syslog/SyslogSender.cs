using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Beacon.Alerting.Warnings;
using Beacon.Events;

namespace Beacon.Alerting.Notifications.Channels.Syslog;

/// <summary>
/// Sends RFC 5424 messages: a datagram each (RFC 5426), or octet-counted in a stream (RFC 6587), over TLS where asked (RFC 5425). Syslog
/// acknowledges nothing: "sent" is what the receiver's machine took.
/// </summary>
internal sealed class SyslogSender
{
    private const int MostDatagram = 2_048, MostFrame = 8_192;

    public static IReadOnlyList<ChannelSetting> Settings { get; } =
    [
        new("server", "HOST:PORT of the receiver", Required: true, Check: ChannelSetting.HostAndPort),
        new("transport", "udp, tcp (default) or tls", Check: ChannelSetting.OneOf("udp", "tcp", "tls")),
        new("facility", "0 to 23, default 16 (local0)", Check: v => int.TryParse(v, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n <= 23 ? null : (Phrase)"is 0 to 23"),
        CertificatePin.Setting,
    ];

    /// <param name="bodyOf">What stands behind the header, for a notice.</param>
    public static string Line(QueuedNotice notice, ChannelValues values, Func<QueuedNotice, string> bodyOf)
    {
        var facility = int.TryParse(values["facility"], NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 16;
        var priority = facility * 8 + SeverityOf(notice.Level);
        return string.Create(CultureInfo.InvariantCulture,
            $"<{priority}>1 {notice.At.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {HostName()} beacon - {notice.Kind} [origin software=\"Beacon\"] \ufeff{bodyOf(notice)}");
    }

    public static async Task<SendResult> SendAsync(Message message, ChannelValues values, Func<QueuedNotice, string> bodyOf, CancellationToken cancellation)
    {
        var server = HostPort.Parse(values["server"])!;
        var frames = message.Notices.Select(n => Encoding.UTF8.GetBytes(Line(n, values, bodyOf))).ToList();
        try
        {
            if (values["transport"] == "udp")
            {
                using var udp = new UdpClient();
                foreach (var frame in frames) await udp.SendAsync(Cut(frame, MostDatagram), server.Host, server.Port, cancellation).ConfigureAwait(false);
            }
            else
            {
                using var tcp = new TcpClient();
                await tcp.ConnectAsync(server.Host, server.Port, cancellation).ConfigureAwait(false);
                await using var stream = values["transport"] == "tls" ? await SecureAsync(tcp, server, values["fingerprint"], cancellation).ConfigureAwait(false) : tcp.GetStream();
                foreach (var frame in frames.Select(f => Cut(f, MostFrame)))
                {
                    await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{frame.Length} ")), cancellation).ConfigureAwait(false);
                    await stream.WriteAsync(frame, cancellation).ConfigureAwait(false);
                }
                await stream.FlushAsync(cancellation).ConfigureAwait(false);
            }
            return SendResult.Sent($"{frames.Count} messages to {server.Host}:{server.Port}");
        }
        catch (AuthenticationException)
        {
            return SendResult.Later($"{server.Host} has no certificate that this machine trusts or the setup names");
        }
        catch (Exception fault) when (fault is SocketException or IOException)
        {
            return SendResult.Later($"{server.Host}:{server.Port} could not be reached: {Text.Cut(PlainText.Line(fault.Message), 200)}");
        }
    }

    private static async Task<Stream> SecureAsync(TcpClient tcp, HostPort server, string fingerprint, CancellationToken cancellation)
    {
        var tls = new SslStream(tcp.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, errors) => CertificatePin.Accepts(fingerprint, certificate, errors));
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = server.Host }, cancellation).ConfigureAwait(false);
        return tls;
    }

    /// <summary>RFC 5424, section 6.2.1: critical for red, error for orange, warning for yellow, notice for the rest.</summary>
    private static int SeverityOf(WarningLevel level) => level switch { WarningLevel.Red => 2, WarningLevel.Orange => 3, WarningLevel.Yellow => 4, _ => 5 };

    /// <summary>At most so many bytes, whole characters only.</summary>
    private static byte[] Cut(byte[] frame, int most)
    {
        if (frame.Length <= most) return frame;
        var end = most;
        while (end > 0 && (frame[end] & 0xC0) == 0x80) end--;
        return frame[..end];
    }

    private static string HostName() => Environment.MachineName is { Length: > 0 and <= 255 } name && name.All(c => c is > ' ' and < '\x7f') ? name : "-";
}
