using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

namespace Beacon.Alerting.Incidents.Evidence;

/// <summary>Evidence as one zip file. What is not there any more, or no longer has its hash, is named in the manifest rather than left out.</summary>
internal static class EvidenceExport
{
    public static async Task<Stream> WriteAsync(EvidenceFiles files, IncidentSummary incident, IReadOnlyList<(EvidenceItem Item, IReadOnlyList<CustodyEntry> Custody)> records, Actor actor, CancellationToken cancellation)
    {
        var scratch = files.Scratch();
        try
        {
            var states = new Dictionary<long, string>();
            var zip = await ZipArchive.CreateAsync(scratch, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellation).ConfigureAwait(false);
            await using (zip.ConfigureAwait(false))
            {
                foreach (var (item, _) in records)
                    states[item.Id] = item.RemovedAt is not null ? "removed" : !File.Exists(files.PathOf(item.Sha256)) ? "missing" : await CopyAsync(files, zip, item, cancellation).ConfigureAwait(false);
                var manifest = await zip.CreateEntry("manifest.json").OpenAsync(cancellation).ConfigureAwait(false);
                await using (manifest.ConfigureAwait(false)) await manifest.WriteAsync(Manifest(incident, records, states, actor), cancellation).ConfigureAwait(false);
            }
            scratch.Position = 0;
            return scratch;
        }
        catch
        {
            await scratch.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static string EntryName(EvidenceItem item) => string.Create(CultureInfo.InvariantCulture, $"evidence/{item.Id}-{item.Name}");

    private static async Task<string> CopyAsync(EvidenceFiles files, ZipArchive zip, EvidenceItem item, CancellationToken cancellation)
    {
        var source = files.Open(item.Sha256);
        await using (source.ConfigureAwait(false))
        {
            var target = await zip.CreateEntry(EntryName(item), CompressionLevel.Fastest).OpenAsync(cancellation).ConfigureAwait(false);
            await using (target.ConfigureAwait(false))
            {
                using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                var buffer = new byte[128 * 1024];
                int read;
                while ((read = await source.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
                {
                    hash.AppendData(buffer, 0, read);
                    await target.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
                }
                return Convert.ToHexStringLower(hash.GetHashAndReset()) == item.Sha256 ? "intact" : "changed";
            }
        }
    }

    private static byte[] Manifest(IncidentSummary incident, IReadOnlyList<(EvidenceItem Item, IReadOnlyList<CustodyEntry> Custody)> records, Dictionary<long, string> states, Actor actor)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("incident", incident.Number);
            json.WriteString("title", incident.Title);
            json.WriteString("exportedBy", actor.Name);
            json.WriteStartArray("evidence");
            foreach (var (item, custody) in records) Write(json, item, custody, states[item.Id]);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    private static void Write(Utf8JsonWriter json, EvidenceItem item, IReadOnlyList<CustodyEntry> custody, string state)
    {
        json.WriteStartObject();
        json.WriteNumber("id", item.Id);
        json.WriteString("state", state);
        if (state is "intact" or "changed") json.WriteString("file", EntryName(item));
        json.WriteString("name", item.Name);
        json.WriteString("kind", item.Kind.ToString());
        json.WriteString("mediaType", item.MediaType);
        json.WriteString("description", item.Description);
        json.WriteNumber("size", item.Size);
        json.WriteString("sha256", item.Sha256);
        json.WriteString("holder", item.Holder);
        json.WriteStartArray("custody");
        foreach (var entry in custody)
        {
            json.WriteStartObject();
            json.WriteNumber("sequence", entry.Sequence);
            json.WriteString("at", entry.At);
            json.WriteString("action", entry.Action.ToString());
            json.WriteString("actor", entry.Actor);
            json.WriteString("note", entry.Note);
            json.WriteString("previousHash", entry.PreviousHash);
            json.WriteString("hash", entry.Hash);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
