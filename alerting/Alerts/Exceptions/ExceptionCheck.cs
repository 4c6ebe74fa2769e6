using System.Net;
using Beacon.Alerting.Storage;
using Beacon.Events;

namespace Beacon.Alerting.Alerts.Exceptions;

/// <summary>Refuses what would hide everything, never end, or cost too much to compare.</summary>
internal static class ExceptionCheck
{
    public const int MaxConditions = 20;
    public const int MaxValues = 50;
    public const int MaxValueLength = 512;
    private static readonly TimeSpan LongestException = TimeSpan.FromDays(366);
    private static readonly TimeSpan LongestSuppression = TimeSpan.FromDays(31);

    /// <exception cref="RefusedException">With every fault.</exception>
    public static void Must(ExceptionDraft draft, DateTimeOffset now)
    {
        var faults = new List<Phrase>();
        var start = draft.StartsAt ?? now;
        var longest = draft.Kind == ExceptionKind.Suppression ? LongestSuppression : LongestException;
        if (!Enum.IsDefined(draft.Kind)) faults.Add("kind is Exception or Suppression");
        if (string.IsNullOrWhiteSpace(draft.Reason) || draft.Reason.Length > IAlertService.MaxReasonLength) faults.Add($"a reason of 1 to {IAlertService.MaxReasonLength} characters is wanted");
        if (string.IsNullOrWhiteSpace(draft.Owner) || draft.Owner.Length > Actor.MaxNameLength) faults.Add($"an owner of 1 to {Actor.MaxNameLength} characters is wanted");
        if (draft.ExpiresAt <= now || draft.ExpiresAt <= start) faults.Add("it expires in the future, after its start");
        else if (draft.ExpiresAt - now > longest) faults.Add($"it expires within {longest.Days} days");
        if (draft.RuleId is { Length: 0 or > 300 }) faults.Add("a rule's id has 1 to 300 characters");
        if (draft.Kind == ExceptionKind.Exception && (draft.RuleId is null || draft.Conditions.Count == 0)) faults.Add("an exception names a rule and at least one condition; to silence a whole rule, switch it off or suppress it for a time");
        if (draft.Kind == ExceptionKind.Suppression && draft.Conditions.Any(c => c.Field != "entity")) faults.Add("a suppression has conditions on the entity only");
        if (draft.Kind == ExceptionKind.Suppression && draft.RuleId is null && draft.Conditions.Count == 0) faults.Add("a suppression names a rule, an entity, or both");
        if (draft.Conditions.Count > MaxConditions) faults.Add($"there are at most {MaxConditions} conditions");
        foreach (var condition in draft.Conditions.Take(MaxConditions)) Check(condition, faults);
        if (faults.Count > 0) throw new RefusedException(Refusal.Of(faults));
    }

    private static void Check(ExceptionCondition condition, List<Phrase> faults)
    {
        Phrase name = $"condition on '{Text.Cut(condition.Field ?? "", 60)}': ";
        if (string.IsNullOrWhiteSpace(condition.Field) || condition.Field.Length > FieldNames.MaxNameLength) Add($"a field has 1 to {FieldNames.MaxNameLength} characters");
        if (!Enum.IsDefined(condition.Operator)) Add("operators are Equal, Contains, Wildcard, Cidr");
        if (condition.Values is not { Count: > 0 and <= MaxValues }) Add($"it has 1 to {MaxValues} values");
        foreach (var value in (condition.Values ?? []).Take(MaxValues))
        {
            if (string.IsNullOrEmpty(value) || value.Length > MaxValueLength) Add($"a value has 1 to {MaxValueLength} characters");
            else if (condition.Operator == ConditionOperator.Cidr && (!IPNetwork.TryParse(value, out var network) || network.PrefixLength == 0)) Add($"'{Text.Cut(value, 60)}' is no network, or is all of them");
            else if (condition.Operator == ConditionOperator.Wildcard && value.All(c => c is '*' or '?')) Add($"'{Text.Cut(value, 60)}' fits everything");
            else if (condition.Operator == ConditionOperator.Contains && value.Trim().Length < 2) Add("a part has at least two characters");
        }

        void Add(Phrase fault) => faults.Add($"{name}{fault}");
    }
}
