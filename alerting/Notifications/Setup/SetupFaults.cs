using System.Text.RegularExpressions;
using Beacon.Alerting.Notifications.Channels;
using Beacon.Alerting.Secrets;
using Beacon.Alerting.Warnings;
using Beacon.Events;

namespace Beacon.Alerting.Notifications.Setup;

/// <summary>Finds every fault of a setup, each with its JSON path.</summary>
internal sealed partial class SetupFaults(NotificationSetup setup, Notifiers notifiers, IReadOnlySet<string> secrets)
{
    private const int Most = 200;

    private readonly List<Phrase> _faults = [];

    public static IReadOnlyList<Phrase> Of(NotificationSetup setup, Notifiers notifiers, IReadOnlySet<string> secrets)
    {
        var check = new SetupFaults(setup, notifiers, secrets);
        check.Run();
        return check._faults;
    }

    private void Run()
    {
        Count("channels", setup.Channels.Count, NotificationSetup.MaxChannels);
        Count("people", setup.People.Count, NotificationSetup.MaxPeople);
        Count("schedules", setup.Schedules.Count, NotificationSetup.MaxSchedules);
        Count("routes", setup.Routes.Count, NotificationSetup.MaxRoutes);
        if (_faults.Count > 0) return;
        Unique("channels", setup.Channels.Select(c => c.Id));
        Unique("people", setup.People.Select(p => p.Name));
        Unique("schedules", setup.Schedules.Select(s => s.Id));
        Unique("routes", setup.Routes.Select(r => r.Id));
        for (var i = 0; i < setup.Channels.Count; i++) Channel(setup.Channels[i], $"$.channels[{i}]");
        for (var i = 0; i < setup.People.Count; i++) Person(setup.People[i], $"$.people[{i}]");
        for (var i = 0; i < setup.Schedules.Count; i++) Schedule(setup.Schedules[i], $"$.schedules[{i}]");
        for (var i = 0; i < setup.Routes.Count; i++) Route(setup.Routes[i], $"$.routes[{i}]");
    }

    private void Channel(Channel channel, string path)
    {
        Id(channel.Id, path);
        if (channel.PerMinute is < 1 or > 600) Add(path + ".perMinute", "is 1 to 600");
        Quiet(channel.Quiet, path + ".quiet");
        if (notifiers.Find(channel.Kind) is not { } notifier)
        {
            Add(path + ".kind", $"there is no '{Text.Cut(channel.Kind, 50)}': {string.Join(", ", notifiers.Kinds)}");
            return;
        }
        foreach (var (name, value) in channel.Settings)
        {
            var at = $"{path}.settings.{Text.Cut(name, 50)}";
            if (notifier.Settings.FirstOrDefault(s => s.Name == name) is not { } setting)
            {
                Add(at, $"{channel.Kind} has no such setting: {string.Join(", ", notifier.Settings.Select(s => s.Name))}");
                continue;
            }
            if (value.Length is 0 or > 2_000) Add(at, "has 1 to 2,000 characters");
            else if (ChannelSetting.SecretOf(value) is { } secret)
            {
                if (!setting.Secret) Add(at, "is no secret: write it as it is");
                else if (!SecretNames.IsName(secret) || !secrets.Contains(secret)) Add(at, $"the vault has no secret '{Text.Cut(secret, 64)}'");
            }
            else if (setting.Secret) Add(at, "is secret: keep it in the vault and write 'secret:NAME' here");
            else if (setting.Fault(value) is { } fault) Add(at, fault);
        }
        foreach (var setting in notifier.Settings.Where(s => s.Required && !channel.Settings.ContainsKey(s.Name))) Add($"{path}.settings.{setting.Name}", $"is wanted: {setting.Meaning}");
    }

    private void Person(Contact person, string path)
    {
        if (person.Name.Length is 0 or > Actor.MaxNameLength) Add(path + ".name", "is wanted");
        if (person.Channels.Count is 0 or > 10) Add(path + ".channels", "1 to 10 channels are wanted");
        for (var i = 0; i < person.Channels.Count; i++)
            if (!setup.Channels.Any(c => c.Id == person.Channels[i])) Add($"{path}.channels[{i}]", $"there is no channel '{Text.Cut(person.Channels[i], 64)}'");
        Quiet(person.Quiet, path + ".quiet");
    }

