using System.Text;
using Beacon.Collectors.Parsers.Json;
using Beacon.Events;

namespace Beacon.Collectors.Parsers.Azure;

/// <summary>
/// Azure activity, Entra sign-in, audit and risk records, and other resource logs, as Azure Monitor writes them to an event hub or a storage
/// account, or as rows of a Log Analytics workspace. Every field stays under <c>azure.KIND.</c> with its own name.
/// </summary>
internal sealed class AzureParser : IEventParser, IStructuredParser
{
    private static readonly FieldId Provider = FieldNames.Intern("cloud.provider");

    /// <summary>Names of results, in the order in which they decide: the first that is there.</summary>
    private static readonly (AzureKind Kind, FieldId[] Results)[] Results =
        [.. new[] { AzureCategories.Activity, AzureCategories.Audit, AzureCategories.SignIn, AzureCategories.Risk, AzureCategories.Platform }
            .Select(static k => (k, ((string[])["properties.result", "resultType", "ResultType", "Result", "ActivityStatusValue", "status.value"]).Select(k.Record.Own).ToArray()))];

    public string Name => "azure";

    public int Recognise(ReadOnlySpan<byte> frame)
    {
        if (!JsonKeys.IsObject(frame) || frame.IndexOf("perationName"u8) < 0) return 0;
        var seen = 0;
        JsonKeys.HasTopLevel(frame, n =>
        {
            if (n.Is("operationName"u8)) seen |= 1;
            else if (n.Is("category"u8)) seen |= 2;
            else if (n.Is("resourceId"u8) || n.Is("tenantId"u8)) seen |= 4;
            else if (n.Is("OperationName"u8) || n.Is("OperationNameValue"u8)) seen |= 8;
            else if (n.Is("TimeGenerated"u8)) seen |= 16;
            else if (n.Is("TenantId"u8) || n.Is("Type"u8)) seen |= 32;
            return false;
        });
        return (seen & 7) == 7 || (seen & 56) == 56 ? 93 : JsonText.TryFind(frame, ["records"], out _) && JsonKeys.MayHave(frame, "\"category\""u8) ? 90 : 0;
    }

    public ParseResult Parse(ReadOnlySpan<byte> frame, in FrameInfo info, SecurityEvent into)
    {
        var record = frame;
        if (JsonText.TryFind(frame, ["records"], out var records) && !JsonText.TrySingle(records, out record, out var count))
            return ParseResult.Fail($"the frame holds {count} Azure records; send one record a line, for example with jq -c '.records[]'");
        var kind = KindOf(record);
        var result = kind.Record.Read(record, info, into);
        if (!result.Succeeded) return result;
        into.Add(Provider, "azure"u8);
        into.Add(Field.EventCategory, kind.Category);
        into.Add(Field.EventType, kind.Type);
        AddOutcome(kind, into);
        return ParseResult.Ok;
    }

    private static void AddOutcome(AzureKind kind, SecurityEvent into)
    {
        foreach (var field in Array.Find(Results, r => r.Kind == kind).Results)
        {
            if (!into.TryGet(field, out var value) || value.IsEmpty) continue;
            // A sign-in's result is an error number, 0 for none.
            if (kind == AzureCategories.SignIn) into.Add(Field.EventOutcome, value.SequenceEqual("0"u8) ? "success"u8 : "failure"u8);
            else if (Text.EqualsIgnoreCase(value, "success"u8) || Text.EqualsIgnoreCase(value, "succeeded"u8) || value.SequenceEqual("0"u8)) into.Add(Field.EventOutcome, "success"u8);
            else if (Text.EqualsIgnoreCase(value, "failure"u8) || Text.EqualsIgnoreCase(value, "failed"u8)) into.Add(Field.EventOutcome, "failure"u8);
            return;
        }
    }

    private static AzureKind KindOf(ReadOnlySpan<byte> record)
    {
        // A workspace's table says more than the category within it.
        var table = TopLevelText(record, "Type"u8);
        var kind = table is null ? AzureCategories.Platform : AzureCategories.Of(table);
        if (kind != AzureCategories.Platform) return kind;
        // The REST interface gives words as {value, localizedValue}.
        return AzureCategories.Of(TopLevelText(record, "category"u8) ?? (JsonText.TryFind(record, ["category"], out var category) ? TopLevelText(category, "value"u8) : null) ?? "");
    }

    private static string? TopLevelText(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        var reader = new System.Text.Json.Utf8JsonReader(json, new System.Text.Json.JsonReaderOptions { MaxDepth = JsonFields.MaxDepth });
        try
        {
            if (!reader.Read()) return null;
            while (reader.Read() && reader.TokenType == System.Text.Json.JsonTokenType.PropertyName)
            {
                var found = reader.ValueTextEquals(name);
                if (!reader.Read()) return null;
                if (found) return reader.TokenType == System.Text.Json.JsonTokenType.String && reader.ValueSpan.Length <= 200 ? Encoding.UTF8.GetString(reader.ValueSpan) : null;
                reader.Skip();
            }
        }
        catch (Exception fault) when (fault is System.Text.Json.JsonException or InvalidOperationException)
        {
            return null;
        }
        return null;
    }
}
