namespace Beacon.Collectors.Files;

/// <summary>Counts how often a number occurs in a file; numbers in unbroken order cost no memory.</summary>
internal sealed class RecordLabels
{
    /// <summary>Numbers out of order that are remembered; past them a number that comes again is no longer told from its first.</summary>
    public const int MaxSeen = 2_000_000;

    private readonly Dictionary<long, int> _seen = [];
    private long _from = 1;
    private long _to;

    public EventLabel Next(long number)
    {
        if (_to < _from) (_from, _to) = (number, number);
        else if (number == _to + 1 && !_seen.ContainsKey(number)) _to = number;
        else
        {
            var before = _seen.TryGetValue(number, out var n) ? n : number >= _from && number <= _to ? 1 : 0;
            if (_seen.Count < MaxSeen || before > 0) _seen[number] = before + 1;
            return new EventLabel(number, before + 1);
        }
        return new EventLabel(number, 1);
    }
}
