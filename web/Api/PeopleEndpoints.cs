using Beacon.Alerting;
using Beacon.Web.Api.Document;
using Beacon.Web.Security;

namespace Beacon.Web.Api;

/// <summary>Who may sign in, as what. For an administrator's session alone: no key reads or changes accounts.</summary>
internal static class PeopleEndpoints
{
    /// <param name="Locked">Nobody signs in with it.</param>
    internal sealed record PersonShape(string Id, string Name, string Display, IReadOnlyList<string> Roles, bool Locked, DateTimeOffset CreatedAt);

    internal sealed record PersonPage(int Total, IReadOnlyList<PersonShape> Items);

    /// <param name="Link">Path on this server by which the person chooses a password: for one use, within a day, not shown again.</param>
    internal sealed record PersonLink(PersonShape Person, string Link)
    {
        // A record's own text would hold the link.
        public override string ToString() => "link";
    }

    internal sealed record AddBody(string? Name, string? Display, IReadOnlyList<string>? Roles);

    internal sealed record RolesBody(IReadOnlyList<string>? Roles);

    internal sealed record ReasonBody(string? Reason);

    private const string Ann = """{"id":"4f1c9a7e2b","name":"ann","display":"Ann Berg","roles":["operator","responder"],"locked":false,"createdAt":"2026-11-24T14:05:00Z"}""";
    private const string AnnsLink = $$"""{"person":{{Ann}},"link":"/reset/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"}""";

    public static void Map(RouteGroupBuilder read)
    {
        var people = read.MapGroup("/people").RequireAuthorization(Policies.Administer);
        people.MapGet("", ListAsync).WithSummary("Accounts by name; text stands in the name, the display name or a role").Answers<PersonPage>($$"""{"total":1,"items":[{{Ann}}]}""").Pages(500);
        people.MapGet("/{id}", async (string id, UserDirectory users, CancellationToken cancellation) => await AnswerAsync(users, new(PeopleRefusal.None, Id: id), cancellation)).WithSummary("One account").Answers<PersonShape>(Ann);
        people.MapPost("", async (AddBody body, HttpContext http, PeopleDesk desk, UserDirectory users, CancellationToken cancellation) =>
            await AnswerAsync(users, await desk.AddAsync(body.Name ?? "", body.Display ?? "", body.Roles ?? [], http.User.Actor(), cancellation), cancellation))
            .WithSummary("Adds an account; the answer's link lets its person choose the password").Takes("""{"name":"ann","display":"Ann Berg","roles":["operator","responder"]}""").Answers<PersonLink>(AnnsLink).Refuses(409);
        people.MapPut("/{id}/roles", async (string id, RolesBody body, HttpContext http, PeopleDesk desk, UserDirectory users, CancellationToken cancellation) =>
            await AnswerAsync(users, await desk.SetRolesAsync(id, body.Roles ?? [], http.User.Actor(), cancellation) with { Id = id }, cancellation))
            .WithSummary("Gives an account these roles in place of those it has, which ends its sessions; the last administrator stays one").Takes("""{"roles":["operator","responder"]}""").Answers<PersonShape>(Ann).Refuses(409);
        people.MapPost("/{id}/lock", (string id, ReasonBody body, HttpContext http, PeopleDesk desk, UserDirectory users, CancellationToken cancellation) => SetLockedAsync(id, true, body, http, desk, users, cancellation))
            .WithSummary("Locks an account, which ends its sessions: {reason}; not one's own, and not the last administrator's").Takes("""{"reason":"left the team"}""").Answers<PersonShape>(Ann).Refuses(409);
        people.MapPost("/{id}/unlock", (string id, ReasonBody body, HttpContext http, PeopleDesk desk, UserDirectory users, CancellationToken cancellation) => SetLockedAsync(id, false, body, http, desk, users, cancellation))
            .WithSummary("Lets the person of a locked account sign in again: {reason}").Takes("""{"reason":"came back"}""").Answers<PersonShape>(Ann);
        people.MapPost("/{id}/link", async (string id, HttpContext http, PeopleDesk desk, UserDirectory users, CancellationToken cancellation) =>
            await AnswerAsync(users, await desk.LinkAsync(id, http.User.Actor(), cancellation), cancellation)).WithSummary("Makes a link for a new password, in place of the one before; the password stays until it is used").Answers<PersonLink>(AnnsLink);
        people.MapPost("/{id}/end-sessions", async (string id, HttpContext http, PeopleDesk desk, UserDirectory users, CancellationToken cancellation) =>
            await AnswerAsync(users, await desk.EndSessionsAsync(id, http.User.Actor(), cancellation) with { Id = id }, cancellation)).WithSummary("Ends every session of an account").Answers<PersonShape>(Ann);
    }

    private static async Task<IResult> ListAsync(UserDirectory users, string? text, int offset = 0, int limit = 100, CancellationToken cancellation = default)
    {
        if (offset < 0 || limit is < 1 or > 500) return ApiEndpoints.Problem(400, "offset is 0 or more, limit is 1 to 500");
        var words = (text ?? "").Trim();
        bool Has(string name) => name.Contains(words, StringComparison.OrdinalIgnoreCase);
        var found = (await users.AllAsync(cancellation)).Where(u => words.Length == 0 || Has(u.Name) || Has(u.Display) || u.Roles.Any(Has)).OrderBy(u => u.Name, StringComparer.OrdinalIgnoreCase).ToList();
        return Results.Ok(new PersonPage(found.Count, [.. found.Skip(offset).Take(limit).Select(Shape)]));
    }

    private static async Task<IResult> SetLockedAsync(string id, bool locked, ReasonBody body, HttpContext http, PeopleDesk desk, UserDirectory users, CancellationToken cancellation)
    {
        var reason = (body.Reason ?? "").Trim();
        if (locked && reason.Length == 0) return ApiEndpoints.Problem(400, "locking wants a reason");
        if (reason.Length > 2_000) return ApiEndpoints.Problem(400, "a reason has at most 2,000 characters");
        return await AnswerAsync(users, await desk.SetLockedAsync(id, locked, reason, http.User.Actor(), cancellation) with { Id = id }, cancellation);
    }

    private static async Task<IResult> AnswerAsync(UserDirectory users, PeopleOutcome outcome, CancellationToken cancellation)
    {
        if (!outcome.Done) return ApiEndpoints.Problem(Status(outcome.Refusal), PeopleWords.Of(outcome.Refusal));
        if (await users.FindAsync(outcome.Id!, cancellation) is not { } account) return ApiEndpoints.Problem(404, PeopleWords.Of(PeopleRefusal.Gone));
        return outcome.Secret is { } secret ? Results.Ok(new PersonLink(Shape(account), "/reset/" + secret)) : Results.Ok(Shape(account));
    }

    private static int Status(PeopleRefusal refusal) => refusal switch
    {
        PeopleRefusal.NotAdministrator => 403,
        PeopleRefusal.Gone => 404,
        PeopleRefusal.NameTaken or PeopleRefusal.LastAdministrator or PeopleRefusal.Yourself or PeopleRefusal.TooMany => 409,
        _ => 400,
    };

    private static PersonShape Shape(UserAccount account) => new(account.Id, account.Name, account.Display, account.Roles, account.Disabled, account.CreatedAt);
}
