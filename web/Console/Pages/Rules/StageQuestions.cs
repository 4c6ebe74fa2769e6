using Beacon.Detections.Rules;
using Beacon.Detections.Rules.Stages;
using Beacon.Detections.Rules.Trials;
using Beacon.Web.Console.Shell;
using Beacon.Web.Rules;
using Microsoft.Extensions.Localization;

namespace Beacon.Web.Console.Pages.Rules;

/// <summary>What pages ask before a rule moves or is saved: a reason for the way back, and a confirmation for what was not tried.</summary>
internal static class StageQuestions
{
    /// <returns>Null where the person left without an answer.</returns>
    public static async Task<RuleAnswer?> AskedMoveAsync(this RuleDesk desk, Ask ask, IStringLocalizer<RulesText> text, RuleView rule, RuleStage to, string by)
    {
        var reason = "";
        if (StageMoves.Find(rule.Stage, to) is { AsksReason: true })
        {
            if (await ask.ShowAsync(new(text["MoveTitle", text["Stage" + to].Value], text["Move" + to]) { Text = rule.Title, ReasonRequired = true, Danger = to == RuleStage.Retired }) is not { } given) return null;
            reason = given.Reason;
        }
        var answer = await desk.MoveAsync(rule.Id, to, reason, confirmed: false, by, CancellationToken.None);
        if (answer.Untried.Count == 0) return answer;
        return await ConfirmAsync(ask, text, rule.Title, answer.Untried) is { } why ? await desk.MoveAsync(rule.Id, to, why, confirmed: true, by, CancellationToken.None) : null;
    }

    /// <param name="before">The rule as it was read; null for a new one.</param>
    /// <returns>Null where the person left without an answer.</returns>
    public static async Task<RuleAnswer?> AskedSaveAsync(this RuleDesk desk, Ask ask, IStringLocalizer<RulesText> text, RuleSave save, RuleView? before, string by)
    {
        if (before is not null && save.Stage is { } to && StageMoves.Find(before.Stage, to) is { AsksReason: true })
        {
            if (await ask.ShowAsync(new(text["MoveTitle", text["Stage" + to].Value], text["Move" + to]) { Text = before.Title, ReasonRequired = true }) is not { } given) return null;
            save = save with { Reason = given.Reason };
        }
        var answer = await desk.SaveAsync(save, by, CancellationToken.None);
        if (answer.Untried.Count == 0) return answer;
        return await ConfirmAsync(ask, text, before?.Title ?? "", answer.Untried) is { } why ? await desk.SaveAsync(save with { Reason = why, Confirmed = true }, by, CancellationToken.None) : null;
    }

    private static async Task<string?> ConfirmAsync(Ask ask, IStringLocalizer<RulesText> text, string title, IReadOnlyList<TrialKind> untried) =>
        (await ask.ShowAsync(new(text["UntriedTitle"], text["MoveLive"]) { Text = string.Join(" ", untried.Select(u => text["Untried" + u].Value).Append(title)), ReasonRequired = true, Danger = true }))?.Reason;
}
