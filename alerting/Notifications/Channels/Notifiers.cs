using System.Collections.Frozen;

namespace Beacon.Alerting.Notifications.Channels;

/// <summary>All kinds of channels by name.</summary>
internal sealed class Notifiers
{
    private readonly FrozenDictionary<string, INotifier> _byKind;

    /// <exception cref="ArgumentException">Two have one name.</exception>
    public Notifiers(IEnumerable<INotifier> notifiers) => _byKind = notifiers.ToDictionary(n => n.Kind).ToFrozenDictionary();

    public IEnumerable<string> Kinds => _byKind.Keys.Order(StringComparer.Ordinal);

    public INotifier? Find(string kind) => _byKind.GetValueOrDefault(kind);
}
