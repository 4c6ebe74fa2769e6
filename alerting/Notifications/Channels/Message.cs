using System.Globalization;
using Beacon.Alerting.Warnings;

namespace Beacon.Alerting.Notifications.Channels;

/// <summary>A notice as it waits to be sent.</summary>
internal sealed record QueuedNotice(long Id, NoticeKind Kind, string Audience, WarningLevel Level, string Subject, string Text, string Reference, DateTimeOffset At);

/// <summary>What one send tells: one notice, or several that came together.</summary>
/// <param name="Id">The same for every try: a receiver that sees it twice may leave one out.</param>
/// <param name="Notices">Oldest first, 1 to <see cref="Most"/>.</param>
/// <param name="Omitted">Notices beyond them that are only counted.</param>
internal sealed record Message(string Id, IReadOnlyList<QueuedNotice> Notices, int Omitted, string ConsoleUrl)
{
    /// <summary>Notices told in full in one message.</summary>
    public const int Most = 20;

    public WarningLevel Level => Notices.Max(n => n.Level);

    /// <summary>The newest instant.</summary>
    public DateTimeOffset At => Notices.Max(n => n.At);

    /// <summary>One line; control and directional characters are made visible.</summary>
    public string Subject
    {
        get
        {
            var mark = Level == WarningLevel.None ? "" : $"[{Words.Level(Level).ToString().ToUpperInvariant()}] ";
            var first = mark + PlainText.Line(Notices[^1].Subject);
            var others = Notices.Count - 1 + Omitted;
            return others == 0 ? first : string.Create(CultureInfo.InvariantCulture, $"{first} (and {others} more)");
        }
    }

    /// <summary>Where the console shows it, or null without a <see cref="NotificationOptions.ConsoleUrl"/>.</summary>
    public string? Link(QueuedNotice notice)
    {
        if (ConsoleUrl.Length == 0) return null;
        var at = notice.Reference.IndexOf(':', StringComparison.Ordinal);
        var (kind, id) = at < 0 ? (notice.Reference, "") : (notice.Reference[..at], notice.Reference[(at + 1)..]);
        var page = kind switch
        {
            "warning" => "/warnings?id=" + Uri.EscapeDataString(id),
            "incident" => "/incidents/" + Uri.EscapeDataString(id),
            _ => "/",
        };
        return ConsoleUrl.TrimEnd('/') + page;
    }

    /// <summary>The message as lines of plain text.</summary>
    /// <param name="length">Longest, UTF-16 units; what is over is cut with "…".</param>
    public string Body(int length = 40_000, Func<string, string>? encode = null)
    {
        encode ??= static t => t;
        var parts = Notices.Select(n =>
        {
            var when = n.At.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
            var link = Link(n) is { } url ? "\n" + url : "";
            return $"{encode(PlainText.Line(n.Subject))}\n{when}\n{encode(PlainText.Lines(n.Text))}".TrimEnd() + link;
        });
        var text = string.Join("\n\n", parts);
        if (Omitted > 0) text += string.Create(CultureInfo.InvariantCulture, $"\n\n… and {Omitted} more, in the console.");
        return Text.Cut(text, length);
    }
}
