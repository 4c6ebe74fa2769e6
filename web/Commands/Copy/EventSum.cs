using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Beacon.Events;

namespace Beacon.Web.Commands.Copy;

/// <summary>
/// Number and hash of events in any order: the sum of the first 128 bits of each one's SHA-256, over its id, sequence, source, times in microseconds and all
/// names with their values. How JSON wrote a value (as a number, as a text) is left out: stores differ in it.
/// </summary>
internal readonly record struct EventSum(long Count, UInt128 Hash)
{
    public static EventSum Of(SecurityEvent e)
    {
        var lines = new string[e.Count];
        for (var i = 0; i < e.Count; i++) lines[i] = $"{Encoding.UTF8.GetString(e.NameAt(i))}\0{(e.KindAt(i) == ValueKind.Null ? "\0null" : e.TextAt(i))}\0";
        Array.Sort(lines, StringComparer.Ordinal);
        var text = new StringBuilder();
        text.Append(e.Id).Append('\0').Append(e.Sequence).Append('\0').Append(e.Source).Append('\0').Append(StateTime.ToMicroseconds(e.Timestamp)).Append('\0').Append(StateTime.ToMicroseconds(e.Received)).Append('\0');
        foreach (var line in lines) text.Append(line);
        return new EventSum(1, BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()))));
    }

    public static EventSum operator +(EventSum a, EventSum b) => new(a.Count + b.Count, unchecked(a.Hash + b.Hash));
    public static EventSum Add(EventSum left, EventSum right) => left + right;
}
