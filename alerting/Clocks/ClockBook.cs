using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Serialization;
using Beacon.Alerting.Storage;
using Beacon.Events;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Clocks;

/// <summary>The regimes in force and their earlier versions.</summary>
public interface IClockBook
{
    Task<ClockRules> CurrentAsync(CancellationToken cancellation = default);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<ClockRules>> HistoryAsync(int limit = 20, CancellationToken cancellation = default);

    /// <summary>Puts a new version in force; <see cref="ClockRules.Version"/> names the version it was made from. Clocks that run keep the version they started with.</summary>
    Task<Outcome<ClockRules>> SaveAsync(ClockRules rules, Actor actor, string reason, CancellationToken cancellation = default);
}

internal sealed class ClockBook(AlertingDatabase database, IOptions<AlertingOptions> options) : IClockBook
{
    private const string Select = "SELECT version, document, changed_by, changed_at, reason FROM alerting_clock_rules ORDER BY version DESC LIMIT @p0";

    private const int MaxFaults = 100;

    private readonly Lazy<ClockRules> _shipped = new(() => Shipped(Path.Combine(options.Value.DataDirectory, "clocks.json")));

    public Task<ClockRules> CurrentAsync(CancellationToken cancellation = default) => database.ReadAsync(c => c.Query(Select, Read, 1).FirstOrDefault() ?? _shipped.Value, cancellation);

    public ClockRules Current(DbTransaction transaction) => transaction.Query(Select, Read, 1).FirstOrDefault() ?? _shipped.Value;

    public Task<IReadOnlyList<ClockRules>> HistoryAsync(int limit = 20, CancellationToken cancellation = default) => database.ReadAsync<IReadOnlyList<ClockRules>>(c =>
    {
        var kept = c.Query(Select, Read, Math.Clamp(limit, 1, 200));
        return kept.Count < limit ? [.. kept, _shipped.Value] : kept;
    }, cancellation);

    public Task<Outcome<ClockRules>> SaveAsync(ClockRules rules, Actor actor, string reason, CancellationToken cancellation = default)
    {
        var faults = ClockRulesCheck.Faults(rules);
        if (string.IsNullOrWhiteSpace(reason)) faults.Add("a reason is wanted");
        if (faults.Count > 0) return Task.FromResult<Outcome<ClockRules>>(Refusal.Of([.. faults.Take(MaxFaults)]));
        return database.TryWriteAsync(unit =>
        {
            if (!actor.Holds(RoleNames.Administrator)) throw RefusedException.Forbidden("only an administrator changes the statutory clocks");
            var current = Current(unit.Db);
            if (current.Version != rules.Version) throw RefusedException.Conflict($"the clocks in force are version {current.Version}, the edit was made from version {rules.Version}: read them again");
            var next = rules with { Version = current.Version + 1, ChangedBy = actor.Name, ChangedAt = unit.Now, Reason = Text.Cut(reason.Trim(), 2_000) };
            unit.Db.Execute("INSERT INTO alerting_clock_rules(version, document, changed_by, changed_at, reason) VALUES (@p0,@p1,@p2,@p3,@p4)",
                next.Version, Document(next), next.ChangedBy, next.ChangedAt, next.Reason);
            unit.Record(actor, "clock.rules", $"clock-rules:{next.Version}", Switches(current), Switches(next), next.Reason);
            return next;
        }, cancellation);
    }

    private static ClockRules Shipped(string path)
    {
        using var file = File.OpenRead(path);
        var document = JsonSerializer.Deserialize(file, ClockJson.Default.ClockDocument) ?? throw new InvalidDataException($"{path} is empty");
        var rules = new ClockRules(1, document.Regimes, document.Organisations, Actor.SystemName, DateTimeOffset.UnixEpoch, "shipped default");
        var faults = ClockRulesCheck.Faults(rules);
        return faults.Count == 0 ? rules : throw new InvalidDataException($"{path}: {string.Join("; ", faults)}");
    }

    private static string Switches(ClockRules rules) => string.Join(", ", rules.Regimes.Select(r => $"{r.Id} {(r.Enabled ? "on" : "off")}"));
    private static string Document(ClockRules rules) => JsonSerializer.Serialize(new ClockDocument(rules.Regimes, rules.Organisations), ClockJson.Default.ClockDocument);

    private static ClockRules Read(DbDataReader r)
    {
        var document = JsonSerializer.Deserialize(r.GetString(1), ClockJson.Default.ClockDocument)!;
        return new ClockRules(r.GetInt32(0), document.Regimes, document.Organisations, r.GetString(2), r.Instant(3), r.GetString(4));
    }
}

/// <summary>The rules as their file and their table have them.</summary>
internal sealed record ClockDocument(IReadOnlyList<ClockRegime> Regimes, IReadOnlyList<OrganisationProfile> Organisations);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ClockDocument))]
[JsonSerializable(typeof(ClockDefinition))]
internal sealed partial class ClockJson : JsonSerializerContext;
