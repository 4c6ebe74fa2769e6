using System.Data.Common;

namespace Beacon.Events;

/// <summary>Takes detections, durably.</summary>
public interface IDetectionSink
{
    /// <summary>
    /// Makes alerts of the detections in one transaction of the state database, together with what <paramref name="also"/> writes
    /// (a checkpoint, a ledger row), so that a crash leaves both or neither. A detection whose id was taken before changes nothing.
    /// </summary>
    /// <param name="also">Runs inside the transaction; null for none.</param>
    Task CommitAsync(IReadOnlyList<Detection> detections, Action<DbTransaction>? also, CancellationToken cancellation);
}
