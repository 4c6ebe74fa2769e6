using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Beacon.Events;

/// <summary>Writes events as ECS JSON: nested objects, one value or an array a field, "@timestamp" first (RFC 8259; UTF-8).</summary>
public static class EcsJson
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>Deepest nesting of the path that is written; the rest of a deeper name stays dotted.</summary>
    public const int MaxDepth = 32;

    public static void Write(SecurityEvent e, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, Options);
        Write(e, json);
        json.Flush();
    }

    public static string ToText(SecurityEvent e)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        Write(e, buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static void Write(SecurityEvent e, Utf8JsonWriter json)
    {
        var root = new Node("");
        for (var i = 0; i < e.Count; i++)
        {
            if (e.NameAt(i).SequenceEqual("@timestamp"u8)) continue;
            root.Add(Encoding.UTF8.GetString(e.NameAt(i)), i);
        }
        json.WriteStartObject();
        json.WriteString("@timestamp"u8, e.Timestamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
        foreach (var child in root.Children) child.Write(e, json);
        json.WriteEndObject();
    }

    /// <summary>The fields as one flat object with dotted names, without those for which <paramref name="leaveOut"/> holds.</summary>
    public static void WriteFlat(SecurityEvent e, IBufferWriter<byte> output, Func<SecurityEvent, int, bool>? leaveOut = null)
    {
        using var json = new Utf8JsonWriter(output, Options);
        json.WriteStartObject();
        Span<bool> done = e.Count <= 512 ? stackalloc bool[e.Count] : new bool[e.Count];
        for (var i = 0; i < e.Count; i++)
        {
            if (done[i] || (leaveOut is not null && leaveOut(e, i))) continue;
            json.WritePropertyName(e.NameAt(i));
            var more = false;
            for (var j = i + 1; j < e.Count && !more; j++) more = SameName(e, i, j);
            if (!more)
            {
                WriteValue(e, i, json);
                continue;
            }
            json.WriteStartArray();
            for (var j = i; j < e.Count; j++)
            {
                if (j != i && !SameName(e, i, j)) continue;
                WriteValue(e, j, json);
                done[j] = true;
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
        json.Flush();
    }

    private static bool SameName(SecurityEvent e, int a, int b) =>
        e.FieldAt(a) == e.FieldAt(b) && (e.FieldAt(a).IsKnown || e.NameAt(a).SequenceEqual(e.NameAt(b)));

    private static void WriteValue(SecurityEvent e, int i, Utf8JsonWriter json)
    {
        switch (e.KindAt(i))
        {
            case ValueKind.Number: json.WriteRawValue(e.ValueAt(i), skipInputValidation: true); break;
            case ValueKind.Boolean: json.WriteBooleanValue(e.ValueAt(i).SequenceEqual("true"u8)); break;
            case ValueKind.Null: json.WriteNullValue(); break;
            default: json.WriteStringValue(e.ValueAt(i)); break;
        }
    }

    /// <summary>A tree of path segments; a field that is both a value and an object keeps its dotted children beside it.</summary>
    private sealed class Node(string name)
    {
        private readonly List<int> _values = [];
        private Dictionary<string, Node>? _byName;
        public List<Node> Children { get; } = [];

        public void Add(string path, int value, int depth = 0)
        {
            var dot = depth < MaxDepth ? path.IndexOf('.', StringComparison.Ordinal) : -1;
            var isPath = dot > 0 && dot < path.Length - 1;
            var child = Child(isPath ? path[..dot] : path);
            if (isPath) child.Add(path[(dot + 1)..], value, depth + 1);
            else child._values.Add(value);
        }

        public void Write(SecurityEvent e, Utf8JsonWriter json, string prefix = "")
        {
            var key = prefix + name;
            if (_values.Count > 0)
            {
                json.WritePropertyName(key);
                if (_values.Count > 1) json.WriteStartArray();
                foreach (var v in _values) WriteValue(e, v, json);
                if (_values.Count > 1) json.WriteEndArray();
                foreach (var child in Children) child.Write(e, json, key + ".");
                return;
            }
            if (prefix.Length > 0)
            {
                foreach (var child in Children) child.Write(e, json, key + ".");
                return;
            }
            json.WritePropertyName(key);
            json.WriteStartObject();
            foreach (var child in Children) child.Write(e, json);
            json.WriteEndObject();
        }

        private Node Child(string segment)
        {
            _byName ??= new Dictionary<string, Node>(StringComparer.Ordinal);
            if (_byName.TryGetValue(segment, out var child)) return child;
            child = new Node(segment);
            _byName.Add(segment, child);
            Children.Add(child);
            return child;
        }
    }
}
