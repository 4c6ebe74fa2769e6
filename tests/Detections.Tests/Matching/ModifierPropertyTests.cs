using System.Globalization;
using System.Net;
using System.Text;
using Beacon.Detections.Matching;
using Beacon.Detections.Sigma;
using Beacon.Events;
using CsCheck;

namespace Beacon.Detections.Tests.Matching;

/// <summary>Modifiers against what they mean, worked out without the engine's own encoders (Sigma modifiers appendix 2.1).</summary>
public sealed class ModifierPropertyTests
{
    private static readonly Gen<string> Word = Gen.String[Gen.Char["abcXYZ09 .:/\\-_é漢"], 3, 12];
    private static readonly Gen<byte[]> Bytes = Gen.Byte.Array[0, 12];

    private static readonly Dictionary<string, Encoding> Encodings = new()
    {
        [""] = new UTF8Encoding(false), ["wide|"] = new UnicodeEncoding(false, false), ["utf16le|"] = new UnicodeEncoding(false, false), ["utf16be|"] = new UnicodeEncoding(true, false),
    };

    [Fact]
    public void Base64Offset_TextAnywhereInWhatWasEncoded_IsFound() =>
        Gen.Select(Word, Bytes, Bytes, Gen.Int[0, Encodings.Count - 1], static (word, before, after, encoding) => (word, before, after, encoding)).Sample(static t =>
        {
            var (name, encoding) = Encodings.ElementAt(t.encoding);
            var set = Rule($"Text|{name}base64offset|contains: {Quote(t.word)}");
            Assert.True(Match(set, ("Text", "x" + Convert.ToBase64String([.. t.before, .. encoding.GetBytes(t.word), .. t.after]) + "y")), t.ToString());
        }, iter: 1_500);

