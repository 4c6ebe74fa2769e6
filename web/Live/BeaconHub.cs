using System.Runtime.CompilerServices;
using Beacon.Alerting.Changes;
using Beacon.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace Beacon.Web.Live;

/// <summary>
/// The hub at <c>/hub/v1</c>, in JSON or MessagePack. <c>State(sequence)</c> says where things stand;
/// <c>Follow(sequence)</c> streams every change behind that number, first those missed, then those to come, each once and in order.
/// </summary>
[Authorize(Policy = Policies.Read)]
public sealed class BeaconHub(IChangeFeed changes, PushMetrics metrics) : Hub
{
    public const int Version = 1;
    public const string Path = "/hub/v1";

    public async Task<HubState> State(long sequence)
    {
        var batch = await changes.ReadAfterAsync(Math.Max(0, sequence), 1, Context.ConnectionAborted);
        return new HubState(Version, batch.Latest, sequence > 0 && batch.TooOld);
    }

    // A client that leaves ends its stream; that is no fault.
    private static async Task<bool> NextAsync(IAsyncEnumerator<ChangeBatch> batches)
    {
        try
        {
            return await batches.MoveNextAsync();
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <param name="sequence">The last number that the client has; 0 for all that is kept, -1 for only what is to come.</param>
    /// <exception cref="HubException">The number is no longer kept: "too-old".</exception>
    public async IAsyncEnumerable<ChangeMessage> Follow(long sequence, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, Context.ConnectionAborted);
        if (sequence < 0) sequence = changes.LatestSequence;
        var asked = sequence;
        await using var batches = changes.FollowAsync(sequence, stop.Token).GetAsyncEnumerator(stop.Token);
        while (await NextAsync(batches))
        {
            var batch = batches.Current;
            if (batch.TooOld && asked > 0) throw new HubException("too-old: load afresh and follow from the latest number");
            foreach (var change in batch.Changes)
            {
                metrics.Pushed(change);
                yield return new ChangeMessage(change.Sequence, change.Kind.ToString().ToLowerInvariant(), change.Id, change.Version, change.At.UtcDateTime, change.Payload);
            }
        }
    }
}
