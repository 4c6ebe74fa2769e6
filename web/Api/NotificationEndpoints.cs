using Beacon.Alerting.Notifications;
using Beacon.Alerting.Notifications.Setup;
using Beacon.Web.Api.Document;
using Beacon.Web.Security;

namespace Beacon.Web.Api;

/// <summary>Who is told of what, and what was told. The setup holds names of secrets, never their values.</summary>
internal static class NotificationEndpoints
{
    internal sealed record SetupEdit(NotificationSetup? Setup, string? Reason);

    public static void Map(RouteGroupBuilder read, RouteGroupBuilder operate)
    {
        var seen = read.MapGroup("/notifications");
        seen.MapGet("/on-call", async (INotificationService notifications, CancellationToken cancellation) => Results.Ok(await notifications.OnCallAsync(cancellation))).WithSummary("Who is on call now, by schedule").Answers<IReadOnlyList<OnCallNow>>();
        seen.MapGet("/deliveries", async (INotificationService notifications, DeliveryStatus? status, string? channel, long? before, int limit = 100, CancellationToken cancellation = default) =>
            limit is < 1 or > 500 ? ApiEndpoints.Problem(400, "limit is 1 to 500")
            : Results.Ok(await notifications.ListAsync(new DeliveryQuery { Status = status, Channel = channel, Before = before, Limit = limit }, cancellation))).WithSummary("What was told to whom, newest first; status Dead lists the dead letters").Answers<IReadOnlyList<Delivery>>().Pages(500).Where("channel", "Only by this channel, by id.");

        operate.MapPost("/notifications/deliveries/{id:long}/resend", async (long id, HttpContext http, INotificationService notifications, CancellationToken cancellation) =>
            ApiEndpoints.Answer(await notifications.ResendAsync(id, http.User.Actor(), cancellation))).WithSummary("Send a dead letter again").Answers<Delivery>().Refuses(409);

        var administer = operate.MapGroup("/notifications").RequireAuthorization(Policies.Administer);
        administer.MapGet("/kinds", (INotificationService notifications) => Results.Ok(notifications.Kinds)).WithSummary("The kinds of channels and their settings").Answers<IReadOnlyList<ChannelKind>>();
        administer.MapGet("/setup", async (INotificationSetups setups, CancellationToken cancellation) => Results.Ok(await setups.CurrentAsync(cancellation))).WithSummary("The setup in force: channels, people, schedules, routes").Answers<NotificationSetup>();
        administer.MapGet("/setup/history", async (INotificationSetups setups, int limit = 20, CancellationToken cancellation = default) =>
            limit is < 1 or > 200 ? ApiEndpoints.Problem(400, "limit is 1 to 200") : Results.Ok(await setups.HistoryAsync(limit, cancellation))).WithSummary("Setups, newest first").Answers<IReadOnlyList<NotificationSetup>>().Pages(200);
        administer.MapPut("/setup", async (SetupEdit body, HttpContext http, INotificationSetups setups, CancellationToken cancellation) =>
            ApiEndpoints.Answer(await setups.SaveAsync(body.Setup ?? NotificationSetup.None, http.User.Actor(), body.Reason ?? "", cancellation))).WithSummary("Put a setup in force: {setup, reason}; its version is the one it was made from").Answers<NotificationSetup>().Refuses(409);
        administer.MapPost("/channels/{id}/test", async (string id, HttpContext http, INotificationService notifications, CancellationToken cancellation) =>
            ApiEndpoints.Answer(await notifications.TestAsync(id, http.User.Actor(), cancellation))).WithSummary("Send a test by a channel now").Answers<TestResult>();
        administer.MapGet("/channels/{id}/preview", async (string id, long? notice, INotificationService notifications, CancellationToken cancellation) =>
            await notifications.PreviewAsync(id, notice, cancellation) is { Done: true } shown ? Results.Text(shown.Value, "text/plain; charset=utf-8") : ApiEndpoints.Problem(404, "there is no such channel or notice")).WithSummary("What a channel would send").AnswersText("text/plain", "Orange warning W-3\n").Where("notice", "A notice of the past; a made-up one where it is left out.");
    }
}
