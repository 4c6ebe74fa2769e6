using System.Text;
using System.Text.Json;
using Beacon.Events;

namespace Beacon.Storage.Tests.Events;

/// <summary>The reader of JSON against the framework's own document reader, on random documents and on broken ones.</summary>
public sealed class JsonFieldsTests
{
    private static readonly string[] Names = ["a", "winlog.event_id", "process", "né", "x\\ty", "", "long" + new string('n', 600)];

    private static readonly string[] Values =
    [
        "0", "-1", "12.50", "1e9", "2E-3", "01", "1.", "-", "true", "false", "null", "\"\"", "\"plain\"", "\"C:\\\\Windows\\\\x.exe\"", "\"\\u00e9\\ud83d\\ude00\"", "\"\\ud800\"", "\"a\\n\\\"b\\/\\b\\f\\r\\t\"",
        "\"\\x\"", "\"tab\there\"", "\"ß İ\"", "[]", "{}", "[1,2,[3,\"x\"]]", "[{\"k\":1},{\"k\":2}]", "{\"in\":{\"deep\":\"v\"}}", "tru", "\"open",
    ];

    [Fact]
    public void Read_RandomDocuments_GivesTheLeavesThatTheFrameworkReads()
    {
        var random = new Random(7);
        var sound = 0;
        for (var n = 0; n < 20_000; n++)
        {
            var text = new StringBuilder("{");
            var count = random.Next(0, 5);
            for (var i = 0; i < count; i++)
            {
                if (i > 0) text.Append(random.Next(40) == 0 ? " ,, " : random.Next(3) == 0 ? " ,\n" : ",");
                text.Append('"').Append(Names[random.Next(Names.Length)]).Append(random.Next(4) == 0 ? "\" : " : "\":").Append(Values[random.Next(Values.Length)]);
            }
            text.Append('}');
            if (random.Next(20) == 0) text.Append(" x");
            if (random.Next(20) == 0) text.Length = random.Next(text.Length);
            sound += Agrees(Encoding.UTF8.GetBytes(text.ToString())) ? 1 : 0;
        }
        Assert.InRange(sound, 4_000, 19_000);
    }

    [Theory]
    [InlineData("{\"a\":\"\\uD83D\\uDE00\\u0041\"}")]
    [InlineData("  {\"a\" : [ ] , \"b\" : { } }\r\n")]
    [InlineData("{\"a\":1}{\"b\":2}")]
    [InlineData("[1]")]
    [InlineData("")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{\"a\":\u00a01}")]
    public void Read_Document_AgreesWithTheFramework(string text) => Agrees(Encoding.UTF8.GetBytes(text));

    [Fact]
    public void Read_BytesThatAreNoUtf8_ReplacesThem()
    {
        var e = new SecurityEvent();
        Assert.Null(JsonFields.Read([.. "{\"a\":\"x"u8, 0xFF, .. "y\"}"u8], e));
        Assert.Equal("x\uFFFDy", e.GetText("a"));
    }

    [Fact]
    public void Read_NestedDeeperThanItsCeiling_IsRefused() =>
        Assert.NotNull(JsonFields.Read(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 70)) + "1" + new string('}', 70)), new SecurityEvent()));

    private static bool Agrees(byte[] json)
    {
        var expected = new List<(string, string)>();
        bool valid;
        try
        {
            using var document = JsonDocument.Parse(json);
            valid = document.RootElement.ValueKind == JsonValueKind.Object;
            if (valid) Leaves(document.RootElement, "", expected, isRoot: true);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            valid = false;
        }
        var e = new SecurityEvent();
        var problem = JsonFields.Read(json, e);
        Assert.True((problem is null) == valid, Encoding.UTF8.GetString(json) + " → " + problem);
        if (!valid) return false;
        var found = Enumerable.Range(0, e.Count).Select(i => (Encoding.UTF8.GetString(e.NameAt(i)), e.KindAt(i) + ":" + e.TextAt(i))).ToList();
        Assert.Equal(expected.Where(static l => Encoding.UTF8.GetByteCount(l.Item1) <= FieldNames.MaxNameLength), found);
        return true;
    }

    private static void Leaves(JsonElement element, string path, List<(string, string)> into, bool isRoot = false)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject()) Leaves(property.Value, isRoot ? property.Name : path + "." + property.Name, into);
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray()) Leaves(item, path, into);
                break;
            default:
                into.Add((path, element.ValueKind switch
                {
                    JsonValueKind.String => "Text:" + element.GetString(),
                    JsonValueKind.Null => "Null:",
                    JsonValueKind.Number => "Number:" + element.GetRawText(),
                    _ => "Boolean:" + element.GetRawText(),
                }));
                break;
        }
    }
}
