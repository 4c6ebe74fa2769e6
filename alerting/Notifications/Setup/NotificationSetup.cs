using Beacon.Alerting.Warnings;

namespace Beacon.Alerting.Notifications.Setup;

/// <summary>Who is told of what, by which way. One document, changed whole, every version kept.</summary>
/// <param name="Version">0 before the first.</param>
public sealed record NotificationSetup(
    int Version, IReadOnlyList<Channel> Channels, IReadOnlyList<Contact> People, IReadOnlyList<OnCallSchedule> Schedules, IReadOnlyList<Route> Routes,
    string ChangedBy, DateTimeOffset ChangedAt, string Reason)
{
    public const int MaxChannels = 100, MaxPeople = 1_000, MaxSchedules = 100, MaxRoutes = 200;

    public static NotificationSetup None { get; } = new(0, [], [], [], [], Actor.SystemName, DateTimeOffset.UnixEpoch, "");

    /// <summary>The same with empty lists and texts where a document leaves them out.</summary>
    internal NotificationSetup Filled() => this with
    {
        Channels = [.. (Channels ?? []).Select(c => c with { Id = c.Id ?? "", Kind = c.Kind ?? "", Settings = c.Settings ?? new Dictionary<string, string>(), Quiet = Filled(c.Quiet) })],
        People = [.. (People ?? []).Select(p => p with { Name = p.Name ?? "", Channels = p.Channels ?? [], Quiet = Filled(p.Quiet) })],
        Schedules = [.. (Schedules ?? []).Select(s => s with { Id = s.Id ?? "", TimeZone = s.TimeZone ?? "", People = s.People ?? [], Overrides = [.. (s.Overrides ?? []).Select(o => o with { Person = o.Person ?? "" })] })],
        Routes = [.. (Routes ?? []).Select(r => r with { Id = r.Id ?? "", Kinds = r.Kinds ?? [], Audiences = r.Audiences ?? [], Targets = r.Targets ?? [], Escalation = [.. (r.Escalation ?? []).Select(e => e with { Targets = e.Targets ?? [] })] })],
        ChangedBy = ChangedBy ?? "", Reason = Reason ?? "",
    };

    private static QuietHours? Filled(QuietHours? quiet) => quiet is null ? null : quiet with { TimeZone = quiet.TimeZone ?? "", Days = quiet.Days ?? [] };
}

/// <summary>A way out: a mailbox, a chat room, a receiver of events.</summary>
/// <param name="Id">1 to 64 of a-z, 0-9, '-'.</param>
/// <param name="Kind">"email", "webhook", "slack", "teams", "feishu", "dingtalk", "wecom", "syslog", "cef".</param>
/// <param name="Settings">By name, as the kind asks. "secret:NAME" stands for a value of the vault; what is secret must stand there.</param>
/// <param name="PerMinute">Messages at most; what is over waits and goes as one. 1 to 600, null for the kind's own.</param>
public sealed record Channel(string Id, string Kind, IReadOnlyDictionary<string, string> Settings, bool Enabled = true, int? PerMinute = null, QuietHours? Quiet = null);

/// <param name="Name">As the account is called.</param>
/// <param name="Channels">Ids of channels.</param>
public sealed record Contact(string Name, IReadOnlyList<string> Channels, QuietHours? Quiet = null);

/// <summary>Hours in which only orange and red are told at once; the rest waits for their end.</summary>
/// <param name="TimeZone">IANA name ("Asia/Shanghai").</param>
/// <param name="From">Local time they begin; where it is later than <paramref name="To"/> they go over midnight.</param>
/// <param name="Days">Days on which they begin; empty for all.</param>
public sealed record QuietHours(string TimeZone, TimeOnly From, TimeOnly To, IReadOnlyList<DayOfWeek> Days);

/// <summary>Who is on call: people by turns, with exceptions.</summary>
/// <param name="Start">Local day on which the first person's first turn begins.</param>
/// <param name="HandOver">Local time at which turns change.</param>
/// <param name="TurnDays">Days of a turn, 1 to 28.</param>
/// <param name="People">In the order of their turns.</param>
public sealed record OnCallSchedule(string Id, string TimeZone, DateOnly Start, TimeOnly HandOver, int TurnDays, IReadOnlyList<string> People, IReadOnlyList<OnCallOverride> Overrides);

/// <summary>Somebody stands in.</summary>
public sealed record OnCallOverride(DateTimeOffset From, DateTimeOffset To, string Person);

/// <summary>Which notices go where. Every route that fits is taken; a channel is told once.</summary>
/// <param name="Kinds">Empty for all.</param>
/// <param name="AtLeast">Level from which it fits; <see cref="WarningLevel.None"/> for all.</param>
/// <param name="Audiences">Roles or "person:NAME" whose notices fit; empty for all.</param>
/// <param name="Targets">"channel:ID", "person:NAME", "on-call:ID", or "audience": the person whom the notice concerns.</param>
/// <param name="GroupSeconds">How long further notices about the same thing are waited for, to go in one message. 0 to 3,600.</param>
public sealed record Route(
    string Id, IReadOnlyList<NoticeKind> Kinds, WarningLevel AtLeast, IReadOnlyList<string> Audiences, IReadOnlyList<string> Targets, int GroupSeconds,
    IReadOnlyList<EscalationStep> Escalation);

/// <param name="AfterMinutes">Since the notice, 1 to 10,080; only where nobody has answered it by then.</param>
public sealed record EscalationStep(int AfterMinutes, IReadOnlyList<string> Targets);
