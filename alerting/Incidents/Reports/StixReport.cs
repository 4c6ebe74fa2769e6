using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Beacon.Alerting.Warnings;
using Beacon.Events;

namespace Beacon.Alerting.Incidents.Reports;

/// <summary>The incident as a STIX 2.1 bundle (OASIS): the same incident at the same version gives the same bytes.</summary>
internal sealed class StixReport
{
    private const string TlpExtension = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";

    /// <summary>Marking definitions of TLP 2.0 as OASIS publishes them among STIX's common objects.</summary>
    private static readonly Dictionary<string, string> Markings = new()
    {
        ["TLP:CLEAR"] = "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487", ["TLP:GREEN"] = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
        ["TLP:AMBER"] = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421", ["TLP:AMBER+STRICT"] = "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
        ["TLP:RED"] = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
    };

    private readonly ReportFacts _facts;
    private readonly string _created, _modified, _identity, _number;
    private readonly JsonArray _objects = [];
    private readonly List<string> _told = [];

    private StixReport(ReportFacts facts)
    {
        var i = facts.Incident.Summary;
        (_facts, _number, _created, _modified) = (facts, i.Number, Time(i.OpenedAt), Time(i.UpdatedAt));
        _identity = StixIds.Of("identity", Issuer);
    }

    private string Issuer => _facts.Body?.Authority is { Length: > 0 } authority ? authority : Actor.SystemName;

    public static string Write(ReportFacts facts) => new StixReport(facts).Bundle();

