using System.Buffers;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace Beacon.Collectors.Receivers.Http;

internal enum BodyFault
{
    None,
    TooLarge,
    UnknownEncoding,
    Corrupt,
}

/// <summary>Reads a request's body whole, decompressed, up to a ceiling.</summary>
internal static class RequestBody
{
    public static async Task<(BodyFault Fault, byte[] Bytes, int Length)> ReadAsync(HttpRequest request, long ceiling, CancellationToken cancellation)
    {
        if (request.ContentLength > ceiling) return (BodyFault.TooLarge, [], 0);
        var encoding = request.Headers.ContentEncoding.ToString();
        Stream body;
        if (encoding is "" or "identity") body = request.Body;
        else if (encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase)) body = new GZipStream(request.Body, CompressionMode.Decompress);
        else return (BodyFault.UnknownEncoding, [], 0);
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(ceiling, Math.Max(request.ContentLength ?? 0, 16 * 1024)) + 1);
        var length = 0;
        try
        {
            while (true)
            {
                if (length == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, buffer.Length * 2L));
                    buffer.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
                var n = await body.ReadAsync(buffer.AsMemory(length), cancellation).ConfigureAwait(false);
                if (n == 0) return (BodyFault.None, buffer, length);
                length += n;
                if (length <= ceiling) continue;
                ArrayPool<byte>.Shared.Return(buffer);
                return (BodyFault.TooLarge, [], 0);
            }
        }
        catch (Exception fault) when (fault is InvalidDataException or BadHttpRequestException)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            return (fault is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } ? BodyFault.TooLarge : BodyFault.Corrupt, [], 0);
        }
        finally
        {
            if (body != request.Body) await body.DisposeAsync().ConfigureAwait(false);
        }
    }
}
