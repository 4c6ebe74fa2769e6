using System.Globalization;
using System.Text.Json.Nodes;
using Beacon.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Beacon.Web.Api.Document;

/// <summary>Completes an operation: who may, what its parameters are, its examples, how it refuses.</summary>
internal sealed class OperationWriter : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var document = context.Document!;
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var path = "/" + context.Description.RelativePath;
        var method = context.Description.HttpMethod ?? "GET";
        operation.OperationId = Id(method, path);
        operation.Tags = new HashSet<OpenApiTagReference> { new(ApiDocument.Tag(document, path), document) };
        var (who, schemes) = Who([.. metadata.OfType<IAuthorizeData>().Select(a => a.Policy)]);
        operation.Description = operation.Description is { Length: > 0 } own ? $"{own} {who}" : who;
        operation.Security = [.. schemes.Select(s => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(s, document)] = [] })];
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? []) Describe(parameter, metadata);
        if (metadata.OfType<RawBody>().FirstOrDefault() is { } raw) operation.RequestBody = raw.Describe();
        foreach (var example in metadata.OfType<Example>()) Put(operation, example);
        Refuse(operation, document, method, path, metadata);
        return Task.CompletedTask;
    }

    private static void Describe(OpenApiParameter parameter, IList<object> metadata)
    {
        var words = metadata.OfType<ParameterWords>().LastOrDefault(w => w.Name == parameter.Name);
        parameter.Description ??= words?.Text ?? ParameterNames.Of(parameter.Name ?? "");
        if (words?.Most is not { } most || parameter.Schema is not OpenApiSchema schema) return;
        (schema.Minimum, schema.Maximum) = ("1", most.ToString(CultureInfo.InvariantCulture));
    }

    private static void Put(OpenApiOperation operation, Example example)
    {
        var content = example.Status is { } status
            ? operation.Responses?.GetValueOrDefault(status.ToString(CultureInfo.InvariantCulture))?.Content
            : operation.RequestBody?.Content;
        if (content is not null && content.TryGetValue(example.MediaType, out var media)) media.Example = example.MediaType is "application/json" or "multipart/form-data" ? JsonNode.Parse(example.Text) : JsonValue.Create(example.Text);
    }

    private static void Refuse(OpenApiOperation operation, OpenApiDocument document, string method, string path, IList<object> metadata)
    {
        var statuses = new SortedSet<int>(metadata.OfType<Refusals>().SelectMany(r => r.Statuses)) { 401, 403 };
        if (operation.Parameters is { Count: > 0 } || operation.RequestBody is not null) statuses.Add(400);
        if (path.Contains('{', StringComparison.Ordinal)) statuses.Add(404);
        if (operation.RequestBody is not null) statuses.Add(413);
        if (operation.RequestBody is not null && !metadata.OfType<RawBody>().Any()) statuses.Add(415);
        if (method is not "GET" && NamesVersion(operation)) statuses.Add(409);
        operation.Responses ??= [];
        foreach (var status in statuses) operation.Responses[status.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponseReference(Problems.Name(status), document);
    }

    private static bool NamesVersion(OpenApiOperation operation) =>
        operation.Parameters?.Any(p => p.Name == "version") == true || operation.RequestBody?.Content?.Values.Any(m => m.Schema?.Properties?.ContainsKey("version") == true) == true;

    private static (string Words, string[] Schemes) Who(IReadOnlyList<string?> policies) =>
        policies.Contains(Policies.Administer) ? ("For an administrator who is signed in.", [ApiDocument.Session])
        : policies.Contains(Policies.Own) ? ("For an owner or administrator who is signed in.", [ApiDocument.Session])
        : policies.Contains(Policies.Try) ? ("For a key of scope operate, or an operator, responder, owner, supervisor or administrator who is signed in.", [ApiDocument.Key, ApiDocument.Session])
        : policies.Contains(Policies.Operate) ? ("For a key of scope operate, or an operator, responder, supervisor or administrator who is signed in.", [ApiDocument.Key, ApiDocument.Session])
        : ("For a key of scope read or operate, or anybody who is signed in.", [ApiDocument.Key, ApiDocument.Session]);

    // "GET /api/v1/incidents/{id}/tasks" is getIncidentsByIdTasks.
    private static string Id(string method, string path) => method.ToLowerInvariant() + string.Concat(path.Replace("/api/v1", "", StringComparison.Ordinal)
        .Split(['/', '-', '.', '_'], StringSplitOptions.RemoveEmptyEntries).Select(p => p[0] == '{' ? "By" + Upper(p.Trim('{', '}')) : Upper(p)));

    private static string Upper(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
