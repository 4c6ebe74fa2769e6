using Beacon.Detections.Attack;
using Beacon.Events;

namespace Beacon.Detections.Sigma.Conventions;

internal sealed class TagAttackCurrentConvention() : Convention("tag-attack-old", FaultSeverity.Info, "Tags of ATT&CK name what the current version still has.")
{
    public override void Check(CheckedDocument document)
    {
        foreach (var tag in document.Texts("tags"))
        {
            if (AttackTags.NameOf(tag.Text) is not { } name) continue;
            if (AttackTags.IsTechnique(name) && AttackCatalog.Find(name) is { State: not "" } technique)
            {
                var now = AttackCatalog.Current(technique);
                Report(document, tag.Mark, $"{technique.Id} ({technique.Name}) is {technique.State} in ATT&CK", now != technique ? (Phrase)$"its place has taken {now.Id} ({now.Name})" : "");
            }
            else if (AttackCatalog.Tactics.Where(t => t.ShortName == name).ToArray() is { Length: > 0 } tactics && tactics.All(static t => t.State.Length > 0 || t.Domain == AttackDomain.Mobile))
            {
                Report(document, tag.Mark, $"the tactic {tactics[0].Name} is no longer in ATT&CK Enterprise {AttackCatalog.EnterpriseVersion}",
                    name == "defense-evasion" ? (Phrase)"its techniques are divided between attack.stealth and attack.defense-impairment" : "");
            }
        }
    }
}
