namespace Beacon.Detections.Attack;

/// <summary>Reads ATT&amp;CK tags as Sigma writes them ("attack.t1059.001", "attack.credential-access"; Sigma tags appendix).</summary>
public static class AttackTags
{
    private const string Namespace = "attack.";

    /// <summary>"T1059.001" for each technique named by the tags, in their order, each once.</summary>
    public static IEnumerable<string> TechniquesOf(IEnumerable<string> tags) =>
        tags.Select(NameOf).OfType<string>().Where(IsTechnique).Select(static t => t.ToUpperInvariant()).Distinct(StringComparer.Ordinal);

    /// <summary>What follows the namespace, or null where the tag is of another.</summary>
    internal static string? NameOf(string tag) => tag.StartsWith(Namespace, StringComparison.OrdinalIgnoreCase) ? tag[Namespace.Length..] : null;

    /// <summary>"t1059" or "t1059.001", in any case.</summary>
    internal static bool IsTechnique(string name) =>
        name.Length is 5 or 9 && name[0] is 't' or 'T' && !name.AsSpan(1, 4).ContainsAnyExceptInRange('0', '9')
        && (name.Length == 5 || (name[5] == '.' && !name.AsSpan(6).ContainsAnyExceptInRange('0', '9')));
}
