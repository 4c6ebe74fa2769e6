using System.Buffers;
using Beacon.Collectors.Parsers;
using Beacon.Collectors.Pipeline;
using Beacon.Collectors.Sources;
using Beacon.Collectors.Spool;
using Beacon.Events;
using Microsoft.AspNetCore.Http;

namespace Beacon.Collectors.Receivers.Http;

/// <summary>Serves the ingest endpoints: a request is answered once its frames are on disk, or refused whole.</summary>
internal sealed class IngestRequests(Intake intake, SourceCatalog sources, RecentDocuments documents, TrialDoors doors, CollectorsOptions options, TimeProvider time) : IDisposable
{
    /// <summary>Requests whose bodies are in memory at once; others wait, up to <see cref="MaxWaiting"/>.</summary>
    private const int MaxAtOnce = 8;
    private const int MaxWaiting = 256;

    /// <param name="Intake">Where its frames go.</param>
    /// <param name="IsTrial">They are held, and nothing is remembered of them.</param>
    private sealed record Target(SourceDefinition Source, Intake Intake, bool IsTrial);

    private readonly SemaphoreSlim _turns = new(MaxAtOnce, MaxAtOnce);
    private int _waiting;

    public Task LinesAsync(HttpContext http, string? source) => ServeAsync(http, source, AppendLinesAsync);

    public Task BulkAsync(HttpContext http, string? source, string? index) =>
        ServeAsync(http, source, (h, s, body, length) => AppendBulkAsync(h, s, index, body, length));

    public void Dispose() => _turns.Dispose();

