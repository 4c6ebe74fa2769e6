using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Beacon.Collectors.Files;
using Beacon.Collectors.Files.Archives;
using Beacon.Events;

namespace Beacon.Collectors.Tests.Files;

public sealed class ArchiveTests : IDisposable
{
    private static readonly byte[] Two = "{\"message\":\"one\"}\n{\"message\":\"two\"}\n"u8.ToArray();

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_Zip_GivesItsLogsAndTouchesNoDisk()
    {
        var file = Write("a.zip", Zip(("../../escape/x.json", Two), ("b\\y.log", Two), ("picture.png", Two), ("folder/", [])));
        var (events, faults) = Read(file);
        Assert.Equal(["a.zip!../../escape/x.json#1 one", "a.zip!../../escape/x.json#2 two", "a.zip!b/y.log#1 one", "a.zip!b/y.log#2 two"], events);
        Assert.Empty(faults);
        Assert.Equal([file], Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Read_PackedFile_KeepsItsOwnName()
    {
        Assert.Equal(["a.json.gz#1 one", "a.json.gz#2 two"], Read(Write("a.json.gz", Gzip(Two))).Events);
        Assert.Equal(["a.json.zst#1 one", "a.json.zst#2 two"], Read(Write("a.json.zst", Zstandard(Two))).Events);
        // Two members are one file.
        Assert.Equal(["b.gz#1 one", "b.gz#2 two", "b.gz#3 one", "b.gz#4 two"], Read(Write("b.gz", [.. Gzip(Two), .. Gzip(Two)])).Events);
    }

    [Theory]
    [InlineData(TarEntryFormat.Pax)]
    [InlineData(TarEntryFormat.Gnu)]
    [InlineData(TarEntryFormat.Ustar)]
    public void Read_Tar_GivesItsLogsWithLongNames(TarEntryFormat format)
    {
        var name = new string('d', 90) + "/" + (format == TarEntryFormat.Ustar ? "x" : new string('n', 200)) + ".json";
        var tar = Tar(format, (name, Two), ("skipped.exe", Two), ("last.log", Two));
        string[] expected = [$"{name}#1 one", $"{name}#2 two", "last.log#1 one", "last.log#2 two"];
        foreach (var (file, bytes) in new[] { ("a.tar", tar), ("a.tar.gz", Gzip(tar)), ("a.tar.zst", Zstandard(tar)) })
        {
            var (events, faults) = Read(Write(file, bytes));
            Assert.Equal(expected.Select(e => file + "!" + e), events);
            Assert.Empty(faults);
        }
    }

    [Fact]
    public void Read_ArchiveWithinAnArchive_IsRefusedAndItsNeighboursAreRead()
    {
        var (events, faults) = Read(Write("a.zip", Zip(("inner.zip", Zip(("x.log", Two))), ("inner.gz", Gzip(Two)), ("z.log", Two))));
        Assert.Equal(["a.zip!z.log#1 one", "a.zip!z.log#2 two"], events);
        Assert.Equal(["a.zip!inner.zip", "a.zip!inner.gz"], faults.Select(static f => f.File));
        Assert.All(faults, static f => Assert.Contains("within an archive", f.Reason.ToString(), StringComparison.Ordinal));
        Assert.Contains("within an archive", Assert.Single(Read(Write("b.gz", Gzip(Gzip(Two)))).Faults).Reason.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.7z", "7z", "377ABCAF271C")]
    [InlineData("a.xz", "xz", "FD377A585A00")]
    [InlineData("a.bz2", "bzip2", "425A6839314159")]
    [InlineData("a.rar", "rar", "526172211A07")]
    public void Read_ArchiveOfAFormThatIsNotRead_IsRefusedByName(string name, string form, string magic)
    {
        var (events, faults) = Read(Write(name, [.. Convert.FromHexString(magic), 1, 2, 3, 4]));
        Assert.Empty(events);
        Assert.Contains(form, Assert.Single(faults).Reason.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_EncryptedEntry_IsRefused()
    {
        var zip = Zip(("x.log", Two), ("y.log", Two));
        // Bit 0 of the flags, in the entry's own header and in the directory.
        zip[6] |= 1;
        zip[zip.AsSpan().IndexOf("PK\u0001\u0002"u8) + 8] |= 1;
        var (events, faults) = Read(Write("a.zip", zip));
        Assert.Equal(2, events.Count);
        Assert.Contains("encrypted", Assert.Single(faults).Reason.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ArchiveThatBreaksOff_GivesWhatCameBeforeAndAFault()
    {
        var lines = Encoding.UTF8.GetBytes(string.Join("", Enumerable.Range(1, 5_000).Select(static i => $"{{\"message\":\"event {i} {i * 7919}\"}}\n")));
        foreach (var (name, bytes) in new[] { ("a.zst", Zstandard(lines)), ("a.tar", Tar(TarEntryFormat.Ustar, ("x.log", lines))), ("a.tar.zst", Zstandard(Tar(TarEntryFormat.Ustar, ("x.log", lines)))) })
        {
            var (events, faults) = Read(Write(name, bytes[..(bytes.Length / 2)]));
            Assert.NotEmpty(faults);
            Assert.True(name == "a.tar.zst" || events.Count > 100 || bytes.Length < 64 * 1024, $"{name}: {events.Count}");
        }
        var zip = Zip(("x.log", lines));
        var (_, cut) = Read(Write("a.zip", zip[..(zip.Length / 2)]));
        Assert.Contains("cut off", Assert.Single(cut).Reason.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_DamagedArchive_NeverThrows()
    {
        var random = new Random(4);
        byte[][] archives = [Zip(("x.log", Two), ("y.json", Two)), Gzip(Two), Zstandard(Two), Tar(TarEntryFormat.Pax, ("x.log", Two)), Gzip(Tar(TarEntryFormat.Gnu, (new string('n', 150) + ".log", Two)))];
        for (var i = 0; i < 400; i++)
        {
            var bytes = archives[i % archives.Length].ToArray();
            for (var hit = 0; hit < 3; hit++) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var (events, faults) = Read(Write("damaged", bytes));
            Assert.True(events.Count <= 20 && faults.Count <= 20);
        }
    }

    [Fact]
    public void Read_Bomb_IsGivenUpWithItsReason()
    {
        var line = Encoding.ASCII.GetBytes(new string('0', 999) + "\n");
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            for (var i = 0; i < 200_000; i++) gzip.Write(line);
        var events = 0;
        var faults = new List<EventFileFault>();
        var summary = new EventFileReader(CollectorsModule.CreateParsers()).Read(Write("bomb.gz", packed.ToArray()), "auto", (_, _) => events++, faults.Add, TestContext.Current.CancellationToken);
        Assert.InRange(events * 1_000L, ArchiveBudget.FreeBytes, ArchiveBudget.FreeBytes + (packed.Length * ArchiveBudget.MaxRatio));
        Assert.True(events < 200_000);
        Assert.Contains("grows more than", Assert.Single(faults).Reason.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, summary.Faults);
    }

    [Fact]
    public void Read_MoreEntriesThanTheCeiling_IsGivenUp()
    {
        var tar = new byte[(ArchiveBudget.MaxEntries + 1) * 512];
        var entry = Tar(TarEntryFormat.Ustar, ("x.bin", []));
        for (var at = 0; at < tar.Length; at += 512) entry.AsSpan(0, 512).CopyTo(tar.AsSpan(at));
        Assert.Contains("entries", Assert.Single(Read(Write("many.tar", tar)).Faults).Reason.ToString(), StringComparison.Ordinal);

        // A zip says how many it has: its directory is not read to find out.
        var zip = new byte[56 + 20 + 22];
        "PK\u0006\u0006"u8.CopyTo(zip);
        BitConverter.TryWriteBytes(zip.AsSpan(32), 5_000_000L);
        "PK\u0006\u0007"u8.CopyTo(zip.AsSpan(56));
        "PK\u0005\u0006"u8.CopyTo(zip.AsSpan(76));
        BitConverter.TryWriteBytes(zip.AsSpan(86), ushort.MaxValue);
        byte[] whole = [.. "PK\u0003\u0004"u8, .. zip];
        BitConverter.TryWriteBytes(whole.AsSpan(4 + 56 + 8), 4L);
        Assert.Contains("entries", Assert.Single(Read(Write("many.zip", whole)).Faults).Reason.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void EnumerateFiles_Folder_FindsArchivesAndRotatedLogs()
    {
        foreach (var name in (string[])["auth.log.1", "b.zip", "c.tar.gz", "d.7z", "e.exe", "f.12", "g.log.old"]) File.WriteAllText(_folder.File(name), "");
        Assert.Equal(["auth.log.1", "b.zip", "c.tar.gz", "d.7z"], EventFileReader.EnumerateFiles(_folder.Path).Select(Path.GetFileName));
    }

    private string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(_folder.File(name), bytes);
        return _folder.File(name);
    }

    private static (List<string> Events, List<EventFileFault> Faults) Read(string path)
    {
        var (events, faults) = (new List<string>(), new List<EventFileFault>());
        using var source = new EventBlockSource([(path, Path.GetFileName(path))], "auto");
        var (block, reader) = (new EventBlock(), new EventBlockReader(CollectorsModule.CreateParsers(), "auto"));
        while (source.TryRead(block)) reader.Read(block, (e, number) => events.Add($"{block.File.Name}#{block.File.LabelNext(number)} {e.GetText(Field.Message)}"), faults.Add);
        return (events, faults);
    }

    private static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content) in entries)
                using (var entry = zip.CreateEntry(name).Open()) entry.Write(content);
        return stream.ToArray();
    }

    private static byte[] Gzip(byte[] content)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(content);
        return stream.ToArray();
    }

    private static byte[] Zstandard(byte[] content)
    {
        using var stream = new MemoryStream();
        using (var zstandard = new ZstdSharp.CompressionStream(stream, leaveOpen: true)) zstandard.Write(content);
        return stream.ToArray();
    }

    private static byte[] Tar(TarEntryFormat format, params (string Name, byte[] Content)[] entries)
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, format, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                TarEntry entry = format switch { TarEntryFormat.Pax => new PaxTarEntry(TarEntryType.RegularFile, name), TarEntryFormat.Gnu => new GnuTarEntry(TarEntryType.RegularFile, name), _ => new UstarTarEntry(TarEntryType.RegularFile, name) };
                entry.DataStream = new MemoryStream(content);
                tar.WriteEntry(entry);
            }
        }
        return stream.ToArray();
    }
}
