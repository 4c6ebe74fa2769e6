namespace Beacon.Alerting.Notifications.Sending;

/// <summary>Makes messages of deliveries: one for each thing they tell of, and one for all that the channel's allowance has no room for.</summary>
internal static class Bundle
{
    /// <param name="due">Gravest first.</param>
    /// <param name="allowance">Messages that the channel takes now; 0 for none.</param>
    public static IReadOnlyList<IReadOnlyList<DueDelivery>> Of(IReadOnlyList<DueDelivery> due, int allowance)
    {
        if (allowance == 0 || due.Count == 0) return [];
        // What was tried before keeps its company and its id.
        var tried = due.Where(d => d.Message is not null).GroupBy(d => d.Message!).Select(g => g.ToList()).ToList();
        var fresh = due.Where(d => d.Message is null).GroupBy(d => d.Reference).Select(g => g.ToList()).ToList();
        if (tried.Count >= allowance) return [.. tried.Take(allowance)];
        var room = allowance - tried.Count;
        if (fresh.Count <= room) return [.. tried, .. fresh];
        return [.. tried, .. fresh.Take(room - 1), fresh.Skip(room - 1).SelectMany(g => g).ToList()];
    }
}
