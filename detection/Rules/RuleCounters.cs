using Beacon.Events;

namespace Beacon.Detections.Rules;

/// <summary>What a rule did; kept across reloads and, every now and then, written down.</summary>
internal sealed class RuleCounters(long matches, long errors, DateTimeOffset? lastMatch, string lastError)
{
    private long _matches = matches;
    private long _errors = errors;
    private long _lastMatch = lastMatch?.UtcTicks ?? 0;
    private volatile string _lastError = lastError;
    private int _changed;
    private long _evictions;
    private long _late;

    public long Matches => Interlocked.Read(ref _matches);
    public long Errors => Interlocked.Read(ref _errors);
    public string LastError => _lastError;

    public DateTimeOffset? LastMatch => Interlocked.Read(ref _lastMatch) is var ticks and > 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    public void CountMatch(DateTimeOffset time)
    {
        Interlocked.Increment(ref _matches);
        var ticks = time.UtcTicks;
        for (var seen = Interlocked.Read(ref _lastMatch); seen < ticks; seen = Interlocked.Read(ref _lastMatch))
            if (Interlocked.CompareExchange(ref _lastMatch, ticks, seen) == seen) break;
        Volatile.Write(ref _changed, 1);
    }

    public void CountError(Phrase message)
    {
        Interlocked.Increment(ref _errors);
        var text = message.ToString();
        _lastError = text.Length > 500 ? text[..500] : text;
        Volatile.Write(ref _changed, 1);
    }

    /// <summary>What a correlation had to forget because a ceiling was reached, and what came too late for it, since the start.</summary>
    public long Evictions => Interlocked.Read(ref _evictions);
    public long Late => Interlocked.Read(ref _late);

    public void CountEvictions(int entries) => Interlocked.Add(ref _evictions, entries);
    public void CountLate() => Interlocked.Increment(ref _late);

    /// <summary>True once after each change.</summary>
    public bool TakeChange() => Interlocked.Exchange(ref _changed, 0) == 1;

    public void PutChangeBack() => Volatile.Write(ref _changed, 1);
}
