using Beacon.Events;

namespace Beacon.Collectors.Parsers;

/// <summary>What is known of a frame besides its bytes.</summary>
/// <param name="Received">When it was received, UTC: settles years and zones that a timestamp lacks.</param>
/// <param name="Zone">Zone of timestamps that name none.</param>
public readonly record struct FrameInfo(DateTimeOffset Received, TimeZoneInfo Zone)
{
    /// <summary>A frame received at an instant, its times in UTC.</summary>
    public static FrameInfo At(DateTimeOffset received) => new(received, TimeZoneInfo.Utc);
}

/// <summary>Whether a frame was read, and if not, why and where.</summary>
/// <param name="Error">Null where it was read; else a sentence without the frame's text.</param>
/// <param name="Offset">Byte of the frame at which reading stopped.</param>
public readonly record struct ParseResult(Phrase? Error, int Offset)
{
    public static readonly ParseResult Ok;
    public bool Succeeded => Error is null;
    public static ParseResult Fail(Phrase error, int offset = 0) => new(error, offset);
}

/// <summary>
/// Makes an ECS event of a frame: one folder a format. Safe to call from several threads; reads the bytes it is given and nothing else;
/// never throws for a frame's sake.
/// </summary>
public interface IEventParser
{
    /// <summary>Name by which a source names its format ("syslog", "zeek").</summary>
    string Name { get; }

    /// <summary>How surely the frame is of this format, 0 (no) to 100 (a magic); cheap, without reading all of it.</summary>
    int Recognise(ReadOnlySpan<byte> frame);

    /// <summary>Adds the frame's fields and sets the timestamp where it has one. On failure the event's content is undefined.</summary>
    ParseResult Parse(ReadOnlySpan<byte> frame, in FrameInfo info, SecurityEvent into);
}

/// <summary>A parser that also reads the text behind a syslog header, known by the name of the program that wrote it.</summary>
internal interface IMessageParser
{
    /// <summary>Programs whose messages it reads, compared without case ("sshd").</summary>
    IReadOnlyList<string> Programs { get; }

    /// <summary>Adds fields of the message; the header's fields are there already. False where it knows nothing of it.</summary>
    bool ParseMessage(ReadOnlySpan<byte> message, SecurityEvent into);
}
