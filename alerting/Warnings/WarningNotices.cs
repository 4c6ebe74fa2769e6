using Beacon.Alerting.Notifications;
using Beacon.Alerting.Storage;
using Beacon.Events;

namespace Beacon.Alerting.Warnings;

/// <summary>Has people told of what becomes of a warning: those who must acknowledge it, and those who must sign.</summary>
internal static class WarningNotices
{
    public static void Issued(AlertingTransaction unit, WarningSummary w, WarningBody body, LevelPolicy policy) =>
        Tell(unit, NoticeKind.WarningIssued, w, policy, $"{Named(w)} issued: {w.Title}", Told(w, body), "issued");

    public static void Changed(AlertingTransaction unit, WarningSummary w, WarningBody body, LevelPolicy policy, WarningLevel from) =>
        Tell(unit, NoticeKind.WarningChanged, w, policy, $"{w.Number} moved from {Words.Level(from)} to {Words.Level(w.Level)}: {w.Title}", Told(w, body), $"changed/{Stamp(unit)}");

    public static void Lifted(AlertingTransaction unit, WarningSummary w, LevelPolicy policy, string reason) =>
        Tell(unit, NoticeKind.WarningLifted, w, policy, $"{Named(w)} lifted: {w.Title}", reason, "lifted");

    /// <param name="level">The level that waits for a signature.</param>
    public static void SignatureWanted(AlertingTransaction unit, WarningSummary w, LevelPolicy policy, WarningLevel level, string by)
    {
        var role = policy.MinimumRole.Length > 0 ? policy.MinimumRole : RoleNames.Operator;
        NoticeQueue.Add(unit, new Notice(NoticeKind.SignatureWanted, role, level, $"{w.Number} waits for a signature for {Words.Level(level)}: {w.Title}",
            $"Proposed by {by}. {w.Clause}", Reference(w), $"warning:{w.Id}/signature/{level}/{Stamp(unit)}"));
    }

    public static void Unacknowledged(AlertingTransaction unit, WarningSummary w, string role, int round, string text) =>
        NoticeQueue.Add(unit, new Notice(NoticeKind.WarningUnacknowledged, role, w.Level, $"{Named(w)} is not acknowledged: {w.Title}", text, Reference(w),
            $"warning:{w.Id}/unacknowledged/{StateTime.ToMicroseconds(w.RaisedAt ?? w.CreatedAt)}/{round}/{role}"));

    private static void Tell(AlertingTransaction unit, NoticeKind kind, WarningSummary w, LevelPolicy policy, string subject, string text, string key)
    {
        foreach (var role in policy.AcknowledgedBy is { Count: > 0 } roles ? roles : [RoleNames.Operator])
            NoticeQueue.Add(unit, new Notice(kind, role, w.Level, subject, text, Reference(w), $"warning:{w.Id}/{key}/{role}"));
    }

    private static string Told(WarningSummary w, WarningBody body) => $"{body.WhatHappened}\n{w.Clause}" + (body.Advice.Count > 0 ? "\n" + string.Join("\n", body.Advice.Select(a => "- " + a.Text)) : "");
    private static string Named(WarningSummary w) => $"{w.Number}, {Words.Level(w.Level)},";
    private static string Reference(WarningSummary w) => $"warning:{w.Id}";
    private static long Stamp(AlertingTransaction unit) => StateTime.ToMicroseconds(unit.Now);
}
