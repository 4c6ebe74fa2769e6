using System.Globalization;

namespace Beacon.Collectors.Files.Archives;

/// <summary>The regular files of a tar archive, one after another. Links, devices and folders are passed over; names touch no disk.</summary>
internal static class TarEntries
{
    /// <summary>Longest header of long names and attributes that is read, in bytes; longer ones are passed over.</summary>
    private const int MaxAttributes = 64 * 1024;

    private sealed class Attributes
    {
        public string? Name { get; set; }
        public long? Size { get; set; }
    }

    /// <exception cref="InvalidDataException">The archive is damaged, or beyond its budget.</exception>
    public static IEnumerable<OpenLog> Read(LogStream archive, string archiveName, ArchiveBudget budget)
    {
        var block = new byte[TarHeader.Length];
        var next = new Attributes();
        while (!budget.IsSpent)
        {
            var n = archive.Fill(block);
            if (archive.Failure is { } broken) throw new InvalidDataException(broken);
            if (n == 0 || block.AsSpan(0, n).IndexOfAnyExcept((byte)0) < 0) yield break;
            if (n < TarHeader.Length || !TarHeader.TryRead(block, out var header)) throw new InvalidDataException("a damaged header of the tar archive; the rest is not read");
            budget.TakeEntry();
            var size = next.Size ?? header.Size;
            var padding = (TarHeader.Length - (size % TarHeader.Length)) % TarHeader.Length;
            if (header.Type is 'L' or 'x')
            {
                ReadAttributes(archive, header, next);
                continue;
            }
            var name = next.Name ?? header.Name;
            next = new Attributes();
            var left = size;
            if (header.Type is '0' or '\0' or '7' && EventFiles.IsLog(name))
            {
                using var content = new Section(archive, size);
                yield return LogOpener.Entry(content, archiveName, name, header.Modified);
                if (content.IsBroken) yield break;
                left = content.Left;
            }
            if (!archive.Skip(left + padding)) throw new InvalidDataException(archive.Failure ?? "the tar archive ends within an entry");
        }
    }

    /// <summary>The next entry's name and size: GNU's long name, or pax records "length key=value".</summary>
    private static void ReadAttributes(LogStream archive, TarHeader header, Attributes next)
    {
        var padded = (header.Size + TarHeader.Length - 1) / TarHeader.Length * TarHeader.Length;
        if (header.Size > MaxAttributes)
        {
            if (!archive.Skip(padded)) throw new InvalidDataException("the tar archive ends within a header");
            return;
        }
        var bytes = new byte[padded];
        if (archive.Fill(bytes) < padded) throw new InvalidDataException("the tar archive ends within a header");
        var text = TarHeader.Text(bytes.AsSpan(0, (int)header.Size));
        if (header.Type == 'L')
        {
            next.Name = text;
            return;
        }
        foreach (var record in text.Split('\n'))
        {
            var blank = record.IndexOf(' ', StringComparison.Ordinal);
            var equals = record.IndexOf('=', StringComparison.Ordinal);
            if (blank < 0 || equals < blank) continue;
            var value = record[(equals + 1)..];
            switch (record[(blank + 1)..equals])
            {
                case "path": next.Name = value; break;
                case "size" when long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var size): next.Size = size; break;
            }
        }
    }

    /// <summary>An entry's bytes within the archive.</summary>
    private sealed class Section(LogStream archive, long size) : Stream
    {
        private long _read;

        public long Left => size - _read;

        /// <summary>The archive ended within the entry, which whoever read it was told.</summary>
        public bool IsBroken { get; private set; }

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => size;

        public override long Position
        {
            get => _read;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            if (Left == 0 || buffer.IsEmpty) return 0;
            var n = archive.Fill(buffer[..(int)Math.Min(buffer.Length, Left)]);
            _read += n;
            if (n > 0) return n;
            IsBroken = true;
            throw new InvalidDataException(archive.Failure ?? "the tar archive ends within an entry");
        }

        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
