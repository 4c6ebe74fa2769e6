namespace Beacon.Alerting;

/// <summary>Who there is: names as <see cref="Actor.Name"/> has them. The user directory answers; without one there is nobody.</summary>
public interface IPeople
{
    /// <summary>Names of the people who were given this very role, in order; at most 200.</summary>
    Task<IReadOnlyList<string>> HoldingAsync(string role, CancellationToken cancellation = default);
}

/// <summary>Where no user directory is registered.</summary>
internal sealed class NoPeople : IPeople
{
    public Task<IReadOnlyList<string>> HoldingAsync(string role, CancellationToken cancellation = default) => Task.FromResult<IReadOnlyList<string>>([]);
}