    [Fact]
    public void Base64Offset_TextThatWasNotEncoded_IsNotFound() =>
        Gen.Select(Word, Gen.Byte.Array[8, 40]).Sample(static (word, bytes) =>
        {
            if (bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(word)) >= 0) return;
            // Up to two characters at either end of the text are decided by its neighbours and left out, and case is ignored: long words only.
            if (Encoding.UTF8.GetByteCount(word) < 8) return;
            Assert.False(Match(Rule($"Text|base64offset|contains: {Quote(word)}"), ("Text", Convert.ToBase64String(bytes))));
        }, iter: 1_500);

    [Fact]
    public void Base64_TextEncodedWhole_IsFound() =>
        Gen.Select(Word, Gen.Int[0, Encodings.Count - 1]).Sample(static (word, n) =>
        {
            var (name, encoding) = Encodings.ElementAt(n);
            Assert.True(Match(Rule($"Text|{name}base64|contains: {Quote(word)}"), ("Text", "-enc " + Convert.ToBase64String(encoding.GetBytes(word)))));
        }, iter: 500);

    [Fact]
    public void Base64_Utf16_BeginsWithItsMark() =>
        Assert.True(Match(Rule("Text|utf16|base64: ping"), ("Text", Convert.ToBase64String([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("ping")]))));

    [Fact]
    public void WinDash_AnyDashBeforeAnOption_IsFound()
    {
        var set = Rule("Text|contains|windash: ' -enc'");
        foreach (var dash in (string[])["-", "/", "\u2013", "\u2014", "\u2015"]) Assert.True(Match(set, ("Text", "powershell " + dash + "enc AA")), dash);
        foreach (var other in (string[])["+", "\\", "_", "\u2012"]) Assert.False(Match(set, ("Text", "powershell " + other + "enc AA")), other);
        Assert.False(Match(set, ("Text", "powershell-enc AA")));
    }

    [Fact]
    public void Cidr_RandomNetworks_HoldTheAddressesThatTheirBitsSay() =>
        Gen.Select(Gen.Byte.Array[16], Gen.Byte.Array[16], Gen.Int[0, 128], Gen.Bool, Gen.Int[0, 128]).Sample(static (network, address, prefix, isV4, shared) =>
        {
            var size = isV4 ? 4 : 16;
            prefix %= (size * 8) + 1;
            // Half of the addresses share bits with the network, else nearly none would lie in it.
            for (var bit = 0; bit < Math.Min(shared, size * 8); bit++) Set(address, bit, Get(network, bit));
            for (var bit = prefix; bit < size * 8; bit++) Set(network, bit, false);
            var expected = Enumerable.Range(0, prefix).All(bit => Get(network, bit) == Get(address, bit));
            var set = Rule(string.Create(CultureInfo.InvariantCulture, $"Ip|cidr: '{new IPAddress(network.AsSpan(0, size))}/{prefix}'"));
            Assert.Equal(expected, Match(set, ("Ip", new IPAddress(address.AsSpan(0, size)).ToString())));
        }, iter: 2_000);

    [Fact]
    public void TimeParts_OfRandomTimes_AreThoseOfTheCalendar() =>
        Gen.Select(Gen.Int[0, 60 * 24 * 365 * 30], Gen.Int[0, 5]).Sample(static (minutes, part) =>
        {
            var time = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(minutes);
            var (name, value) = part switch
            {
                0 => ("minute", time.Minute), 1 => ("hour", time.Hour), 2 => ("day", time.Day), 3 => ("month", time.Month), 4 => ("year", time.Year),
                _ => ("week", ISOWeek.GetWeekOfYear(time)),
            };
            var text = time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            Assert.True(Match(Rule(string.Create(CultureInfo.InvariantCulture, $"At|{name}: {value}")), ("At", text)), $"{text} {name}");
            var other = name == "year" ? value + 1 : value == 1 ? 2 : 1;
            Assert.False(Match(Rule(string.Create(CultureInfo.InvariantCulture, $"At|{name}: {other}")), ("At", text)), $"{text} {name}");
        }, iter: 1_000);

    [Fact]
    public void Comparisons_OfRandomNumbers_AreThoseOfArithmetic() =>
        Gen.Select(Gen.Double[-1e6, 1e6], Gen.Double[-1e6, 1e6], Gen.Bool, Gen.Bool).Sample(static (limit, value, whole, same) =>
        {
            if (whole) (limit, value) = (Math.Round(limit), Math.Round(value));
            if (same) value = limit;
            var text = value.ToString("R", CultureInfo.InvariantCulture);
            foreach (var (name, expected) in new[] { ("lt", value < limit), ("lte", value <= limit), ("gt", value > limit), ("gte", value >= limit) })
                Assert.Equal(expected, Match(Rule($"N|{name}: {limit.ToString("R", CultureInfo.InvariantCulture)}"), ("N", text)));
        }, iter: 1_000);

    [Fact]
    public void Expand_ValuesWithWildcards_StandInThePlaceholder()
    {
        var options = new SigmaReaderOptions { Placeholders = new Dictionary<string, IReadOnlyList<string>> { ["admins"] = ["adm_*", "root"], ["os"] = ["lin", "win"] } };
        var set = Rule("Text|expand: 'x %admins% on %os% %%'", options);
        foreach (var hit in (string[])["x adm_7 on win %%", "x ROOT on lin %%"]) Assert.True(Match(set, ("Text", hit)), hit);
        foreach (var miss in (string[])["x adm on win %%", "x root on mac %%", "x %admins% on lin %%"]) Assert.False(Match(set, ("Text", miss)), miss);
    }

    private static bool Get(byte[] bytes, int bit) => (bytes[bit / 8] & (0x80 >> (bit % 8))) != 0;

    private static void Set(byte[] bytes, int bit, bool value)
    {
        if (value) bytes[bit / 8] |= (byte)(0x80 >> (bit % 8));
        else bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
    }

    private static RuleSet Rule(string item, SigmaReaderOptions? options = null)
    {
        var read = SigmaReader.Read("m.yml", $"title: T\nid: 11111111-1111-4111-8111-111111111111\nlevel: low\nlogsource:\n  product: windows\ndetection:\n  sel:\n    {item}\n  condition: sel\n", options);
        Assert.True(read.Rules.Count == 1, string.Join('\n', read.Faults));
        return RuleSet.Compile(read.Rules);
    }

    private static bool Match(RuleSet set, params (string Name, string Value)[] fields)
    {
        var e = new SecurityEvent();
        e.Add("winlog.channel", "Test");
        foreach (var (name, value) in fields) e.Add("winlog.event_data." + name, value);
        var matches = new List<CompiledRule>();
        set.Match(e, matches);
        return matches.Count > 0;
    }

    /// <summary>A double-quoted YAML scalar; a backslash of the value is doubled once for Sigma, and again for YAML.</summary>
    private static string Quote(string text) => "\"" + text.Replace("\\", "\\\\\\\\", StringComparison.Ordinal) + "\"";
}
