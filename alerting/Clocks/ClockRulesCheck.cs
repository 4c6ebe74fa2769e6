using Beacon.Alerting.Warnings;
using Beacon.Events;

namespace Beacon.Alerting.Clocks;

/// <summary>Says everything that is wrong with an edit, so that it can be mended at once.</summary>
internal static class ClockRulesCheck
{
    public const int MaxRegimes = 50;
    private const int MaxReports = 10;
    private const int MaxFields = 40;
    private const int MaxOrganisations = 1_000;
    private const int MaxText = 500;
    private static readonly TimeSpan Longest = TimeSpan.FromDays(400);

    public static List<Phrase> Faults(ClockRules rules)
    {
        var faults = new List<Phrase>();
        if (rules.Regimes.Count > MaxRegimes) return [$"there are more than {MaxRegimes} regimes"];
        if (rules.Organisations.Count > MaxOrganisations) return [$"there are more than {MaxOrganisations} organisations"];
        foreach (var twice in rules.Regimes.GroupBy(r => r.Id).Where(g => g.Count() > 1)) faults.Add($"regime '{Short(twice.Key)}' stands twice");
        foreach (var twice in rules.Organisations.GroupBy(o => o.Name, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1)) faults.Add($"organisation '{Short(twice.Key)}' stands twice");
        foreach (var o in rules.Organisations)
            if (Bad(o.Name) || o.Kinds.Count > 20 || o.Kinds.Any(Bad)) faults.Add($"organisation '{Short(o.Name)}': a name and at most 20 kinds of 1 to {MaxText} characters are wanted");
        foreach (var regime in rules.Regimes) Check(regime, faults);
        return faults;
    }

    private static void Check(ClockRegime regime, List<Phrase> faults)
    {
        Phrase at = $"regime '{Short(regime.Id)}': ";
        if (Bad(regime.Id) || Bad(regime.Name) || Bad(regime.Source)) Add($"id, name and source have 1 to {MaxText} characters");
        if (regime.Kinds.Count is 0 or > 20 || regime.Kinds.Any(Bad)) Add("it names 1 to 20 kinds of organisation");
        if ((regime.Sectors ?? []).Count > 50 || (regime.Techniques ?? []).Count > 100) Add("it names at most 50 sectors and 100 techniques");
        foreach (var technique in (regime.Techniques ?? []).Where(t => !Attack.IsTechnique(t))) Add($"'{Short(technique)}' is no ATT&CK technique");
        if (!RoleNames.Ranked.Contains(regime.Audience)) Add($"there is no role '{Short(regime.Audience)}'");
        if (!Enum.IsDefined(regime.MinimumDamage) || !Enum.IsDefined(regime.AwareAtLevel)) Add("there is no such damage grade or level");
        if (regime.Reports.Count is 0 or > MaxReports) Add($"it has 1 to {MaxReports} reports");
        if (regime.Reports.Select(r => r.Id).Distinct().Count() != regime.Reports.Count) Add("two reports have the same id");
        for (var i = 0; i < regime.Reports.Count; i++) Check(regime, i, at, faults);

        void Add(Phrase fault) => faults.Add($"{at}{fault}");
    }

    private static void Check(ClockRegime regime, int index, Phrase within, List<Phrase> faults)
    {
        var report = regime.Reports[index];
        Phrase at = $"report '{Short(report.Id)}': ";
        if (Bad(report.Id) || Bad(report.Name)) Add($"id and name have 1 to {MaxText} characters");
        if (report.After < TimeSpan.Zero || report.Months is < 0 or > 13 || report.After > Longest || (report.After == TimeSpan.Zero && report.Months == 0)) Add("it is due after more than nothing and at most 400 days, or 13 months");
        if (!Enum.IsDefined(report.Basis)) Add("there is no such basis");
        // Only an earlier one: a circle would wait for ever.
        if (report.Basis == ClockBasis.Report && regime.Reports.Take(index).All(r => r.Id != report.AfterReport)) Add("afterReport names an earlier report of the regime");
        if (report.To.Count is 0 or > 10 || report.To.Any(Bad)) Add("it goes to 1 to 10 receivers");
        if (report.Fields.Count is 0 or > MaxFields || report.Fields.Any(f => Bad(f.Label))) Add($"it has 1 to {MaxFields} fields");
        foreach (var field in report.Fields.Where(f => f.From is not null && !ReportText.Sources.Contains(f.From)))
            Add($"nothing fills in '{Short(field.From!)}'; known are {string.Join(", ", ReportText.Sources)}");

        void Add(Phrase fault) => faults.Add($"{within}{at}{fault}");
    }

    private static bool Bad(string? text) => string.IsNullOrWhiteSpace(text) || text.Length > MaxText;
    private static string Short(string? text) => Text.Cut(text ?? "", 60);
}
