using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Beacon.Alerting.Notifications;
using Beacon.Alerting.Notifications.Channels;
using Beacon.Alerting.Notifications.Channels.Cef;
using Beacon.Alerting.Notifications.Channels.DingTalk;
using Beacon.Alerting.Notifications.Channels.Email;
using Beacon.Alerting.Notifications.Channels.Feishu;
using Beacon.Alerting.Notifications.Channels.Http;
using Beacon.Alerting.Notifications.Channels.Slack;
using Beacon.Alerting.Notifications.Channels.Syslog;
using Beacon.Alerting.Notifications.Channels.Teams;
using Beacon.Alerting.Notifications.Channels.Webhook;
using Beacon.Alerting.Notifications.Channels.WeCom;
using Beacon.Alerting.Playbooks.Actions.Outgoing;
using Beacon.Alerting.Warnings;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Beacon.Alerting.Tests.Notifications.Channels;

public sealed class NotifierTests : IDisposable
{
    private const string Hostile = "Host <b>evil</b> @all [x](https://evil.example) <!channel> \u202etxt\r\nBcc: all@example.org `id` | a=b \\";

    private readonly FakeTimeProvider _clock = new(TestHouse.Start);
    private readonly ChatSender _sender;

    public NotifierTests()
    {
        var options = new AlertingOptions();
        options.AllowedPrivateHosts.Add("127.0.0.1");
        _sender = new ChatSender(new OutgoingHosts(Options.Create(options), new DnsResolver()));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Message One(string subject = "Somebody got into bas-01", string text = "What to do: pull the plug", WarningLevel level = WarningLevel.Orange, int omitted = 0, int notices = 1) => new(
        "0199-id", [.. Enumerable.Range(1, notices).Select(i => new QueuedNotice(i, NoticeKind.WarningIssued, "supervisor", level, subject, text, "warning:3", TestHouse.Start.AddSeconds(i)))], omitted, "https://beacon.example.org");

    private static ChannelValues Values(params (string Name, string Value)[] values) => new(values.ToDictionary(v => v.Name, v => v.Value));

    private IEnumerable<INotifier> Chats => [new SlackNotifier(_sender), new TeamsNotifier(_sender), new FeishuNotifier(_sender, _clock), new DingTalkNotifier(_sender, _clock), new WeComNotifier(_sender)];

    [Fact]
    public async Task Chats_HostileText_HasNoMentionNoLinkNoMarkup()
    {
        foreach (var chat in Chats)
        {
            using var receiver = new FakeReceiver(FakeReceiver.Ok("{\"code\":0,\"errcode\":0}"));
            var result = await chat.SendAsync(One(Hostile, Hostile), Values(("url", receiver.Url)), Cancellation);

            Assert.Equal(SendOutcome.Sent, result.Outcome);
            var said = string.Join("", Texts(JsonNode.Parse(Assert.Single(receiver.Bodies))!));
            Assert.Contains("Host", said, StringComparison.Ordinal);
            Assert.Contains("‹U+202E›", said, StringComparison.Ordinal);
            Assert.DoesNotContain("<", said, StringComparison.Ordinal);
            Assert.DoesNotContain("https://evil", said, StringComparison.Ordinal);
            if (chat.Kind != "slack") Assert.DoesNotContain("@all", said, StringComparison.Ordinal);
            if (chat.Kind != "slack") Assert.DoesNotContain("](", said, StringComparison.Ordinal);
            Assert.Contains("https://beacon.example.org/warnings?id=3", said, StringComparison.Ordinal);
            Assert.DoesNotContain("t0ken", result.Said, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<string> Texts(JsonNode node) => node switch
    {
        JsonObject o => o.Where(p => p.Key is "text" or "content" or "title" or "attachments" or "body" or "markdown").SelectMany(p => Texts(p.Value!)),
        JsonArray a => a.SelectMany(i => Texts(i!)),
        JsonValue v when v.TryGetValue<string>(out var text) => [text],
        _ => [],
    };

    [Fact]
    public async Task Chats_AnswersOfTheReceiver_AreSentLaterOrRefused()
    {
        foreach (var chat in Chats)
        {
            async Task<SendResult> Sent(string answer)
            {
                using var receiver = new FakeReceiver(answer);
                return await chat.SendAsync(One(), Values(("url", receiver.Url)), Cancellation);
            }
            Assert.Equal((SendOutcome.Later, TimeSpan.FromSeconds(17)), await Sent(FakeReceiver.Answer(429, headers: "Retry-After: 17\r\n")) is var busy ? (busy.Outcome, busy.After) : default);
            Assert.Equal(SendOutcome.Later, (await Sent(FakeReceiver.Answer(503))).Outcome);
            Assert.Equal(SendOutcome.Refused, (await Sent(FakeReceiver.Answer(404))).Outcome);
            var moved = await Sent(FakeReceiver.Answer(302, headers: "Location: http://169.254.169.254/\r\n"));
            Assert.Equal(SendOutcome.Refused, moved.Outcome);
            Assert.Contains("redirects", moved.Said, StringComparison.Ordinal);
            Assert.Equal(SendOutcome.Later, (await Sent("nonsense\r\n\r\n")).Outcome);
        }
    }

    [Theory]
    [InlineData("feishu", "{\"code\":19021,\"msg\":\"sign match fail\"}", 2)]
    [InlineData("feishu", "{\"code\":11232}", 1)]
    [InlineData("dingtalk", "{\"errcode\":310000}", 2)]
    [InlineData("dingtalk", "{\"errcode\":130101}", 1)]
    [InlineData("wecom", "{\"errcode\":93000}", 2)]
    [InlineData("wecom", "{\"errcode\":45009}", 1)]
    [InlineData("wecom", "no json", 1)]
    public async Task Chats_TruthInTheBody_IsRead(string kind, string body, int outcome)
    {
        using var receiver = new FakeReceiver(FakeReceiver.Ok(body));
        var result = await Chats.Single(c => c.Kind == kind).SendAsync(One(), Values(("url", receiver.Url)), Cancellation);
        Assert.Equal((SendOutcome)outcome, result.Outcome);
    }

    [Fact]
    public async Task Chats_HugeAnswerOrPrivateAddress_AreBounded()
    {
        using var huge = new FakeReceiver(FakeReceiver.Ok(new string('x', 300_000)));
        Assert.Equal(SendOutcome.Later, (await new WeComNotifier(_sender).SendAsync(One(), Values(("url", huge.Url)), Cancellation)).Outcome);
        using var strict = new ChatSender(new OutgoingHosts(Options.Create(new AlertingOptions()), new DnsResolver()));
        using var receiver = new FakeReceiver();
        Assert.Contains("plain http", (await new SlackNotifier(strict).SendAsync(One(), Values(("url", receiver.Url)), Cancellation)).Said, StringComparison.Ordinal);
        Assert.Contains("private", (await new SlackNotifier(strict).SendAsync(One(), Values(("url", receiver.Url.Replace("http:", "https:", StringComparison.Ordinal))), Cancellation)).Said, StringComparison.Ordinal);
        Assert.Empty(receiver.Requests);
    }

    [Fact]
    public async Task Feishu_Secret_SignsTheTimestamp()
    {
        using var receiver = new FakeReceiver(FakeReceiver.Ok("{\"code\":0}"));
        await new FeishuNotifier(_sender, _clock).SendAsync(One(), Values(("url", receiver.Url), ("secret", "s3")), Cancellation);
        var json = JsonNode.Parse(receiver.Bodies[0])!;
        var at = TestHouse.Start.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        Assert.Equal(at, json["timestamp"]!.GetValue<string>());
        Assert.Equal(Convert.ToBase64String(new HMACSHA256(Encoding.UTF8.GetBytes(at + "\ns3")).ComputeHash([])), json["sign"]!.GetValue<string>());
    }

    [Fact]
    public async Task DingTalk_Secret_SignsInTheAddress()
    {
        using var receiver = new FakeReceiver(FakeReceiver.Ok("{\"errcode\":0}"));
        await new DingTalkNotifier(_sender, _clock).SendAsync(One(), Values(("url", receiver.Url), ("secret", "SEC1")), Cancellation);
        var at = TestHouse.Start.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var sign = Uri.EscapeDataString(Convert.ToBase64String(new HMACSHA256(Encoding.UTF8.GetBytes("SEC1")).ComputeHash(Encoding.UTF8.GetBytes(at + "\nSEC1"))));
        Assert.StartsWith($"POST /hook?key=t0ken&timestamp={at}&sign={sign} HTTP/1.1", receiver.Requests[0], StringComparison.Ordinal);
    }

    [Fact]
    public void WeCom_LongChineseText_StaysWithin4096Bytes()
    {
        var text = new WeComNotifier(_sender).Preview(One("告警", new string('警', 4_000), notices: 20), Values());
        Assert.InRange(Encoding.UTF8.GetByteCount(text), 3_000, 4_096);
    }

    [Theory]
    [InlineData("plain secret")]
    [InlineData("whsec_AAECAwQFBgcICQ==")]
    public async Task Webhook_Signature_IsWhatAReceiverComputes(string secret)
    {
        using var receiver = new FakeReceiver(FakeReceiver.Answer(204));
        var result = await new WebhookNotifier(_sender, _clock).SendAsync(One(Hostile), Values(("url", receiver.Url), ("secret", secret)), Cancellation);

        Assert.Equal(SendOutcome.Sent, result.Outcome);
        var request = receiver.Requests[0];
        string Header(string name) => request.Split("\r\n").Single(l => l.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase))[(name.Length + 2)..];
        var key = secret.StartsWith("whsec_", StringComparison.Ordinal) ? Convert.FromBase64String(secret[6..]) : Encoding.UTF8.GetBytes(secret);
        var expected = Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{Header("webhook-id")}.{Header("webhook-timestamp")}.{receiver.Bodies[0]}")));
        Assert.Equal(("0199-id", "v1," + expected), (Header("webhook-id"), Header("webhook-signature")));
        Assert.Equal(TestHouse.Start.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), Header("webhook-timestamp"));
        Assert.Equal(Hostile, JsonNode.Parse(receiver.Bodies[0])!["notices"]![0]!["subject"]!.GetValue<string>());
    }

    [Fact]
    public async Task Email_StartTlsAndSignIn_SendsTextAndHtmlEncoded()
    {
        using var server = new FakeMailServer { Credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes("\0beacon\0hunter2")) };
        var values = Values(("server", server.Address), ("from", "beacon@example.org"), ("to", "a@example.org, B <b@example.org>"), ("user", "beacon"), ("password", "hunter2"), ("fingerprint", server.Fingerprint));
        var result = await new EmailNotifier().SendAsync(One(Hostile, Hostile), values, Cancellation);

        Assert.True(result.Outcome == SendOutcome.Sent, result.Said);
        Assert.All(server.Commands.Where(c => !c.Contains("EHLO", StringComparison.Ordinal) && !c.Contains("STARTTLS", StringComparison.Ordinal)), c => Assert.StartsWith("tls ", c, StringComparison.Ordinal));
        Assert.Equal(2, server.Commands.Count(c => c.Contains("RCPT", StringComparison.Ordinal)));
        using var mail = MimeKit.MimeMessage.Load(new MemoryStream(Encoding.UTF8.GetBytes(Assert.Single(server.Mails))), Cancellation);
        Assert.Equal("0199-id@beacon.invalid", mail.MessageId);
        Assert.Equal(2, mail.To.Count);
        Assert.Empty(mail.Bcc);
        Assert.StartsWith("[ORANGE] Host <b>evil</b> @all", mail.Subject, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", mail.Subject!, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;evil&lt;/b&gt;", mail.HtmlBody, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>evil", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("https://beacon.example.org/warnings?id=3", mail.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Email_UnknownCertificateNoTlsOrWrongPassword_SendsNothing()
    {
        using var server = new FakeMailServer { Credentials = "right" };
        Task<SendResult> Send(FakeMailServer at, params (string, string)[] more) =>
            new EmailNotifier().SendAsync(One(), Values([("server", at.Address), ("from", "a@example.org"), ("to", "b@example.org"), .. more]), Cancellation);
        Assert.Contains("certificate", (await Send(server)).Said, StringComparison.Ordinal);
        Assert.Contains("certificate", (await Send(server, ("fingerprint", new string('0', 64)))).Said, StringComparison.Ordinal);
        var signIn = await Send(server, ("fingerprint", server.Fingerprint), ("user", "beacon"), ("password", "wrong"));
        Assert.Equal((SendOutcome.Refused, false), (signIn.Outcome, signIn.Said.Contains("wrong", StringComparison.Ordinal)));
        using var plain = new FakeMailServer { OffersTls = false };
        Assert.Contains("STARTTLS", (await Send(plain)).Said, StringComparison.Ordinal);
        Assert.Contains("without encryption", (await Send(plain, ("security", "none"), ("user", "u"), ("password", "p"))).Said, StringComparison.Ordinal);
        Assert.Empty(server.Mails);
        Assert.Empty(plain.Mails);
        Assert.Equal(SendOutcome.Sent, (await Send(plain, ("security", "none"))).Outcome);
    }

    [Fact]
    public async Task Email_ReceiverRefusedOrServerAway_IsRefusedOrLater()
    {
        using var server = new FakeMailServer { OffersTls = false, Receiver = "550 5.1.1 nobody of that name" };
        var values = Values(("server", server.Address), ("from", "a@example.org"), ("to", "b@example.org"), ("security", "none"));
        var refused = await new EmailNotifier().SendAsync(One(), values, Cancellation);
        Assert.Equal(SendOutcome.Refused, refused.Outcome);
        Assert.Contains("550", refused.Said, StringComparison.Ordinal);
        server.Receiver = "451 4.7.1 greylisted";
        Assert.Equal(SendOutcome.Later, (await new EmailNotifier().SendAsync(One(), values, Cancellation)).Outcome);
        var nobody = Values(("server", "127.0.0.1:1"), ("from", "a@example.org"), ("to", "b@example.org"), ("security", "none"));
        Assert.Equal(SendOutcome.Later, (await new EmailNotifier().SendAsync(One(), nobody, Cancellation)).Outcome);
    }

    [Fact]
    public async Task Syslog_Udp_IsOneLineInRfc5424()
    {
        using var receiver = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var address = $"127.0.0.1:{((IPEndPoint)receiver.Client.LocalEndPoint!).Port}";
        Assert.Equal(SendOutcome.Sent, (await new SyslogNotifier().SendAsync(One(Hostile, new string('警', 2_000), WarningLevel.Red), Values(("server", address), ("transport", "udp"), ("facility", "4")), Cancellation)).Outcome);
        var line = new UTF8Encoding(false, true).GetString((await receiver.ReceiveAsync(Cancellation)).Buffer);
        Assert.Matches(@"^<34>1 2026-03-02T09:00:01\.000Z \S+ beacon - WarningIssued \[origin software=""Beacon""\] \ufeffHost <b>evil", line);
        Assert.DoesNotContain('\n', line);
        Assert.InRange(Encoding.UTF8.GetByteCount(line), 2_040, 2_048);
    }

    [Fact]
    public async Task Cef_Tls_EscapesItsOwnSigns()
    {
        using var certificate = TestCertificate.Create();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        async Task<string> Receive()
        {
            using var client = await listener.AcceptTcpClientAsync(Cancellation);
            await using var tls = new SslStream(client.GetStream());
            await tls.AuthenticateAsServerAsync(certificate);
            using var reader = new StreamReader(tls);
            return await reader.ReadToEndAsync(Cancellation);
        }
        var received = Receive();
        var result = await new CefNotifier().SendAsync(One("a|b\\c", "x=1\ny=2"), Values(("server", address), ("transport", "tls"), ("fingerprint", TestCertificate.FingerprintOf(certificate))), Cancellation);
        Assert.True(result.Outcome == SendOutcome.Sent, result.Said);
        var text = await received;
        Assert.Contains("CEF:0|Beacon|Beacon|1|WarningIssued|a\\|b\\\\c|8|rt=", text, StringComparison.Ordinal);
        Assert.EndsWith("msg=x\\=1\\ny\\=2", text, StringComparison.Ordinal);
        Assert.Equal(Encoding.UTF8.GetByteCount(text[(text.IndexOf(' ', StringComparison.Ordinal) + 1)..]), int.Parse(text.Split(' ')[0], CultureInfo.InvariantCulture));
    }

    public void Dispose() => _sender.Dispose();
}
