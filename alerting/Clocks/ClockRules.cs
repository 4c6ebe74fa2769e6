using Beacon.Alerting.Warnings;

namespace Beacon.Alerting.Clocks;

/// <summary>What a report's time is counted from.</summary>
public enum ClockBasis
{
    /// <summary>The incident became known.</summary>
    Awareness,
    /// <summary>Another report of the regime was sent.</summary>
    Report,
    /// <summary>The incident was closed.</summary>
    Closure,
    /// <summary>Something that only a person knows (a remedy is available): somebody says when.</summary>
    Person,
}

/// <summary>Which laws want which reports in which time, as data. Version 1 is shipped in data/clocks.json with every regime off.</summary>
/// <param name="Version">Grows by one at each edit.</param>
public sealed record ClockRules(
    int Version, IReadOnlyList<ClockRegime> Regimes, IReadOnlyList<OrganisationProfile> Organisations, string ChangedBy, DateTimeOffset ChangedAt, string Reason)
{
    /// <summary>Kinds of the organisations; one that has no profile is of the kinds of "*".</summary>
    public IReadOnlySet<string> KindsOf(IReadOnlyCollection<string> organisations)
    {
        var names = organisations.Count == 0 ? [OrganisationProfile.AnyOther] : organisations;
        return names.SelectMany(n => (Organisations.FirstOrDefault(o => string.Equals(o.Name, n, StringComparison.OrdinalIgnoreCase))
            ?? Organisations.FirstOrDefault(o => o.Name == OrganisationProfile.AnyOther))?.Kinds ?? []).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }
}

/// <summary>What an organisation is in the eyes of the law.</summary>
/// <param name="Name">As assets name it, or <see cref="AnyOther"/>.</param>
/// <param name="Kinds">"critical-infrastructure-operator", "essential-entity", …: words that regimes ask for.</param>
public sealed record OrganisationProfile(string Name, IReadOnlyList<string> Kinds)
{
    public const string AnyOther = "*";
}

/// <summary>One law's duty to report.</summary>
/// <param name="Source">The law, with its article.</param>
/// <param name="Checked">The day on which somebody compared this with the source.</param>
/// <param name="InForce">First day on which it applies; null where it always does.</param>
/// <param name="Kinds">It applies where an organisation concerned is of one of these.</param>
/// <param name="Sectors">And is of one of these sectors; none for all.</param>
/// <param name="MinimumDamage">From this grade of possible damage on.</param>
/// <param name="AwareAtLevel">An issued warning of this level or a graver one makes the incident known, even where no person has touched it; None: only a person does.</param>
/// <param name="Techniques">Only where one of these ATT&amp;CK techniques was seen; none for all.</param>
/// <param name="Audience">Role that is told before a report is due.</param>
public sealed record ClockRegime(
    string Id, string Name, string Source, DateOnly Checked, DateOnly? InForce, bool Enabled, IReadOnlyList<string> Kinds, IReadOnlyList<string>? Sectors,
    DamageGrade MinimumDamage, WarningLevel AwareAtLevel, IReadOnlyList<string>? Techniques, string Audience, IReadOnlyList<ClockReport> Reports);

/// <param name="After">Time from the basis, added to <paramref name="Months"/>.</param>
/// <param name="Months">Calendar months from the basis.</param>
/// <param name="AfterReport">Id of the report whose sending starts this one, where the basis is <see cref="ClockBasis.Report"/>.</param>
/// <param name="To">Who receives it.</param>
public sealed record ClockReport(
    string Id, string Name, TimeSpan After, int Months, ClockBasis Basis, string? AfterReport, IReadOnlyList<string> To, IReadOnlyList<ReportField> Fields)
{
    public DateTimeOffset DueFrom(DateTimeOffset start) => start.AddMonths(Months) + After;
}

/// <summary>One heading of a report.</summary>
/// <param name="From">What Beacon fills in, as <see cref="ReportText.Sources"/> lists it; null where only a person knows.</param>
public sealed record ReportField(string Label, string? From);
