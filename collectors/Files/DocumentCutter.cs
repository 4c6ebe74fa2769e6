using System.Text.Json;
using Beacon.Events;

namespace Beacon.Collectors.Files;

/// <summary>Cuts the JSON objects out of a document that spans lines. The document is held whole.</summary>
internal sealed class DocumentCutter : IBlockCutter
{
    private readonly EventFile _file;
    private readonly ReadOnlyMemory<byte> _text;
    private readonly EventFileFault? _tooLong;
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = JsonFields.MaxDepth + 1, AllowMultipleValues = true });
    private int _at;
    private long _number = 1;
    private bool _ended;

    public DocumentCutter(LogStream log, EventFile file)
    {
        _file = file;
        var buffer = new byte[1024 * 1024];
        var length = 0;
        while (log.Fill(buffer.AsSpan(length)) is > 0 and var n)
        {
            length += n;
            if (length < buffer.Length) break;
            if (length > EventFileReader.MaxDocument)
            {
                _tooLong = new EventFileFault(file.Name, "", $"JSON that spans lines is read up to {EventFileReader.MaxDocument} bytes");
                length = 0;
                break;
            }
            Array.Resize(ref buffer, Math.Min(buffer.Length * 2, EventFileReader.MaxDocument + 1));
        }
        _text = buffer.AsMemory(0, length);
        if (_text.Span.StartsWith("\uFEFF"u8)) _text = _text[3..];
    }

    public bool Next(EventBlock block)
    {
        if (_ended) return false;
        block.Kind = EventBlockKind.Objects;
        block.First = _number;
        block.Document = _text;
        if (_tooLong is not null) block.FaultList.Add(_tooLong);
        var from = _at;
        try
        {
            Cut(block);
        }
        catch (JsonException broken)
        {
            block.FaultList.Add(new EventFileFault(_file.Name, $"line {broken.LineNumber + 1}", "the text is not JSON"));
            _ended = true;
        }
        _number += block.Objects.Count;
        block.Bytes = _at - from;
        return block.Objects.Count > 0 || block.FaultList.Count > 0;
    }

    private void Cut(EventBlock block)
    {
        var reader = new Utf8JsonReader(_text.Span[_at..], isFinalBlock: true, _state);
        var from = _at;
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.StartObject) continue;
            var start = from + (int)reader.TokenStartIndex;
            reader.Skip();
            _at = from + (int)reader.BytesConsumed;
            block.Objects.Add(start.._at);
            if (_at - from < EventBlock.Size) continue;
            _state = reader.CurrentState;
            return;
        }
        _at = _text.Length;
        _ended = true;
    }
}
