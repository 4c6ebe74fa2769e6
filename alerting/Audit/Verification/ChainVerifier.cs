using System.Data.Common;
using Beacon.Alerting.Storage;
using Beacon.Events;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Audit.Verification;

/// <summary>Checks everything that must never change.</summary>
public interface IChainVerifier
{
    /// <summary>Every chain, kept file and anchor, in order.</summary>
    Task<IReadOnlyList<VerifiedRecord>> VerifyAsync(CancellationToken cancellation = default);
}

internal sealed class ChainVerifier(AlertingDatabase database, IEnumerable<IVerification> verifications, IOptions<AlertingOptions> options) : IChainVerifier
{
    public Task<IReadOnlyList<VerifiedRecord>> VerifyAsync(CancellationToken cancellation = default) => database.ReadAsync<IReadOnlyList<VerifiedRecord>>(c =>
    {
        // First, so that what grows meanwhile is not missed by them.
        var anchors = new Anchors(options.Value.AnchorFile).Read();
        var found = new List<VerifiedRecord>();
        foreach (var verification in verifications)
        {
            try
            {
                found.AddRange(verification.Verify(c, cancellation));
            }
            catch (DbException fault)
            {
                found.Add(new VerifiedRecord(verification.GetType().Name.Replace("Verification", "", StringComparison.Ordinal).ToLowerInvariant(), 0, $"the state database can't be read: {fault.Message}", ""));
            }
        }
        if (anchors.Lines > 0 || anchors.Fault is not null) found.Add(new VerifiedRecord("anchors", anchors.Lines, anchors.Fault ?? Missing(c, anchors.Heads), ""));
        return found;
    }, cancellation);

    /// <summary>The first chain that does not have the entry that was anchored.</summary>
    private Phrase? Missing(DbConnection connection, IReadOnlyDictionary<string, ChainHead> heads)
    {
        foreach (var head in heads.Values.OrderBy(h => h.Chain, StringComparer.Ordinal))
        {
            var hash = verifications.Select(v => v.HashAt(connection, head.Chain, head.Sequence)).FirstOrDefault(h => h is not null);
            if (hash != head.Hash) return $"{head.Chain} had an entry {head.Sequence} with another hash, or it was cut off: the chain ends before it or was written anew";
        }
        return null;
    }
}
