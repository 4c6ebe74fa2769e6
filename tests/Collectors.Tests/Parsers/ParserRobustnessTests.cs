using System.Text;
using Beacon.Collectors.Files;
using Beacon.Collectors.Parsers;
using Beacon.Collectors.Parsers.Evtx;
using Beacon.Events;
using CsCheck;

namespace Beacon.Collectors.Tests.Parsers;

public sealed class ParserRobustnessTests
{
    private static readonly ParserCatalog Catalog = CollectorsModule.CreateParsers();

    private static string Cases([System.Runtime.CompilerServices.CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "cases");

    private static void ParseWithAll(byte[] frame)
    {
        var info = FrameInfo.At(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
        var e = new SecurityEvent();
        Catalog.Parse(null, frame, info, e, out _);
        foreach (var format in Catalog.Formats.Skip(1))
        {
            e.Reset();
            Assert.True(Catalog.TryFind(format, out var parser));
            var result = parser.Parse(frame, info, e);
            if (result.Succeeded) EcsJson.ToText(e);
            else Assert.InRange(result.Offset, 0, frame.Length + 1);
        }
    }

    [Fact]
    public void Parse_RandomBytes_NeverThrows() => Gen.Byte.Array[0, 400].Sample(ParseWithAll);

    [Fact]
    public void Parse_RealLinesCutAndFlipped_NeverThrows()
    {
        var lines = Directory.GetFiles(Cases(), "*.log").SelectMany(File.ReadAllLines).Select(Encoding.UTF8.GetBytes).ToArray();
        Gen.Select(Gen.Int[0, lines.Length - 1], Gen.Int[0, 1000], Gen.Int[0, 1000], Gen.Byte).Sample((i, cut, at, flip) =>
        {
            var line = (byte[])lines[i].Clone();
            line[at % line.Length] ^= flip;
            ParseWithAll(line[..(cut % (line.Length + 1))]);
        });
        foreach (var line in lines)
            for (var n = 0; n <= line.Length; n++) ParseWithAll(line[..n]);
    }

    [Fact]
    public void ReadEvtx_DamagedAnywhere_NeverThrowsAndReportsIt()
    {
        var sample = File.ReadAllBytes(Directory.GetFiles(Corpora.Path("corpora", "sigma-regression"), "*.evtx", SearchOption.AllDirectories).OrderBy(f => new FileInfo(f).Length).First());
        using var folder = new TestFolder();
        var path = folder.File("x.evtx");
        Gen.Select(Gen.Int[128, sample.Length - 1], Gen.Byte[1, 255], Gen.Int[1, 40]).Sample((at, flip, run) =>
        {
            var broken = (byte[])sample.Clone();
            for (var i = at; i < Math.Min(at + run, broken.Length); i++) broken[i] ^= flip;
            File.WriteAllBytes(path, broken);
            using var reader = new EvtxReader(File.OpenHandle(path), _ => { });
            var e = new SecurityEvent();
            while (reader.TryRead(e)) EcsJson.ToText(e);
        }, iter: 300, threads: 1);
    }

    [Fact]
    public void ReadEvtx_ChunkDestroyed_ReadsTheOthersAndReportsIt()
    {
        var file = Directory.GetFiles(Corpora.Path("corpora", "evtx"), "*.evtx", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First(f => new FileInfo(f).Length > 4096 + 3 * 65536);
        var bytes = File.ReadAllBytes(file);
        using var folder = new TestFolder();
        (long Records, int Faults) Read(byte[] content)
        {
            var path = folder.File("x.evtx");
            File.WriteAllBytes(path, content);
            var faults = 0;
            var summary = new EventFileReader(Catalog).Read(path, "auto", (_, _) => { }, _ => faults++);
            return (summary.Events, faults);
        }
        var whole = Read(bytes);
        bytes.AsSpan(4096 + 65536, 65536).Fill(0xEE);
        var damaged = Read(bytes);
        Assert.InRange(damaged.Records, 1, whole.Records - 1);
        Assert.True(damaged.Faults > whole.Faults);
    }

    [Fact]
    public void Catalog_UnknownText_IsKeptWithItsTextAndBinaryIsRefused()
    {
        var e = new SecurityEvent();
        Assert.True(Catalog.Parse(null, "something nobody knows"u8, FrameInfo.At(default), e, out var recognised).Succeeded);
        Assert.False(recognised);
        Assert.Equal("something nobody knows", e.GetText(Field.Message));
        Assert.Equal("unknown", e.GetText(Field.EventDataset));
        Assert.False(Catalog.Parse(null, [1, 2, 3, 0], FrameInfo.At(default), new SecurityEvent(), out _).Succeeded);
        Assert.Contains("JSON", Catalog.Parse(null, "{\"a\":"u8, FrameInfo.At(default), new SecurityEvent(), out _).Error?.ToString(), StringComparison.Ordinal);
    }
}
