namespace Beacon.Alerting.Notifications.Channels.Syslog;

/// <summary>A syslog message a notice: subject and text in one line.</summary>
internal sealed class SyslogNotifier : INotifier
{
    public string Kind => "syslog";
    public int PerMinute => 300;
    public IReadOnlyList<ChannelSetting> Settings => SyslogSender.Settings;

    public string Preview(Message message, ChannelValues values) => string.Join('\n', message.Notices.Select(n => SyslogSender.Line(n, values, BodyOf)));

    public Task<SendResult> SendAsync(Message message, ChannelValues values, CancellationToken cancellation) => SyslogSender.SendAsync(message, values, BodyOf, cancellation);

    private static string BodyOf(QueuedNotice notice) => PlainText.Line($"{notice.Subject} | {notice.Reference} | {notice.Text}");
}
