namespace Beacon.Detections.Correlation;

/// <summary>Finds what a reference means: an id without regard to case, else a name.</summary>
internal sealed class RuleReferences<T> where T : class
{
    private readonly Dictionary<string, T> _byId = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, T?> _byName = new(StringComparer.OrdinalIgnoreCase);

    public void Add(string id, string name, T target)
    {
        _byId.TryAdd(id, target);
        // A name that two carry means neither.
        if (name.Length > 0 && !_byName.TryAdd(name, target)) _byName[name] = null;
    }

    public T? Find(string reference, out bool isAmbiguous)
    {
        isAmbiguous = false;
        if (_byId.TryGetValue(reference, out var target)) return target;
        if (!_byName.TryGetValue(reference, out target)) return null;
        isAmbiguous = target is null;
        return target;
    }
}
