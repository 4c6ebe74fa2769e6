using System.Text.Json;
using Beacon.Events;

namespace Beacon.Alerting.Playbooks.Shapes;

/// <summary>What many objects of CACAO 2.0 have in common.</summary>
internal static class CacaoParts
{
    public static readonly Shape Line = new TextShape();
    public static readonly Shape Id = new IdentifierShape();
    public static readonly Shape Time = new TimestampShape();
    public static readonly Shape Flag = new FlagShape();
    public static readonly Shape Lines = new ListShape(Line, 1);
    public static readonly Shape Any = new ObjectShape();
    public static readonly Shape Ids = new ListShape(Id, 1, distinct: true);

    public static readonly Shape References = new ListShape(new ObjectShape().Wants("name", Line).May("description", Line).May("source", Line).May("url", Line).May("external_id", Line).May("reference_id", Line), 1);
    public static readonly Shape Extensions = new MapShape(k => k.StartsWith("extension-definition--", StringComparison.Ordinal) ? IdOr(k) : (Phrase)"is the id of an extension definition", (_, _) => Any, PlaybookFaults.Identifier, 1);

    public static readonly Shape Variables = new MapShape(
        k => VariableReference.IsName(k) ? null : (Phrase)"a variable's name begins and ends with '__' and a letter follows",
        (_, _) => new ObjectShape().Wants("type", Line).May("description", Line).May("value", new ValueShape()).May("constant", Flag).May("external", Flag), PlaybookFaults.Variable);

    public static Phrase? IdOr(string key) => IdentifierShape.Is(key) ? null : (Phrase)$"'{Text.Cut(key, 80)}' is not an identifier: a type, '--' and a UUID";

    public static string? TypeOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null;
}
