using System.Data.Common;
using Beacon.Alerting.Incidents;

namespace Beacon.Alerting.Audit;

/// <summary>What is to be recorded.</summary>
/// <param name="Action">"alert.acknowledge", "user.sign-in", …</param>
/// <param name="Object">"alert:17", "user:ann", or "".</param>
/// <param name="Before">State before as JSON or text, or "". Never a secret.</param>
public sealed record AuditRecord(string Actor, string Action, string Object, string Before = "", string After = "", string Reason = "");

/// <summary>A recorded act; entries form one hash chain.</summary>
/// <param name="Sequence">From 1 without gaps.</param>
public sealed record AuditEntry(
    long Sequence, DateTimeOffset At, string Actor, string Action, string Object, string Before, string After, string Reason,
    string PreviousHash, string Hash);

public sealed record AuditQuery
{
    public string? Actor { get; init; }
    /// <summary>Action or its start ("alert.").</summary>
    public string? Action { get; init; }
    public string? Object { get; init; }
    public DateTimeOffset? From { get; init; }
    public DateTimeOffset? To { get; init; }
    /// <summary>Only entries before this sequence number; null for the newest.</summary>
    public long? Before { get; init; }
    /// <summary>1 to 1,000.</summary>
    public int Limit { get; init; } = 100;
}

/// <summary>Who did what, when and why: append-only and hash-chained (SHA-256), so that a change after the fact shows.</summary>
public interface IAuditTrail
{
    /// <summary>Longest Before, After and Reason, UTF-16 units; longer ones are cut with "…".</summary>
    const int MaxTextLength = 8_000;

    Task<AuditEntry> AppendAsync(AuditRecord record, CancellationToken cancellation = default);

    /// <summary>Appends within a transaction of the caller's, so that act and record stand or fall together.</summary>
    AuditEntry Append(DbTransaction transaction, AuditRecord record);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<AuditEntry>> QueryAsync(AuditQuery query, CancellationToken cancellation = default);

    /// <summary>Recomputes every hash from the first entry on.</summary>
    Task<ChainVerification> VerifyAsync(CancellationToken cancellation = default);
}
