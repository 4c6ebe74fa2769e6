using System.Globalization;
using Beacon.Alerting.Notifications.Channels.Syslog;
using Beacon.Alerting.Warnings;

namespace Beacon.Alerting.Notifications.Channels.Cef;

/// <summary>A notice as ArcSight's Common Event Format (CEF, version 0) by syslog, for other SIEMs.</summary>
internal sealed class CefNotifier : INotifier
{
    public string Kind => "cef";
    public int PerMinute => 300;
    public IReadOnlyList<ChannelSetting> Settings => SyslogSender.Settings;

    public string Preview(Message message, ChannelValues values) => string.Join('\n', message.Notices.Select(n => SyslogSender.Line(n, values, BodyOf)));

    public Task<SendResult> SendAsync(Message message, ChannelValues values, CancellationToken cancellation) => SyslogSender.SendAsync(message, values, BodyOf, cancellation);

    private static string BodyOf(QueuedNotice n) => string.Create(CultureInfo.InvariantCulture,
        $"CEF:0|Beacon|Beacon|1|{n.Kind}|{Head(n.Subject)}|{SeverityOf(n.Level)}|rt={n.At.ToUnixTimeMilliseconds()} externalId={n.Id} cs1Label=reference cs1={Value(n.Reference)} cs2Label=level cs2={Words.Level(n.Level)} msg={Value(n.Text)}");

    /// <summary>CEF counts from 0 to 10.</summary>
    private static int SeverityOf(WarningLevel level) => level switch { WarningLevel.Red => 10, WarningLevel.Orange => 8, WarningLevel.Yellow => 6, WarningLevel.Blue => 4, _ => 3 };

    private static string Head(string text) => PlainText.Line(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal);

    private static string Value(string text) => PlainText.Lines(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("=", "\\=", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
