using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Beacon.Web.Api.Document;

/// <summary>The refusals, as problem details (RFC 9457), shared by all operations.</summary>
internal static class Problems
{
    private const string Schema = "ProblemDetails";

    private static readonly Dictionary<int, (string Name, string Title, string Words, string Detail)> All = new()
    {
        [400] = ("BadRequest", "Bad Request", "What was asked makes no sense; the reason stands in detail.", "limit is 1 to 500, offset 0 or more"),
        [401] = ("Unauthorized", "Unauthorized", "No key and no sign-in, or an unknown one.", ""),
        [403] = ("Forbidden", "Forbidden", "The key's scope or the person's role does not do.", ""),
        [404] = ("NotFound", "Not Found", "There is no such thing.", "there is no such object"),
        [409] = ("Conflict", "Conflict", "Somebody was faster, or the state does not allow it. Nothing was changed.", "it was changed by ana: version 4 is the newest"),
        [410] = ("Gone", "Gone", "It is no longer kept.", "changes after 12 are no longer kept: load afresh and go on from 480"),
        [412] = ("Stale", "Precondition Failed", "Somebody was faster: what If-Match names is not what is there. Nothing was changed.", "somebody saved this rule meanwhile: read it again"),
        [413] = ("TooLarge", "Payload Too Large", "The body is larger than is taken.", "a playbook has at most 1048576 bytes"),
        [415] = ("WrongMediaType", "Unsupported Media Type", "The body is of another kind than is taken.", ""),
        [428] = ("Unnamed", "Precondition Required", "If-Match is wanted: the ETag of what was read.", "If-Match names the ETag of the text that is replaced"),
        [429] = ("TooMany", "Too Many Requests", "Too much at once; try again later.", "2 back-tests are running; try again when one has ended"),
        [503] = ("Unavailable", "Service Unavailable", "It can't be done now; nothing was taken.", ""),
        [507] = ("NoRoom", "Insufficient Storage", "There is no room for it.", "evidence takes at most 1073741824 bytes in all"),
    };

    public static string Name(int status) => All[status].Name;

    public static void Add(OpenApiDocument document)
    {
        document.AddComponent(Schema, new OpenApiSchema
        {
            Type = JsonSchemaType.Object, Description = "Why a request was refused (RFC 9457).", Required = new HashSet<string> { "title", "status" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["type"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Where the status is defined." },
                ["title"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "The status in words." },
                ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "The status code." },
                ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "The reason, for people." },
                ["traceId"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Names the request in the log." },
            },
        });
        foreach (var (status, (name, title, words, detail)) in All)
        {
            var example = new JsonObject { ["title"] = title, ["status"] = status, ["traceId"] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00" };
            if (detail.Length > 0) example["detail"] = detail;
            document.AddComponent(name, new OpenApiResponse
            {
                Description = words,
                Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference(Schema, document), Example = example } },
            });
        }
    }
}
