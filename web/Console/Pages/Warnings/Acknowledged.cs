using Beacon.Alerting.Warnings;

namespace Beacon.Web.Console.Pages.Warnings;

/// <summary>Who has acknowledged a warning as it stands, and who is waited for.</summary>
/// <param name="Seen">Since it was issued or last raised, the earliest first.</param>
/// <param name="Waiting">People, each once whatever roles they hold.</param>
/// <param name="Unheld">Roles that are waited for and that nobody holds.</param>
internal sealed record Acknowledged(IReadOnlyList<WarningAcknowledgement> Seen, IReadOnlyList<(string Name, string Role)> Waiting, IReadOnlyList<string> Unheld)
{
    public static Acknowledged Of(IReadOnlyList<AwaitedRole> awaited, IReadOnlyList<WarningAcknowledgement> given)
    {
        var open = awaited.Where(static r => !r.Done).ToList();
        return new(
            [.. given.Where(static a => a.Current).OrderBy(static a => a.At)],
            [.. open.SelectMany(static r => r.Waiting.Select(n => (Name: n, r.Role))).DistinctBy(static p => p.Name)],
            [.. open.Where(static r => r.Waiting.Count == 0).Select(static r => r.Role)]);
    }

    /// <summary>Those who have, those who have not, and the roles without a person.</summary>
    public int All => Seen.Count + Waiting.Count + Unheld.Count;
}
