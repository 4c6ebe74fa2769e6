namespace Beacon.Detections.Scheduled.Sequence;

/// <summary>
/// Follows one entity through the steps. Of several chains to the same step the one that began last is kept: whatever an earlier one can
/// still reach in time, it can too.
/// </summary>
internal sealed class SequenceTracker(SequenceSettings settings)
{
    // What a step has so far: each event with the chain of the steps before it.
    private readonly List<(SequenceEvent Event, SequenceChain? Before)>[] _waiting = [.. settings.Steps.Select(static _ => new List<(SequenceEvent, SequenceChain?)>())];
    private readonly SequenceChain?[] _reached = new SequenceChain?[settings.Steps.Count];

    /// <summary>Takes the next event in order of time; answers with the whole chain where it completes one.</summary>
    public SequenceChain? Add(SequenceEvent e)
    {
        var before = e.Step == 0 ? null : _reached[e.Step - 1];
        if (e.Step > 0 && (before is null || e.Time - before.Start > settings.MaxSpan || before.Last.Id == e.Id)) return null;
        var waiting = _waiting[e.Step];
        waiting.Add((e, before));
        var needed = settings.Steps[e.Step].AtLeast;
        if (waiting.Count > needed) waiting.RemoveAt(0);
        if (waiting.Count < needed) return null;
        // All of a step come after the chain that its first event found.
        var chain = new SequenceChain([.. waiting[0].Before?.Events ?? [], .. waiting.Select(static w => w.Event)]);
        if (e.Time - chain.Start > settings.MaxSpan) return null;
        if (e.Step < settings.Steps.Count - 1)
        {
            _reached[e.Step] = chain;
            return null;
        }
        Array.Clear(_reached);
        foreach (var list in _waiting) list.Clear();
        return chain;
    }
}
