using System.Text;
using Beacon.Alerting.Notifications.Channels.Http;

namespace Beacon.Alerting.Notifications.Channels.WeCom;

/// <summary>WeCom's group robots: msgtype markdown, 4,096 bytes of UTF-8 and 20 messages a minute at most (WeCom developer centre, "Group robot configuration").</summary>
internal sealed class WeComNotifier(ChatSender sender) : INotifier
{
    private const int LongestBytes = 4_096;
    private const long TooFast = 45009, Busy = -1;

    public string Kind => "wecom";
    public int PerMinute => 18;
    public IReadOnlyList<ChannelSetting> Settings { get; } = [new("url", "address of the robot's webhook", Required: true, Secret: true)];

    public string Preview(Message message, ChannelValues values)
    {
        var text = $"**{PlainText.Chat(message.Subject)}**\n{message.Body(LongestBytes, PlainText.Chat)}";
        // The ceiling is in bytes, and most characters of a Chinese text have three.
        while (Encoding.UTF8.GetByteCount(text) > LongestBytes) text = Text.Cut(text, Math.Max(2, text.Length * 9 / 10));
        return text;
    }

    public Task<SendResult> SendAsync(Message message, ChannelValues values, CancellationToken cancellation) => sender.PostAsync(values["url"], ChatSender.Json(json =>
    {
        json.WriteStartObject();
        json.WriteString("msgtype", "markdown");
        json.WriteStartObject("markdown");
        json.WriteString("content", Preview(message, values));
        json.WriteEndObject();
        json.WriteEndObject();
    }), null, body => ChatSender.ByCode(body, "errcode", "WeCom", [TooFast, Busy]), cancellation);
}