    private string Bundle()
    {
        Marking();
        var identity = Head("identity", _identity, Time(DateTimeOffset.UnixEpoch), Time(DateTimeOffset.UnixEpoch));
        // The same issuer in every bundle is the same object, whatever the bundle's circle.
        identity.Remove("created_by_ref");
        identity.Remove("object_marking_refs");
        identity["name"] = Issuer;
        identity["identity_class"] = "organization";
        _told.Remove(_identity);

        var incident = Head("incident", Id("incident", ""));
        incident["name"] = Cut(_facts.Incident.Summary.Title);
        if (_facts.Body is { WhatHappened.Length: > 0 } body) incident["description"] = Cut(body.WhatHappened);
        incident["external_references"] = new JsonArray(new JsonObject { ["source_name"] = "beacon", ["external_id"] = _number });

        foreach (var entity in _facts.Incident.Entities) Entity(entity);
        var patterns = _facts.Incident.Techniques.ToDictionary(t => t, AttackPattern);
        foreach (var (advice, n) in _facts.Advice.Select((a, n) => (a, n))) Measure(advice, n, patterns);
        foreach (var note in _facts.Entries.Where(e => e.Kind is TimelineKind.Note or TimelineKind.Comment).TakeLast(200)) Note(note, (string)incident["id"]!);

        var report = Head("report", Id("report", ""));
        report["name"] = Cut($"{_number}: {_facts.Incident.Summary.Title}");
        report["published"] = _modified;
        report["report_types"] = new JsonArray("threat-report");
        report["object_refs"] = new JsonArray([.. _told.Where(o => o != (string)report["id"]!).Select(o => (JsonNode)o)]);
        return new JsonObject { ["type"] = "bundle", ["id"] = Id("bundle", _modified), ["objects"] = _objects }.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    private void Marking() => _objects.Add(new JsonObject
    {
        ["type"] = "marking-definition", ["spec_version"] = "2.1", ["id"] = Markings[_facts.Tlp], ["created"] = "2022-10-01T00:00:00.000Z", ["name"] = _facts.Tlp,
        ["extensions"] = new JsonObject { [TlpExtension] = new JsonObject { ["extension_type"] = "property-extension", ["tlp_2_0"] = _facts.Tlp[4..].ToLowerInvariant() } },
    });

    private void Entity(IncidentEntity entity)
    {
        if (Observable(entity.Entity) is not { } observable) return;
        var observed = Head("observed-data", Id("observed-data", observable.Id));
        (observed["first_observed"], observed["last_observed"]) = (Time(entity.FirstSeen), Time(entity.LastSeen < entity.FirstSeen ? entity.FirstSeen : entity.LastSeen));
        observed["number_observed"] = Math.Clamp(entity.Alerts, 1, 999_999_999);
        observed["object_refs"] = new JsonArray(observable.Id);
        // What is no asset of ours and can be reached from elsewhere is what others may look for.
        if (entity.AssetId is not null || observable.Pattern is not { } pattern || !IsPublic(entity.Entity.Value)) return;
        var indicator = Head("indicator", Id("indicator", observable.Id));
        indicator["name"] = Cut(entity.Entity.Value);
        (indicator["pattern"], indicator["pattern_type"], indicator["valid_from"]) = (pattern, "stix", Time(entity.FirstSeen));
        indicator["indicator_types"] = new JsonArray("malicious-activity");
        var sighting = Head("sighting", Id("sighting", observable.Id));
        (sighting["sighting_of_ref"], sighting["observed_data_refs"]) = ((string)indicator["id"]!, new JsonArray((string)observed["id"]!));
        (sighting["first_seen"], sighting["last_seen"], sighting["count"]) = ((string)observed["first_observed"]!, (string)observed["last_observed"]!, Math.Clamp(entity.Alerts, 1, 999_999_999));
    }

    /// <summary>The cyber-observable object, or null where STIX has none for it.</summary>
    private (string Id, string? Pattern)? Observable(Entity entity)
    {
        var address = IPAddress.TryParse(entity.Value, out var parsed) ? parsed : null;
        var (type, property) = (entity.Kind, address) switch
        {
            (_, { AddressFamily: AddressFamily.InterNetwork }) => ("ipv4-addr", "value"),
            (_, not null) => ("ipv6-addr", "value"),
            (EntityKind.Host, _) when IsDomainName(entity.Value) => ("domain-name", "value"),
            (EntityKind.User, _) => ("user-account", "account_login"),
            _ => ("", ""),
        };
        if (type.Length == 0) return null;
        var value = Cut(address?.ToString() ?? entity.Value);
        var id = StixIds.Observable(type, property, value);
        if (!_told.Contains(id))
        {
            _objects.Add(new JsonObject { ["type"] = type, ["spec_version"] = "2.1", ["id"] = id, [property] = value, ["object_marking_refs"] = new JsonArray(Markings[_facts.Tlp]) });
            _told.Add(id);
        }
        return (id, address is null ? null : $"[{type}:value = '{value}']");
    }

    private string AttackPattern(string technique)
    {
        var pattern = Head("attack-pattern", Id("attack-pattern", technique));
        pattern["name"] = technique;
        pattern["external_references"] = new JsonArray(new JsonObject { ["source_name"] = "mitre-attack", ["external_id"] = technique });
        return (string)pattern["id"]!;
    }

    private void Measure(WarningAdvice advice, int n, Dictionary<string, string> patterns)
    {
        var key = n.ToString(CultureInfo.InvariantCulture);
        var measure = Head("course-of-action", Id("course-of-action", key));
        measure["name"] = Cut($"Against {advice.Technique}");
        measure["description"] = Cut(advice.Text);
        var against = patterns.Where(p => p.Key == advice.Technique || Attack.ParentOf(p.Key) == advice.Technique).Select(p => p.Value).FirstOrDefault();
        if (against is null) return;
        var relation = Head("relationship", Id("relationship", key));
        (relation["relationship_type"], relation["source_ref"], relation["target_ref"]) = ("mitigates", (string)measure["id"]!, against);
    }

    private void Note(TimelineEntry entry, string incident)
    {
        var note = Head("note", Id("note", entry.Hash), Time(entry.RecordedAt), Time(entry.RecordedAt));
        note["content"] = Cut(entry.Text);
        note["authors"] = new JsonArray(entry.Actor);
        note["object_refs"] = new JsonArray(incident);
    }

    private JsonObject Head(string type, string id, string? created = null, string? modified = null)
    {
        var head = new JsonObject
        {
            ["type"] = type, ["spec_version"] = "2.1", ["id"] = id, ["created_by_ref"] = _identity, ["created"] = created ?? _created, ["modified"] = modified ?? _modified,
            ["object_marking_refs"] = new JsonArray(Markings[_facts.Tlp]),
        };
        _objects.Add(head);
        _told.Add(id);
        return head;
    }

    /// <summary>Numbers are counted by each installation alike; number and time of opening together are the incident's own.</summary>
    private string Id(string type, string key) => StixIds.Of(type, $"{_number}\n{_facts.Incident.Summary.OpenedAt.UtcTicks}\n{key}");

    /// <summary>Labels of letters, digits and hyphens (RFC 1034, section 3.5), and the underscore that names of machines have.</summary>
    private static bool IsDomainName(string value) => value.Length is > 0 and <= 253 && value.Split('.').All(l => l.Length is > 0 and <= 63 && l[0] != '-' && l[^1] != '-' && l.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));

    private static bool IsPublic(string value) => IPAddress.TryParse(value, out var address) && !IPAddress.IsLoopback(address) && (address.GetAddressBytes() is not [var a, var b, _, _] || !(a is 0 or 10 or 127 or >= 224 || (a == 192 && b == 168) || (a == 172 && b is >= 16 and < 32) || (a == 169 && b == 254)))
        && address is { IsIPv6LinkLocal: false, IsIPv6UniqueLocal: false, IsIPv6Multicast: false };

    private static string Cut(string text) => SafeText.Of(Text.Cut(text, 4_000));
    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
