using System.Text.Json;

namespace Beacon.Alerting.Playbooks.Shapes;

/// <summary>Names that stand twice in one object: which of them holds is anybody's guess, so neither does.</summary>
internal static class DuplicateNames
{
    /// <exception cref="JsonException">Not JSON, or nested deeper than <paramref name="depth"/>.</exception>
    public static void Check(ReadOnlySpan<byte> json, int depth, PlaybookFaults faults)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = depth });
        var open = new Stack<(string Path, HashSet<string>? Names, int Index)>();
        var path = "$";
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    var (parent, names, _) = open.Peek();
                    var name = reader.GetString()!;
                    path = PlaybookFaults.Path(parent, name);
                    if (!names!.Add(name)) faults.Add(PlaybookFaults.Duplicate, path, "stands twice in its object");
                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    open.Push((Place(), reader.TokenType == JsonTokenType.StartObject ? [] : null, 0));
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    open.Pop();
                    Step();
                    break;
                default:
                    Step();
                    break;
            }
        }

        string Place() => open.Count > 0 && open.Peek() is { Names: null } list ? $"{list.Path}[{list.Index}]" : path;

        void Step()
        {
            if (open.Count == 0 || open.Peek() is not { Names: null } list) return;
            open.Pop();
            open.Push(list with { Index = list.Index + 1 });
        }
    }
}