    private void Schedule(OnCallSchedule schedule, string path)
    {
        Id(schedule.Id, path);
        Zone(schedule.TimeZone, path);
        if (schedule.TurnDays is < 1 or > 28) Add(path + ".turnDays", "is 1 to 28");
        if (schedule.People.Count is 0 or > 100) Add(path + ".people", "1 to 100 people are wanted");
        for (var i = 0; i < schedule.People.Count; i++) Known(schedule.People[i], $"{path}.people[{i}]");
        if (schedule.Overrides.Count > 500) Add(path + ".overrides", "at most 500");
        for (var i = 0; i < schedule.Overrides.Count && i < 500; i++)
        {
            Known(schedule.Overrides[i].Person, $"{path}.overrides[{i}].person");
            if (schedule.Overrides[i].To <= schedule.Overrides[i].From) Add($"{path}.overrides[{i}].to", "is not after from");
        }
    }

    private void Route(Route route, string path)
    {
        Id(route.Id, path);
        if (!Enum.IsDefined(route.AtLeast)) Add(path + ".atLeast", "there is no such level");
        for (var i = 0; i < route.Kinds.Count; i++) if (!Enum.IsDefined(route.Kinds[i])) Add($"{path}.kinds[{i}]", "there is no such kind of notice");
        if (route.Audiences.Count > 100) Add(path + ".audiences", "at most 100");
        if (route.GroupSeconds is < 0 or > 3_600) Add(path + ".groupSeconds", "is 0 to 3,600");
        if (route.Targets.Count == 0) Add(path + ".targets", "at least one target is wanted");
        Targets(route.Targets, path + ".targets");
        if (route.Escalation.Count > 10) Add(path + ".escalation", "at most 10 steps");
        for (var i = 0; i < route.Escalation.Count && i < 10; i++)
        {
            if (route.Escalation[i].AfterMinutes is < 1 or > 10_080) Add($"{path}.escalation[{i}].afterMinutes", "is 1 to 10,080");
            if (i > 0 && route.Escalation[i].AfterMinutes <= route.Escalation[i - 1].AfterMinutes) Add($"{path}.escalation[{i}].afterMinutes", "is not after the step before");
            Targets(route.Escalation[i].Targets, $"{path}.escalation[{i}].targets");
        }
    }

    private void Targets(IReadOnlyList<string> targets, string path)
    {
        if (targets.Count > 20) Add(path, "at most 20");
        for (var i = 0; i < targets.Count && i < 20; i++)
        {
            var (kind, name) = Target.Split(targets[i]);
            var known = kind switch
            {
                Target.Audience => name.Length == 0,
                Target.Channel => setup.Channels.Any(c => c.Id == name),
                Target.Person => setup.People.Any(p => p.Name == name),
                Target.OnCall => setup.Schedules.Any(s => s.Id == name),
                _ => false,
            };
            if (!known) Add($"{path}[{i}]", $"'{Text.Cut(targets[i], 100)}' is not channel:ID, person:NAME, on-call:ID of this setup, nor 'audience'");
        }
    }

    private void Quiet(QuietHours? quiet, string path)
    {
        if (quiet is null) return;
        Zone(quiet.TimeZone, path);
        if (quiet.From == quiet.To) Add(path + ".to", "is the same as from");
        if (quiet.Days.Any(d => !Enum.IsDefined(d))) Add(path + ".days", "there is no such day");
    }

    private void Zone(string zone, string path)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _)) Add(path + ".timeZone", $"'{Text.Cut(zone, 50)}' is no time zone of this machine; IANA names are wanted (\"Europe/Berlin\")");
    }

    private void Known(string person, string path)
    {
        if (!setup.People.Any(p => p.Name == person)) Add(path, $"there is no '{Text.Cut(person, 64)}' under people");
    }

    private void Id(string id, string path)
    {
        if (!IdPattern().IsMatch(id)) Add(path + ".id", "has 1 to 64 of a-z, 0-9 and '-'");
    }

    private void Unique(string list, IEnumerable<string> names)
    {
        foreach (var twice in names.GroupBy(n => n).Where(g => g.Count() > 1).Take(5)) Add("$." + list, $"'{Text.Cut(twice.Key, 64)}' stands there {twice.Count()} times");
    }

    private void Count(string list, int count, int most)
    {
        if (count > most) Add("$." + list, $"has {count}, at most {most} are kept");
    }

    private void Add(string path, Phrase message)
    {
        if (_faults.Count < Most) _faults.Add($"{path}: {message}");
    }

    [GeneratedRegex("^[a-z0-9-]{1,64}$", RegexOptions.CultureInvariant)]
    private static partial Regex IdPattern();
}
