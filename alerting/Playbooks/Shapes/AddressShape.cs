using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Beacon.Alerting.Playbooks.Shapes;

/// <summary>Network addresses of an agent or target by kind (section 10.12); an entry may refer to a variable. Kinds of others' making are let be.</summary>
internal sealed partial class AddressShape : Shape
{
    public override void Check(JsonElement value, string path, PlaybookFaults faults)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            Wrong(faults, path, "is an object");
            return;
        }
        foreach (var kind in value.EnumerateObject().Where(k => k.Name is "url" or "dname" or "ipv4" or "ipv6" or "l2mac" or "vlan"))
        {
            var at = PlaybookFaults.Path(path, kind.Name);
            if (kind.Value.ValueKind != JsonValueKind.Array || kind.Value.GetArrayLength() > 100) Wrong(faults, at, "is a list of at most 100 entries");
            else
            {
                var n = 0;
                foreach (var entry in kind.Value.EnumerateArray()) Entry(kind.Name, entry, $"{at}[{n++}]", faults);
            }
        }
    }

    private static void Entry(string kind, JsonElement entry, string path, PlaybookFaults faults)
    {
        if (kind == "vlan")
        {
            if (entry.ValueKind != JsonValueKind.Number || !entry.TryGetInt32(out var number) || number is < 0 or > 4_095) Wrong(faults, path, "is a whole number from 0 to 4095");
            return;
        }
        if (entry.ValueKind != JsonValueKind.String || entry.GetString()!.Length > 2_000)
        {
            Wrong(faults, path, "is a text of at most 2,000 characters");
            return;
        }
        var text = entry.GetString()!;
        if (VariableReference.Pattern.IsMatch(text)) return;
        var fits = kind switch
        {
            "url" => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "ssh" or "winrm",
            "ipv4" => IPAddress.TryParse(text, out var four) && four.AddressFamily == AddressFamily.InterNetwork && text.Count(c => c == '.') == 3,
            "ipv6" => IPAddress.TryParse(text, out var six) && six.AddressFamily == AddressFamily.InterNetworkV6,
            "l2mac" => Mac().IsMatch(text),
            _ => text.Length > 0,
        };
        if (!fits) Wrong(faults, path, $"is no address of kind {kind}");
    }

    [GeneratedRegex("^[a-fA-F0-9]{2}(:[a-fA-F0-9]{2}){5}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Mac();
}
