using System.Text.Json.Nodes;
using Beacon.Events;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Beacon.Web.Api.Document;

/// <summary>Schemas as they are on the wire: numbers are numbers, enums are texts, what may be null may be left out.</summary>
internal sealed class SchemaWriter : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        const JsonSchemaType numbers = JsonSchemaType.Integer | JsonSchemaType.Number;
        if (schema.Type is { } type && (type & numbers) != 0) (schema.Type, schema.Pattern) = (type & ~JsonSchemaType.String, null);
        if (context.JsonTypeInfo.Type == typeof(Phrase)) schema.Type = JsonSchemaType.String;
        if (schema is { Enum.Count: > 0, Type: null }) schema.Type = schema.Enum.Any(IsNull) ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String;
        foreach (var property in context.JsonTypeInfo.Properties)
            if (property.IsGetNullable || property.IsSetNullable || Nullable.GetUnderlyingType(property.PropertyType) is not null) schema.Required?.Remove(property.Name);
        return Task.CompletedTask;
    }

    private static bool IsNull(JsonNode? node) => node is null || node.IsJsonNullSentinel();
}
