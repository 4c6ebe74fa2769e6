using Beacon.Events;

namespace Beacon.Web.Commands.Bench;

/// <summary>Synthetic events, evenly spread over a time.</summary>
internal abstract class SampleEvents(int seed, DateTimeOffset begin, TimeSpan step)
{
    protected Random Random { get; } = new(seed);

    public long Sequence { get; private set; }
    public DateTimeOffset Next => begin + (step * Sequence);

    /// <summary>Fills the events anew.</summary>
    public void Fill(IReadOnlyList<SecurityEvent> events)
    {
        foreach (var e in events)
        {
            e.Reset();
            e.Timestamp = e.Received = Next;
            e.Sequence = ++Sequence;
            e.Id = SecurityEventId.From(0xBEAC, e.Sequence);
            e.Source = "bench";
            Fill(e);
        }
    }

    protected abstract void Fill(SecurityEvent e);

    protected string Hex(int digits)
    {
        Span<char> text = stackalloc char[digits];
        for (var i = 0; i < digits; i++) text[i] = "0123456789abcdef"[Random.Next(16)];
        return new string(text);
    }
}
