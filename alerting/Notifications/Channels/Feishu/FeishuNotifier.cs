using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Beacon.Alerting.Notifications.Channels.Http;

namespace Beacon.Alerting.Notifications.Channels.Feishu;

/// <summary>
/// Feishu's and Lark's custom bots: msg_type text; signed where the bot asks for it, by HMAC-SHA256 of nothing under the key "timestamp\nsecret"
/// (Feishu open platform, "Custom bot guide"). 20 KB and 100 messages a minute at most.
/// </summary>
internal sealed class FeishuNotifier(ChatSender sender, TimeProvider time) : INotifier
{
    private const int Longest = 5_000;
    private const long TooFast = 11232;

    public string Kind => "feishu";
    public int PerMinute => 60;

    public IReadOnlyList<ChannelSetting> Settings { get; } =
    [
        new("url", "address of the bot's webhook", Required: true, Secret: true),
        new("secret", "the bot's signing secret", Secret: true),
    ];

    public string Preview(Message message, ChannelValues values) => $"{PlainText.Chat(message.Subject)}\n{message.Body(Longest, PlainText.Chat)}";

    public Task<SendResult> SendAsync(Message message, ChannelValues values, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return sender.PostAsync(values["url"], ChatSender.Json(json =>
        {
            json.WriteStartObject();
            if (values["secret"].Length > 0)
            {
                json.WriteString("timestamp", now);
                json.WriteString("sign", Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(now + "\n" + values["secret"]), ReadOnlySpan<byte>.Empty)));
            }
            json.WriteString("msg_type", "text");
            json.WriteStartObject("content");
            json.WriteString("text", Preview(message, values));
            json.WriteEndObject();
            json.WriteEndObject();
        }), null, body => ChatSender.ByCode(body, "code", "Feishu", [TooFast]), cancellation);
    }
}
