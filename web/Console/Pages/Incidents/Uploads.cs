using System.Text.Json;

namespace Beacon.Web.Console.Pages.Incidents;

internal enum UploadState
{
    Waiting,
    Sending,
    Kept,
    Refused,
    Stopped,
}

/// <summary>One file on its way from the browser to the evidence of an incident.</summary>
/// <param name="Sha256">As the server counted it; "" until it is kept.</param>
/// <param name="Said">Why it was refused, or "".</param>
internal sealed record Upload(int Number, string Name, long Size, long Sent, UploadState State, string Sha256, string Said)
{
    public int Percent => State == UploadState.Kept ? 100 : Size <= 0 ? 0 : (int)Math.Clamp(Sent * 100 / Size, 0, 100);
}

/// <summary>What was sent since the page was opened, the newest last; at most <see cref="Most"/>. Everything in it comes from a browser: nothing of it is relied on.</summary>
internal sealed class Uploads
{
    public const int Most = 40, MostAtOnce = 20;
    private const int MaxName = 300, MaxSaid = 500;

    private readonly List<Upload> _all = [];
    private int _next;

    public IReadOnlyList<Upload> All => _all;
    public bool Going => _all.Exists(u => u.State is UploadState.Waiting or UploadState.Sending);

    /// <returns>The number of the first; the others follow.</returns>
    public int Begin(IReadOnlyList<string> names, IReadOnlyList<long> sizes)
    {
        var first = _next;
        foreach (var (name, size) in names.Zip(sizes).Take(MostAtOnce)) _all.Add(new Upload(_next++, Cut(name, MaxName), Math.Max(0, size), 0, UploadState.Waiting, "", ""));
        if (_all.Count > Most) _all.RemoveRange(0, _all.Count - Most);
        return first;
    }

    public void Progress(int number, long sent) => Change(number, u => u with { Sent = Math.Clamp(sent, 0, u.Size), State = UploadState.Sending });

    /// <summary>The API answered, or nothing did.</summary>
    /// <param name="status">Of HTTP; 0 where the server was not reached, -1 where a person stopped it.</param>
    public void Ended(int number, int status, string answer) => Change(number, u => status switch
    {
        -1 => u with { State = UploadState.Stopped },
        >= 200 and < 300 => u with { State = UploadState.Kept, Sent = u.Size, Sha256 = Text(answer, "sha256") },
        _ => u with { State = UploadState.Refused, Said = Cut(Text(answer, "detail") is { Length: > 0 } said ? said : status == 0 ? "" : $"HTTP {status}", MaxSaid) },
    });

    private void Change(int number, Func<Upload, Upload> change)
    {
        var at = _all.FindIndex(u => u.Number == number);
        if (at >= 0 && _all[at].State is UploadState.Waiting or UploadState.Sending) _all[at] = change(_all[at]);
    }

    private static string Text(string json, string name)
    {
        try
        {
            using var read = JsonDocument.Parse(json);
            return read.RootElement.ValueKind == JsonValueKind.Object && read.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        }
        catch (JsonException)
        {
            // A proxy's page instead of ours.
            return "";
        }
    }

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..most];
}
