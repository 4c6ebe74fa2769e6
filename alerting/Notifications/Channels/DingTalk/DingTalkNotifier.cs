using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Beacon.Alerting.Notifications.Channels.Http;

namespace Beacon.Alerting.Notifications.Channels.DingTalk;

/// <summary>
/// DingTalk's custom robots: msgtype markdown; signed by HMAC-SHA256 of "timestamp\nsecret" under the secret, in the address
/// (DingTalk open platform, "Custom robot security settings"). 20 messages a minute at most.
/// </summary>
internal sealed class DingTalkNotifier(ChatSender sender, TimeProvider time) : INotifier
{
    private const int Longest = 4_500;
    private const long TooFast = 130101, Busy = -1;

    public string Kind => "dingtalk";
    public int PerMinute => 18;

    public IReadOnlyList<ChannelSetting> Settings { get; } =
    [
        new("url", "address of the robot's webhook", Required: true, Secret: true),
        new("secret", "the robot's signing secret (SEC…)", Secret: true),
    ];

    public string Preview(Message message, ChannelValues values) =>
        $"### {PlainText.Chat(message.Subject)}\n\n{message.Body(Longest, PlainText.Chat).Replace("\n", "  \n", StringComparison.Ordinal)}";

    public Task<SendResult> SendAsync(Message message, ChannelValues values, CancellationToken cancellation)
    {
        var address = values["url"];
        if (values["secret"] is { Length: > 0 } secret)
        {
            var now = time.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
            var sign = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(now + "\n" + secret)));
            address += $"{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}timestamp={now}&sign={Uri.EscapeDataString(sign)}";
        }
        return sender.PostAsync(address, ChatSender.Json(json =>
        {
            json.WriteStartObject();
            json.WriteString("msgtype", "markdown");
            json.WriteStartObject("markdown");
            json.WriteString("title", Text.Cut(PlainText.Chat(message.Subject), 200));
            json.WriteString("text", Preview(message, values));
            json.WriteEndObject();
            json.WriteEndObject();
        }), null, body => ChatSender.ByCode(body, "errcode", "DingTalk", [TooFast, Busy]), cancellation);
    }
}
