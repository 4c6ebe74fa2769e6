using System.Net;
using System.Net.Sockets;
using System.Text;
using Beacon.Events;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Beacon.Alerting.Notifications.Channels.Email;

/// <summary>
/// Mail by SMTP (RFC 5321), encrypted by STARTTLS (RFC 3207) or from the start (RFC 8314) unless the setup says otherwise. The Message-ID is
/// the same for every try, so that a mailbox can leave out what came twice.
/// </summary>
internal sealed class EmailNotifier : INotifier
{
    private const int MostReceivers = 50;

    public string Kind => "email";
    public int PerMinute => 30;

    public IReadOnlyList<ChannelSetting> Settings { get; } =
    [
        new("server", "HOST:PORT of the mail server", Required: true, Check: ChannelSetting.HostAndPort),
        new("from", "sender's address", Required: true, Check: v => MailboxAddress.TryParse(v, out _) ? null : (Phrase)"is no mail address"),
        new("to", "receivers, separated by commas, 50 at most", Required: true, Check: v => Receivers(v) is { Count: > 0 and <= MostReceivers } ? null : (Phrase)"is no list of 1 to 50 mail addresses"),
        new("security", "starttls (default), tls, or none", Check: ChannelSetting.OneOf("starttls", "tls", "none")),
        new("user", "name to sign in with; none: no sign-in"),
        new("password", "password to sign in with", Secret: true),
        CertificatePin.Setting,
    ];

    public string Preview(Message message, ChannelValues values) => $"From: {values["from"]}\nTo: {values["to"]}\nSubject: {message.Subject}\n\n{message.Body()}";

    public async Task<SendResult> SendAsync(Message message, ChannelValues values, CancellationToken cancellation)
    {
        var server = HostPort.Parse(values["server"])!;
        var security = values["security"] switch { "none" => SecureSocketOptions.None, "tls" => SecureSocketOptions.SslOnConnect, _ => SecureSocketOptions.StartTls };
        if (security == SecureSocketOptions.None && values["password"].Length > 0) return SendResult.Refused("a password is not sent without encryption: set security to starttls or tls");
        using var mail = Compose(message, values);
        using var client = new SmtpClient();
        client.CheckCertificateRevocation = false;
        client.ServerCertificateValidationCallback = (_, certificate, _, errors) => CertificatePin.Accepts(values["fingerprint"], certificate, errors);
        try
        {
            await client.ConnectAsync(server.Host, server.Port, security, cancellation).ConfigureAwait(false);
            if (values["user"].Length > 0) await client.AuthenticateAsync(Encoding.UTF8, new NetworkCredential(values["user"], values["password"]), cancellation).ConfigureAwait(false);
            await client.SendAsync(mail, cancellation).ConfigureAwait(false);
            await client.DisconnectAsync(quit: true, cancellation).ConfigureAwait(false);
            return SendResult.Sent($"{server.Host} took it for {mail.To.Count} receivers");
        }
        catch (SmtpCommandException refused)
        {
            Phrase said = $"{server.Host} answered {(int)refused.StatusCode}: {Text.Cut(PlainText.Line(refused.Message), 200)}";
            return (int)refused.StatusCode is >= 400 and < 500 ? SendResult.Later(said) : SendResult.Refused(said);
        }
        catch (AuthenticationException)
        {
            return SendResult.Refused($"{server.Host} did not take the user's name and password");
        }
        catch (SslHandshakeException)
        {
            return SendResult.Later($"{server.Host} has no certificate that this machine trusts or the setup names");
        }
        catch (NotSupportedException)
        {
            return SendResult.Refused($"{server.Host} offers no STARTTLS, and nothing is sent without encryption unless security is none");
        }
        catch (Exception fault) when (fault is SocketException or IOException or ProtocolException)
        {
            return SendResult.Later($"{server.Host} could not be reached: {Text.Cut(PlainText.Line(fault.Message), 200)}");
        }
    }

    private static MimeMessage Compose(Message message, ChannelValues values)
    {
        var mail = new MimeMessage { Subject = Text.Cut(message.Subject, 200), Date = message.At, MessageId = $"{message.Id}@beacon.invalid" };
        mail.From.Add(MailboxAddress.Parse(values["from"]));
        mail.To.AddRange(Receivers(values["to"])!);
        // A vacation answer to each warning helps nobody (RFC 3834, section 5).
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        if (message.Level >= Warnings.WarningLevel.Orange) mail.Importance = MessageImportance.High;
        mail.Body = new BodyBuilder { TextBody = message.Body(), HtmlBody = Html(message) }.ToMessageBody();
        return mail;
    }

    private static string Html(Message message)
    {
        var html = new StringBuilder("<!doctype html><html><body style=\"font:14px/1.5 sans-serif\">");
        foreach (var notice in message.Notices)
        {
            html.Append("<h3 style=\"margin:1em 0 .2em\">").Append(WebUtility.HtmlEncode(PlainText.Line(notice.Subject))).Append("</h3><div style=\"color:#666\">")
                .Append(notice.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", System.Globalization.CultureInfo.InvariantCulture)).Append("</div><p style=\"white-space:pre-wrap\">")
                .Append(WebUtility.HtmlEncode(PlainText.Lines(notice.Text))).Append("</p>");
            if (message.Link(notice) is { } link) html.Append("<p><a href=\"").Append(WebUtility.HtmlEncode(link)).Append("\">Open in Beacon</a></p>");
        }
        if (message.Omitted > 0) html.Append("<p>… and ").Append(message.Omitted).Append(" more, in the console.</p>");
        return html.Append("</body></html>").ToString();
    }

    private static List<MailboxAddress>? Receivers(string list)
    {
        var all = new List<MailboxAddress>();
        foreach (var part in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!MailboxAddress.TryParse(part, out var address) || all.Count == MostReceivers) return null;
            all.Add(address);
        }
        return all;
    }
}
