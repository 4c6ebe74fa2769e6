using System.Globalization;
using Beacon.Web.Security;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Beacon.Web.Api.Document;

/// <summary>The OpenAPI 3.1 document of the API: at /openapi, and under its older name /openapi/v1.json.</summary>
internal static class ApiDocument
{
    public const string Key = "key", Session = "session";

    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi(options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.CreateSchemaReferenceId = SchemaNames.Of;
        options.AddSchemaTransformer<SchemaWriter>();
        options.AddOperationTransformer<OperationWriter>();
        options.AddDocumentTransformer((document, _, _) =>
        {
            Finish(document);
            return Task.CompletedTask;
        });
    });

    public static void MapApiDocument(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi("/openapi/{documentName=v1}").RequireAuthorization(Policies.Read);
        routes.MapOpenApi("/openapi/{documentName}.json").RequireAuthorization(Policies.Read);
    }

    /// <summary>The group of an operation: what stands first in its path.</summary>
    public static string Tag(OpenApiDocument document, string path)
    {
        var name = path.Split('/', StringSplitOptions.RemoveEmptyEntries) is ["api", "v1", var first, ..] ? first : "";
        document.Tags ??= new HashSet<OpenApiTag>();
        document.Tags.Add(new OpenApiTag { Name = name });
        return name;
    }

    private static void Finish(OpenApiDocument document)
    {
        document.Info.Title = "Beacon";
        document.Info.Version = "1";
        document.Info.Description = "Alerts, warnings, incidents, playbooks, events, rules, sources and assets. Names are camelCase, enums are names, times are ISO 8601 in UTC. A change names the version that it was made from. Events are sent to /ingest, which speaks as log shippers expect.";
        document.Info.License = new OpenApiLicense { Name = "Apache License 2.0", Identifier = "Apache-2.0" };
        document.AddComponent<IOpenApiSecurityScheme>(Key, new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "Authorization", Description = "`ApiKey …`, as `./run key add NAME --scope read` prints it." });
        document.AddComponent<IOpenApiSecurityScheme>(Session, new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Cookie, Name = "beacon", Description = "The cookie of a person who is signed in." });
        Problems.Add(document);

        var used = document.Paths.Values.SelectMany(p => p.Operations?.Values.AsEnumerable() ?? []).SelectMany(o => o.Tags ?? new HashSet<OpenApiTagReference>()).Select(t => t.Reference.Id).ToHashSet();
        document.Tags = new SortedSet<OpenApiTag>((document.Tags ?? new HashSet<OpenApiTag>()).Where(t => used.Contains(t.Name)), Comparer<OpenApiTag>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name)));
        foreach (var operation in document.Paths.Values.SelectMany(p => p.Operations?.Values.AsEnumerable() ?? []))
        {
            foreach (var (type, media) in operation.RequestBody?.Content ?? new Dictionary<string, OpenApiMediaType>()) media.Example ??= ExampleMaker.Of(type, media.Schema);
            foreach (var (status, answer) in operation.Responses ?? [])
                if (int.Parse(status, CultureInfo.InvariantCulture) < 300)
                    foreach (var (type, media) in answer.Content ?? new Dictionary<string, OpenApiMediaType>()) media.Example ??= ExampleMaker.Of(type, media.Schema);
        }
    }
}
