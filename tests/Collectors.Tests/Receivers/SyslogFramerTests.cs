using System.Text;
using Beacon.Collectors.Receivers.Syslog;
using CsCheck;

namespace Beacon.Collectors.Tests.Receivers;

public sealed class SyslogFramerTests
{
    /// <summary>Feeds the stream in pieces, as TCP may cut it.</summary>
    private static (List<string> Frames, int TooLong, bool Broken) Cut(byte[] stream, int piece, int maxFrame = 1000)
    {
        var framer = new SyslogFramer(maxFrame);
        var frames = new List<string>();
        var (tooLong, buffer) = (0, new List<byte>());
        for (var at = 0; at < stream.Length; at += piece)
        {
            buffer.AddRange(stream.Skip(at).Take(piece));
            while (true)
            {
                var result = framer.Next(buffer.ToArray(), out var used, out var frame);
                if (result == FramerResult.Broken) return (frames, tooLong, true);
                if (result == FramerResult.Frame) frames.Add(Encoding.UTF8.GetString(frame));
                if (result == FramerResult.TooLong) tooLong++;
                buffer.RemoveRange(0, used);
                if (result == FramerResult.More && (used == 0 || buffer.Count == 0)) break;
            }
        }
        if (framer.TryLast(buffer.ToArray(), out var last)) frames.Add(Encoding.UTF8.GetString(last));
        return (frames, tooLong, false);
    }

    [Theory]
    [InlineData("<13>a\n<14>b c\r\n<15>d\n", "<13>a|<14>b c|<15>d")]
    [InlineData("<13>a\nlast without end", "<13>a|last without end")]
    [InlineData("5 <1>ab6 <1>a\nc", "<1>ab|<1>a\nc")]
    [InlineData("5 <1>ab\n5 <1>cd\n", "<1>ab|<1>cd")]
    [InlineData("2026-01-01 line\nmore\n", "2026-01-01 line|more")]
    [InlineData("12 monkeys\n", "12 monkeys")]
    public void Next_AnyPieces_GivesTheSameFrames(string stream, string expected)
    {
        for (var piece = 1; piece <= stream.Length; piece++)
            Assert.Equal(expected.Split('|'), Cut(Encoding.UTF8.GetBytes(stream), piece).Frames);
    }

    [Fact]
    public void Next_LineTooLong_IsPassedOverAndCountedOnce()
    {
        var stream = Encoding.UTF8.GetBytes("<1>ok\n" + new string('x', 50) + "\n<1>next\n");
        for (var piece = 1; piece <= stream.Length; piece++)
        {
            var (frames, tooLong, _) = Cut(stream, piece, maxFrame: 20);
            Assert.Equal(["<1>ok", "<1>next"], frames);
            Assert.Equal(1, tooLong);
        }
    }

    [Fact]
    public void Next_CountTooLong_IsPassedOverAndCountedOnce()
    {
        var stream = Encoding.UTF8.GetBytes("50 <1>" + new string('x', 47) + "5 <1>ab");
        for (var piece = 1; piece <= stream.Length; piece++)
        {
            var (frames, tooLong, _) = Cut(stream, piece, maxFrame: 20);
            Assert.Equal(["<1>ab"], frames);
            Assert.Equal(1, tooLong);
        }
    }

    [Fact]
    public void Next_NonsenseBetweenCounts_IsBroken() => Assert.True(Cut("5 <1>abnonsense here"u8.ToArray(), 3).Broken);

    [Fact]
    public void Next_RandomBytes_AlwaysEnds() =>
        Gen.Select(Gen.Byte.Array[0, 300], Gen.Int[1, 40]).Sample((bytes, piece) => { Cut(bytes, piece, 50); });
}
