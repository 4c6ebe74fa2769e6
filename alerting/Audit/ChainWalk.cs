using System.Data.Common;
using Beacon.Alerting.Incidents;

namespace Beacon.Alerting.Audit;

/// <summary>An entry of a chain as it stands, and the hash that its values give.</summary>
internal readonly record struct ChainLink(long Sequence, string PreviousHash, string Hash, string Computed);

/// <summary>Goes along a chain from its first entry. An entry that can't be read at all is the first broken one.</summary>
internal static class ChainWalk
{
    private const int Page = 1_000;

    /// <param name="read">Entries behind a sequence number, in order, at most so many.</param>
    public static ChainVerification Verify(Func<long, int, IReadOnlyList<ChainLink>> read, CancellationToken cancellation = default)
    {
        long count = 0;
        var previous = HashChain.Origin;
        var size = Page;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            IReadOnlyList<ChainLink> page;
            try
            {
                page = read(count, size);
            }
            catch (Exception fault) when (fault is DbException or InvalidCastException or FormatException or OverflowException or ArgumentException or InvalidOperationException)
            {
                // One of them: entry by entry from here on, until it is found.
                if (size == 1) return new ChainVerification(count, count + 1, previous);
                size = 1;
                continue;
            }
            if (page.Count == 0) return new ChainVerification(count, null, previous);
            foreach (var link in page)
            {
                if (link.Sequence != count + 1 || link.PreviousHash != previous || link.Hash != link.Computed) return new ChainVerification(count, count + 1, previous);
                count++;
                previous = link.Hash;
            }
        }
    }
}
