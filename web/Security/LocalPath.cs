namespace Beacon.Web.Security;

/// <summary>Where to go next, from a form or a query: only a path of this site.</summary>
internal static class LocalPath
{
    /// <summary>The path where it is one of this site, else the other.</summary>
    public static string Of(string? path, string otherwise) =>
        path is { Length: > 0 and < 2_000 } && path[0] == '/' && (path.Length == 1 || path[1] is not ('/' or '\\')) && !path.Any(char.IsControl) ? path : otherwise;
}
