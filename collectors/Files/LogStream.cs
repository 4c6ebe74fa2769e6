namespace Beacon.Collectors.Files;

/// <summary>
/// A log's bytes, of which the first can be looked at before they are read. Where they break off, what came before is given out first;
/// <see cref="Failure"/> then says why there is no more.
/// </summary>
internal sealed class LogStream(Stream stream)
{
    /// <summary>Bytes that can be looked at.</summary>
    public const int HeadLength = 64 * 1024;

    private readonly byte[] _head = new byte[HeadLength];
    private int _length = -1;
    private int _at;

    /// <summary>Why the bytes broke off, or null.</summary>
    public string? Failure { get; private set; }

    public ReadOnlySpan<byte> Head
    {
        get
        {
            if (_length < 0) _length = ReadFully(_head);
            return _head.AsSpan(0, _length);
        }
    }

    /// <summary>Fills the buffer; less only at the end.</summary>
    public int Fill(Span<byte> buffer)
    {
        var taken = Math.Min(buffer.Length, Math.Max(0, _length - _at));
        _head.AsSpan(_at, taken).CopyTo(buffer);
        _at += taken;
        return taken + ReadFully(buffer[taken..]);
    }

    /// <returns>False where there were fewer.</returns>
    public bool Skip(long count)
    {
        Span<byte> over = stackalloc byte[8_192];
        while (count > 0)
        {
            var n = Fill(over[..(int)Math.Min(count, over.Length)]);
            if (n == 0) return false;
            count -= n;
        }
        return true;
    }

    private int ReadFully(Span<byte> buffer)
    {
        var filled = 0;
        while (filled < buffer.Length && Failure is null)
        {
            try
            {
                var n = stream.Read(buffer[filled..]);
                if (n == 0) break;
                filled += n;
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                // A boundary: unpackers throw what they like for damaged input.
                Failure = fault.Message;
            }
        }
        return filled;
    }
}
