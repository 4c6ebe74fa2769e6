using System.Data.Common;
using Beacon.Events;

namespace Beacon.Alerting.Audit.Verification;

/// <summary>What came of checking one chain or one kind of kept file.</summary>
/// <param name="Name">"audit", "timeline INC-2026-0031", "evidence", …</param>
/// <param name="Checked">Entries that hold.</param>
/// <param name="Fault">What is the first that does not, or null.</param>
/// <param name="Head">Hash of the last entry that holds; "" where there is no chain.</param>
public sealed record VerifiedRecord(string Name, long Checked, Phrase? Fault, string Head)
{
    public bool Intact => Fault is null;
}

/// <summary>Checks one kind of record that must never change. Reads only; works beside a running Beacon.</summary>
internal interface IVerification
{
    /// <summary>One result a chain, in order; may be read as they come.</summary>
    IEnumerable<VerifiedRecord> Verify(DbConnection connection, CancellationToken cancellation);

    /// <summary>Heads of the chains that changed since, for the anchors; those of all chains for 0.</summary>
    /// <param name="since">A number of the change feed.</param>
    IEnumerable<ChainHead> HeadsSince(DbConnection connection, long since);

    /// <summary>The hash of one entry of a chain of this kind; null where there is none, or the chain is not of this kind.</summary>
    string? HashAt(DbConnection connection, string chain, long sequence);
}

/// <param name="Chain">As <see cref="VerifiedRecord.Name"/>.</param>
internal readonly record struct ChainHead(string Chain, long Sequence, string Hash);
