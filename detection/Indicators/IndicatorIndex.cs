using System.Collections.Frozen;
using System.Net;

namespace Beacon.Detections.Indicators;

/// <summary>All indicators, to be asked by value. Immutable.</summary>
internal sealed class IndicatorIndex
{
    private readonly FrozenDictionary<string, Indicator>[] _byValue;
    private readonly FrozenDictionary<(IPAddress, int), Indicator> _networks;
    private readonly int[] _prefixes;

    /// <param name="indicators">The earliest first; of two with the same value the first counts.</param>
    public IndicatorIndex(IReadOnlyList<Indicator> indicators)
    {
        var byValue = Enum.GetValues<IndicatorKind>().Select(static _ => new Dictionary<string, Indicator>(StringComparer.Ordinal)).ToArray();
        var networks = new Dictionary<(IPAddress, int), Indicator>();
        var all = new List<Indicator>(indicators.Count);
        foreach (var indicator in indicators)
        {
            var network = default(IPNetwork);
            var isNew = indicator.Kind == IndicatorKind.Address && IPNetwork.TryParse(indicator.Value, out network) && indicator.Value.Contains('/', StringComparison.Ordinal)
                ? networks.TryAdd((network.BaseAddress, network.PrefixLength), indicator) : byValue[(int)indicator.Kind].TryAdd(indicator.Value, indicator);
            if (isNew) all.Add(indicator);
        }
        All = all;
        Kinds = all.Select(static i => i.Kind).ToHashSet();
        _byValue = [.. byValue.Select(static d => d.ToFrozenDictionary(StringComparer.Ordinal))];
        _networks = networks.ToFrozenDictionary();
        _prefixes = [.. networks.Keys.Select(static k => k.Item2).Distinct().OrderDescending()];
    }

    /// <summary>Each value once, the earliest first.</summary>
    public IReadOnlyList<Indicator> All { get; }

    /// <summary>Those of which there is any.</summary>
    public IReadOnlySet<IndicatorKind> Kinds { get; }

    /// <summary>The indicator for a value of an event, or null; of several the narrowest.</summary>
    public Indicator? Find(IndicatorKind kind, string value)
    {
        var normal = kind == IndicatorKind.Url ? value.ToLowerInvariant() : value.TrimEnd('.').ToLowerInvariant();
        if (_byValue[(int)kind].TryGetValue(normal, out var found)) return found;
        return kind switch
        {
            IndicatorKind.Domain => Above(normal),
            IndicatorKind.Address => Network(value),
            _ => null,
        };
    }

    private Indicator? Above(string domain)
    {
        for (var dot = domain.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = domain.IndexOf('.', dot + 1))
            if (_byValue[(int)IndicatorKind.Domain].TryGetValue(domain[(dot + 1)..], out var found)) return found;
        return null;
    }

    private Indicator? Network(string value)
    {
        if (!IPAddress.TryParse(value, out var address)) return null;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (_byValue[(int)IndicatorKind.Address].TryGetValue(address.ToString(), out var exact)) return exact;
        var bytes = address.GetAddressBytes();
        foreach (var prefix in _prefixes)
        {
            if (prefix <= bytes.Length * 8 && _networks.TryGetValue((Masked(bytes, prefix), prefix), out var found)) return found;
        }
        return null;
    }

    private static IPAddress Masked(byte[] bytes, int prefix)
    {
        var masked = (byte[])bytes.Clone();
        for (var i = 0; i < masked.Length; i++)
        {
            var bits = Math.Clamp(prefix - (i * 8), 0, 8);
            masked[i] &= (byte)(0xFF << (8 - bits));
        }
        return new IPAddress(masked);
    }
}
