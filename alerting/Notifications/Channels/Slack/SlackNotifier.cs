using Beacon.Alerting.Notifications.Channels.Http;

namespace Beacon.Alerting.Notifications.Channels.Slack;

/// <summary>Slack's incoming webhooks: {"text": …}; '&amp;', '&lt;' and '&gt;' are escaped, which also ends mentions (Slack API, "Formatting text for app surfaces").</summary>
internal sealed class SlackNotifier(ChatSender sender) : INotifier
{
    private const int Longest = 30_000;

    public string Kind => "slack";
    public int PerMinute => 50;
    public IReadOnlyList<ChannelSetting> Settings { get; } = [new("url", "address of the incoming webhook", Required: true, Secret: true)];

    public string Preview(Message message, ChannelValues values) => $"*{Escape(message.Subject)}*\n{message.Body(Longest, Escape)}";

    public Task<SendResult> SendAsync(Message message, ChannelValues values, CancellationToken cancellation) => sender.PostAsync(values["url"], ChatSender.Json(json =>
    {
        json.WriteStartObject();
        json.WriteString("text", Preview(message, values));
        json.WriteBoolean("unfurl_links", false);
        json.WriteBoolean("unfurl_media", false);
        json.WriteEndObject();
    }), null, null, cancellation);

    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("://", "：//", StringComparison.Ordinal);
}
