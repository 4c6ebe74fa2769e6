using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;

namespace Beacon.Web.Api.Document;

/// <summary>An example of a body, or of an answer where it has a status.</summary>
internal sealed record Example(int? Status, string MediaType, string Text);

/// <summary>Statuses with which an endpoint refuses beside those that follow from its shape.</summary>
internal sealed record Refusals(IReadOnlyList<int> Statuses);

/// <summary>A body that the endpoint reads by itself. Accepts() would have routing refuse what is sent as another kind.</summary>
internal sealed record RawBody(string MediaType)
{
    public OpenApiRequestBody Describe() => new() { Required = true, Content = new Dictionary<string, OpenApiMediaType> { [MediaType] = new() { Schema = Schema() } } };

    private OpenApiSchema Schema() => MediaType switch
    {
        "application/json" => new OpenApiSchema { Type = JsonSchemaType.Object },
        "multipart/form-data" => new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema> { ["description"] = new OpenApiSchema { Type = JsonSchemaType.String }, ["file"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } },
        },
        _ => new OpenApiSchema { Type = JsonSchemaType.String },
    };
}

/// <summary>What a parameter is.</summary>
/// <param name="Most">Greatest value, or null; the least is then 1.</param>
internal sealed record ParameterWords(string Name, string Text, int? Most = null);

/// <summary>What an endpoint says of itself in the document at /openapi, beside its summary: one line each, checked by tests against what it really answers.</summary>
internal static class EndpointWords
{
    private const string Json = "application/json";

    /// <summary>It answers with a <typeparamref name="T"/>.</summary>
    /// <param name="example">Such an answer; made from the schema where it is left out.</param>
    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder route, [StringSyntax(StringSyntaxAttribute.Json)] string? example = null, int status = 200)
    {
        route.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(T), [Json]));
        return example is null ? route : route.WithMetadata(new Example(status, Json, example));
    }

    /// <summary>It answers with text that is not JSON.</summary>
    public static RouteHandlerBuilder AnswersText(this RouteHandlerBuilder route, string mediaType, string example) =>
        route.WithMetadata(new ProducesResponseTypeMetadata(200, typeof(string), [mediaType]), new Example(200, mediaType, example));

    /// <summary>It answers with bytes to be saved.</summary>
    public static RouteHandlerBuilder AnswersFile(this RouteHandlerBuilder route, string mediaType = "application/octet-stream") =>
        route.WithMetadata(new ProducesResponseTypeMetadata(200, typeof(Stream), [mediaType]), new Example(200, mediaType, ""));

    /// <summary>It answers 204, with nothing.</summary>
    public static RouteHandlerBuilder AnswersNothing(this RouteHandlerBuilder route) => route.WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status204NoContent, typeof(void)));

    /// <summary>A body that it takes.</summary>
    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder route, [StringSyntax(StringSyntaxAttribute.Json)] string example) => route.WithMetadata(new Example(null, Json, example));

    /// <summary>A body that it reads by itself, whatever its kind is said to be.</summary>
    public static RouteHandlerBuilder TakesRaw(this RouteHandlerBuilder route, string mediaType, string example) => route.WithMetadata(new RawBody(mediaType), new Example(null, mediaType, example));

    /// <summary>It also refuses with these statuses. From the shape follow 401 and 403; 400 (it takes anything), 404 (its path names something), 409 (a version is named), 413 (it has a body), 415 (the body is JSON).</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, params int[] statuses) => route.WithMetadata(new Refusals(statuses));

    /// <summary>It answers with a part of a list, of 1 to <paramref name="most"/> by the parameter limit.</summary>
    public static RouteHandlerBuilder Pages(this RouteHandlerBuilder route, int most) => route.WithMetadata(new ParameterWords("limit", $"How many at most, 1 to {most}.", most));

    /// <summary>What a parameter is, where its name does not say it everywhere.</summary>
    public static RouteHandlerBuilder Where(this RouteHandlerBuilder route, string parameter, string text) => route.WithMetadata(new ParameterWords(parameter, text));
}
