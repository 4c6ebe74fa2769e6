using Beacon.Detections.Sigma;
using Microsoft.Extensions.Localization;

namespace Beacon.Web.Console.Pages.Rules;

/// <summary>Says the commonest faults of a rule's text in the viewer's language; the rest stand as the reader reports them.</summary>
internal static class FaultWords
{
    public static string Of(SigmaFault fault, IStringLocalizer<RulesText> T) => (fault.Code, fault.Remedy) switch
    {
        (FaultCodes.Modifier, { Kind: RemedyKind.Replace } r) => T["SayModifier", r.Word],
        (FaultCodes.Modifier, { Kind: RemedyKind.Remove } r) => T["SayNeedless", r.Word],
        (FaultCodes.Condition, { Kind: RemedyKind.Replace } r) => T["SaySelection", r.Word],
        (FaultCodes.Field, { } r) => T["SayField", r.Word],
        (_, { Kind: RemedyKind.NewId } r) => T["SayId", r.Word],
        (_, { Kind: RemedyKind.Add } r) => T["SayMissing", r.Word],
        (_, { Kind: RemedyKind.Replace } r) => T["SayUnknown", r.Word],
        _ => fault.Message,
    };
}
