using System.Collections.Concurrent;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;

namespace Beacon.Web.Api.Document;

/// <summary>Names of schemas. Two types of one name would silently share a schema: the later one is called after where it stands, too.</summary>
internal static class SchemaNames
{
    private static readonly ConcurrentDictionary<string, Type> Taken = new(StringComparer.Ordinal);

    public static string? Of(JsonTypeInfo type)
    {
        if (OpenApiOptions.CreateDefaultSchemaReferenceId(type) is not { } name) return null;
        var of = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        return Taken.GetOrAdd(name, of) == of ? name : (of.DeclaringType?.Name.Replace("Endpoints", "", StringComparison.Ordinal) ?? of.Namespace?.Split('.')[^1]) + name;
    }
}
