using System.Text;
using Beacon.Web.Hosting;

namespace Beacon.Web.Commands.Bench;

/// <summary>The lines that are measured with: one block of bytes and where each begins.</summary>
internal sealed class BenchLines
{
    /// <summary>Largest file, in bytes.</summary>
    public const long MaxBytes = 1024L * 1024 * 1024;

    private const int Made = 50_000;

    private readonly byte[] _bytes;
    private readonly List<(int Start, int Length)> _lines = [];

    private BenchLines(byte[] bytes)
    {
        _bytes = bytes;
        for (var at = 0; at < bytes.Length;)
        {
            var length = bytes.AsSpan(at).IndexOf((byte)'\n');
            if (length < 0) length = bytes.Length - at;
            var line = bytes.AsSpan(at, length).TrimEnd("\r \t"u8);
            if (!line.IsEmpty) _lines.Add((at, line.Length));
            at += length + 1;
        }
    }

    public int Count => _lines.Count;
    public long Bytes => _bytes.Length;
    public ReadOnlySpan<byte> this[int index] => _bytes.AsSpan(_lines[index].Start, _lines[index].Length);

    /// <exception cref="CommandException">The file is missing, empty, too large, compressed, or can't be read.</exception>
    public static BenchLines ReadFile(string path)
    {
        if (!File.Exists(path)) throw new CommandException($"{path} does not exist.");
        try
        {
            var length = new FileInfo(path).Length;
            if (length > MaxBytes) throw new CommandException($"{path} has {length} bytes; events are held in memory, at most {MaxBytes}.");
            var bytes = File.ReadAllBytes(path);
            if (bytes is [0xFD, 0x37, 0x7A, ..] or [0x1F, 0x8B, ..] or [0x28, 0xB5, 0x2F, 0xFD, ..])
                throw new CommandException($"{path} is compressed: unpack it first.");
            var lines = new BenchLines(bytes);
            return lines.Count > 0 ? lines : throw new CommandException($"{path} holds no line.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{path} can't be read: {fault.Message}");
        }
    }

    /// <summary>Lines of our own in the mix of all formats.</summary>
    public static BenchLines Generated()
    {
        var begin = new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);
        var made = new SampleLines(3);
        var text = new StringBuilder();
        for (var i = 0; i < Made; i++) text.Append(made.Mixed(begin.AddMilliseconds(i * 5))).Append('\n');
        return new BenchLines(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
