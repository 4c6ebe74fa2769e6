using System.ComponentModel.DataAnnotations;

namespace Beacon.Alerting.Notifications;

/// <summary>Settings of notifications, section "Alerting:Notifications".</summary>
public sealed class NotificationOptions
{
    /// <summary>Address of the console as those who are told reach it ("https://beacon.example.org"); links are made of it. Default none: no links.</summary>
    [Url]
    public string? ConsoleUrl { get; set; }

    /// <summary>Tries of one message before it is a dead letter. 1 to 50, default 12: about three hours.</summary>
    [Range(1, 50)]
    public int Attempts { get; set; } = 12;

    /// <summary>Time for one try. 1 second to 2 minutes, default 20 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:02:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long sent messages are kept. 1 day to 400 days, default 30 days. Dead letters are kept three times as long.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "400.00:00:00")]
    public TimeSpan Kept { get; set; } = TimeSpan.FromDays(30);
}
