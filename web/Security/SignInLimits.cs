using Microsoft.Extensions.Caching.Memory;

namespace Beacon.Web.Security;

/// <summary>Pauses signing in after five wrong tries for a name or twenty from an address. Kept in memory, at most 20,000 entries.</summary>
public sealed class SignInLimits(TimeProvider clock) : IDisposable
{
    /// <summary>Wrong tries for a name before the pause.</summary>
    public const int PerName = 5;
    /// <summary>Wrong tries from an address before the pause.</summary>
    public const int PerAddress = 20;
    /// <summary>How long nobody can sign in with the name or from the address, from the first wrong try on.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(15);

    private readonly MemoryCache _tries = new(new MemoryCacheOptions { SizeLimit = 20_000 });
    private readonly Lock _gate = new();

    /// <summary>When the pause ends, or null where there is none.</summary>
    public DateTimeOffset? LockedUntil(string name, string address)
    {
        lock (_gate)
        {
            foreach (var (key, most) in Keys(name, address))
                if (_tries.TryGetValue(key, out Tries? t) && t!.Count >= most && t.First + Pause > clock.GetUtcNow()) return t.First + Pause;
            return null;
        }
    }

    /// <summary>Counts a wrong try.</summary>
    /// <returns>Tries left before the pause.</returns>
    public int Failed(string name, string address)
    {
        lock (_gate)
        {
            var left = int.MaxValue;
            foreach (var (key, most) in Keys(name, address))
            {
                var now = clock.GetUtcNow();
                var tries = _tries.TryGetValue(key, out Tries? t) && t!.First + Pause > now ? t : new Tries(now, 0);
                tries = tries with { Count = tries.Count + 1 };
                _tries.Set(key, tries, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Pause });
                left = Math.Min(left, most - tries.Count);
            }
            return Math.Max(0, left);
        }
    }

    /// <summary>Forgets the wrong tries.</summary>
    public void Succeeded(string name, string address)
    {
        lock (_gate) foreach (var (key, _) in Keys(name, address)) _tries.Remove(key);
    }

    public void Dispose() => _tries.Dispose();

    private static IEnumerable<(string Key, int Most)> Keys(string name, string address) =>
        [("n:" + name.Trim().ToUpperInvariant(), PerName), ("a:" + address, PerAddress)];

    private sealed record Tries(DateTimeOffset First, int Count);
}