    private async Task ServeAsync(HttpContext http, string? name, Func<HttpContext, Target, byte[], int, Task> append)
    {
        http.Response.Headers["X-Elastic-Product"] = "Elasticsearch";
        var target = TargetOf(name);
        if (target is not { Source: { Kind: HttpReceiver.KindName } source })
        {
            await RefuseAsync(http, 404, "resource_not_found_exception", name is null ? "no HTTP source is enabled" : "there is no HTTP source of that name").ConfigureAwait(false);
            return;
        }
        if (!target.IsTrial && !source.Enabled)
        {
            await RefuseAsync(http, 403, "security_exception", "the source is switched off").ConfigureAwait(false);
            return;
        }
        if (intake.IsFull || Interlocked.Increment(ref _waiting) > MaxWaiting)
        {
            if (!intake.IsFull) Interlocked.Decrement(ref _waiting);
            await RefuseAsync(http, 429, "es_rejected_execution_exception", "too much is waiting to be processed; try again later").ConfigureAwait(false);
            return;
        }
        try
        {
            await _turns.WaitAsync(http.RequestAborted).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
        try
        {
            var (fault, body, length) = await RequestBody.ReadAsync(http.Request, options.HttpMaxBytes, http.RequestAborted).ConfigureAwait(false);
            switch (fault)
            {
                case BodyFault.TooLarge: await RefuseAsync(http, 413, "content_too_large", $"the body is larger than {options.HttpMaxBytes} bytes").ConfigureAwait(false); return;
                case BodyFault.UnknownEncoding: await RefuseAsync(http, 415, "unsupported_encoding", "Content-Encoding must be gzip or absent").ConfigureAwait(false); return;
                case BodyFault.Corrupt: await RefuseAsync(http, 400, "parse_exception", "the body cannot be decompressed").ConfigureAwait(false); return;
            }
            try
            {
                await append(http, target, body, length).ConfigureAwait(false);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(body);
            }
        }
        finally
        {
            _turns.Release();
        }
    }

    private Target? TargetOf(string? name)
    {
        if (name is null) return sources.All.FirstOrDefault(s => s.Kind == HttpReceiver.KindName && s.Enabled) is { } first ? new Target(first, intake, false) : null;
        if (sources.Find(name) is { } source) return new Target(source, intake, false);
        return doors.TryFind(name, out var door) ? new Target(door.Source, door.Held, true) : null;
    }

    private async Task AppendLinesAsync(HttpContext http, Target target, byte[] body, int length)
    {
        var batch = target.Intake.NewBatch(target.Source.Id);
        var meta = FrameMeta.Peer(SyslogPeer(http));
        if (CutLines(body.AsSpan(0, length), batch, meta) is var tooLong and > 0)
        {
            await RefuseAsync(http, 413, "content_too_large", $"line {tooLong} is longer than {intake.MaxFrameBytes} bytes; nothing was taken").ConfigureAwait(false);
            return;
        }
        var result = await target.Intake.AppendAsync(batch, wait: false, http.RequestAborted).ConfigureAwait(false);
        if (!await AnsweredAsync(http, result).ConfigureAwait(false))
            await SendAsync(http, 200, System.Text.Encoding.UTF8.GetBytes($"{{\"accepted\":{batch.Count}{(target.IsTrial ? ",\"trial\":true" : "")}}}")).ConfigureAwait(false);
    }

    /// <returns>Number of the line that is too long, or 0.</returns>
    private static int CutLines(ReadOnlySpan<byte> body, FrameBatch batch, byte[] meta)
    {
        var number = 0;
        while (!body.IsEmpty)
        {
            number++;
            var end = body.IndexOf((byte)'\n');
            var line = Text.TrimEnd(end < 0 ? body : body[..end]);
            body = end < 0 ? default : body[(end + 1)..];
            if (!line.IsEmpty && !batch.Add(line, meta)) return number;
        }
        return 0;
    }

    private async Task AppendBulkAsync(HttpContext http, Target target, string? index, byte[] body, int length)
    {
        var started = time.GetTimestamp();
        var items = new List<BulkItem>();
        if (BulkRequest.Read(body.AsSpan(0, length), index, intake.MaxFrameBytes, items) is { } fault)
        {
            await RefuseAsync(http, 400, fault.StartsWith("Validation", StringComparison.Ordinal) ? "action_request_validation_exception" : "illegal_argument_exception", fault).ConfigureAwait(false);
            return;
        }
        var batch = target.Intake.NewBatch(target.Source.Id);
        var (ids, statuses, sequences) = (new string?[items.Count], new int[items.Count], new long[items.Count]);
        var claimed = new List<UInt128>();
        var appended = new List<int>();
        var stored = false;
        try
        {
            for (var i = 0; i < items.Count; i++)
            {
                ids[i] = items[i].Id;
                statuses[i] = Take(items[i], target, body, batch, claimed);
                if (statuses[i] == 201) appended.Add(i);
            }
            // The documents go to disk even where the sender has gone: it may have been answered for a part of them.
            var result = await target.Intake.AppendAsync(batch, wait: false, CancellationToken.None).ConfigureAwait(false);
            stored = result.Stored;
            if (await AnsweredAsync(http, result).ConfigureAwait(false)) return;
            for (var k = 0; k < appended.Count; k++)
            {
                var i = appended[k];
                sequences[i] = result.First + k;
                ids[i] ??= SecurityEventId.From(intake.SpoolIdentity, sequences[i]).ToString();
            }
        }
        finally
        {
            documents.Settle(claimed, stored);
        }
        await SendAsync(http, 200, BulkAnswer.Write(items, ids, statuses, sequences, (long)time.GetElapsedTime(started).TotalMilliseconds)).ConfigureAwait(false);
    }

    private int Take(BulkItem item, Target target, byte[] body, FrameBatch batch, List<UInt128> claimed)
    {
        if (item.Error is not null) return 400;
        // Shippers send thousands at once: the first of them are held, the others come again.
        if (target.Intake is HeldIntake held && !held.HasRoomFor(batch, item.Length)) return 429;
        // What is only held may never be stored: it must not count as known when it comes again.
        var key = target.IsTrial ? 0 : item.KeyIn(target.Source.Id, body);
        if (key != 0)
        {
            switch (documents.Claim(key))
            {
                case DocumentClaim.Known: return item.Action == "create" ? 409 : 200;
                case DocumentClaim.Pending when claimed.Contains(key): return item.Action == "create" ? 409 : 200;
                case DocumentClaim.Pending: return 429;
            }
            claimed.Add(key);
        }
        batch.Add(body.AsSpan(item.Start, item.Length), FrameMeta.Document(key, System.Text.Encoding.UTF8.GetBytes(item.Index)));
        return 201;
    }

    private static async Task<bool> AnsweredAsync(HttpContext http, AppendResult result)
    {
        switch (result.Status)
        {
            case AppendStatus.Stored: return false;
            case AppendStatus.Full: await RefuseAsync(http, 429, "es_rejected_execution_exception", result.Error + "; try again later").ConfigureAwait(false); return true;
            case AppendStatus.Stopped: await RefuseAsync(http, 503, "unavailable", "stopping").ConfigureAwait(false); return true;
            default: await RefuseAsync(http, 503, "unavailable", result.Error!).ConfigureAwait(false); return true;
        }
    }

    private static Task RefuseAsync(HttpContext http, int status, string type, string reason)
    {
        if (status == 429) http.Response.Headers.RetryAfter = "1";
        // The rest of the body is not read: the sender must not put its next request behind it.
        if (status is 413 or 415 && http.Request.Protocol == "HTTP/1.1") http.Response.Headers.Connection = "close";
        return SendAsync(http, status, BulkAnswer.Fault(status, type, reason));
    }

    private static Task SendAsync(HttpContext http, int status, byte[] json)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = json.Length;
        return http.Response.Body.WriteAsync(json, http.RequestAborted).AsTask();
    }

    private static string SyslogPeer(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } ip ? (ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip).ToString() : "";
}
