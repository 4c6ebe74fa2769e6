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

    /// <summary>Changes in one item of <see cref="FollowMany"/>.</summary>
    public const int MostAtOnce = 100;

    private const int MostCharacters = 256 * 1024;

    public async Task<HubState> State(long sequence)
    {
        var batch = await changes.ReadAfterAsync(Math.Max(0, sequence), 1, Context.ConnectionAborted);
        return new HubState(Version, batch.Latest, batch.TooOld);
    }

    /// <param name="sequence">The last number that the client has; 0 for all from the very first, -1 for only what is to come.</param>
    /// <exception cref="HubException">What follows the number is no longer kept whole: "too-old".</exception>
    public async IAsyncEnumerable<ChangeMessage> Follow(long sequence, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var messages in FollowMany(sequence, cancellation))
        {
            foreach (var message in messages) yield return message;
        }
    }

    /// <summary>As <see cref="Follow"/>, with all that is there in one item: what a hundred clients can be sent while alerts come by the hundred.</summary>
    /// <param name="sequence">As of <see cref="Follow"/>.</param>
    /// <returns>One to <see cref="MostAtOnce"/> changes an item; about <see cref="MostCharacters"/> characters of payload at most where it is more than one.</returns>
    /// <exception cref="HubException">As of <see cref="Follow"/>.</exception>
    public async IAsyncEnumerable<IReadOnlyList<ChangeMessage>> FollowMany(long sequence, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, Context.ConnectionAborted);
        var latest = changes.LatestSequence;
        if (sequence < 0) sequence = latest;
        await using var batches = changes.FollowAsync(sequence, stop.Token).GetAsyncEnumerator(stop.Token);
        while (await NextAsync(batches, stop.Token))
        {
            var batch = batches.Current;
            if (batch.TooOld) throw new HubException("too-old: load afresh and follow from the latest number");
            for (var place = 0; place < batch.Changes.Count;)
            {
                var messages = new List<ChangeMessage>(Math.Min(MostAtOnce, batch.Changes.Count - place));
                for (var characters = 0; place < batch.Changes.Count && messages.Count < MostAtOnce && characters < MostCharacters; place++)
                {
                    var change = batch.Changes[place];
                    // What a client catches up on was not late: it was away.
                    if (change.Sequence > latest) metrics.Pushed(change);
                    messages.Add(new ChangeMessage(change.Sequence, change.Kind.ToString().ToLowerInvariant(), change.Id, change.Version, change.At.UtcDateTime, change.Payload));
                    characters += change.Payload.Length;
                }
                yield return messages;
            }
        }
    }

    // A client that goes away ends its stream: that is no fault, and not one for the log.
    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<ChangeBatch> batches, CancellationToken gone)
    {
        try
        {
            return await batches.MoveNextAsync();
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            return false;
        }
    }
}
