using System.Text.RegularExpressions;
using Beacon.Detections.Attack;
using Beacon.Detections.Sigma.Yaml;
using Beacon.Events;

namespace Beacon.Detections.Sigma.Conventions;

/// <summary>Of software, groups, campaigns, mitigations and data sources the form alone is checked.</summary>
internal sealed partial class TagAttackConvention() : Convention("tag-attack", FaultSeverity.Warning, "Tags of ATT&CK name tactics and techniques that there are.")
{
    public override void Check(CheckedDocument document)
    {
        foreach (var tag in document.Texts("tags"))
        {
            if (AttackTags.NameOf(tag.Text) is not { Length: > 0 } name) continue;
            if (AttackTags.IsTechnique(name))
            {
                if (AttackCatalog.Find(name) is null) Report(document, tag.Mark, $"ATT&CK has no technique {name.ToUpperInvariant()}");
            }
            else if (!Others().IsMatch(name) && !AttackCatalog.Tactics.Any(t => t.ShortName == name))
            {
                var written = name.Replace('_', '-').ToLowerInvariant();
                Report(document, tag.Mark, $"ATT&CK has no tactic '{YamlReader.Shorten(name)}'", AttackCatalog.Tactics.Any(t => t.ShortName == written) ? (Phrase)$"write attack.{written}" : "");
            }
        }
    }

    [GeneratedRegex(@"\A(?:[sgcm]\d{4}|ds\d{4}|ta\d{4})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Others();
}
