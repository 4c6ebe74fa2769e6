namespace Beacon.Collectors.Files;

/// <summary>Cuts text at the ends of lines.</summary>
internal sealed class LineCutter(LogStream log, EventFile file) : IBlockCutter
{
    private byte[] _rest = new byte[4_096];
    private int _restLength;
    private long _line = 1;
    private bool _skipping;
    private bool _ended;

    public bool Next(EventBlock block)
    {
        block.Kind = EventBlockKind.Lines;
        while (!_ended || _restLength > 0)
        {
            var filled = Fill(block);
            var end = _ended ? filled : block.Buffer.AsSpan(0, filled).LastIndexOf((byte)'\n') + 1;
            if (end == 0 && filled > 0)
            {
                if (block.Buffer.Length < EventFileReader.MaxLine)
                {
                    Keep(block.Buffer.AsSpan(0, filled));
                    block.Buffer = new byte[block.Buffer.Length * 2];
                }
                else if (!_skipping)
                {
                    _skipping = true;
                    block.FaultList.Add(new EventFileFault(file.Name, $"line {_line}", $"the line is longer than {EventFileReader.MaxLine} bytes"));
                }
                continue;
            }
            Keep(block.Buffer.AsSpan(end, filled - end));
            if (_skipping) end -= SkipLine(block.Buffer.AsSpan(0, end));
            block.First = _line;
            block.Bytes = end;
            _line += block.Buffer.AsSpan(0, end).Count((byte)'\n');
            if (end > 0) return true;
        }
        return block.FaultList.Count > 0;
    }

    private int Fill(EventBlock block)
    {
        _rest.AsSpan(0, _restLength).CopyTo(block.Buffer);
        var n = log.Fill(block.Buffer.AsSpan(_restLength));
        _ended = n < block.Buffer.Length - _restLength;
        n += _restLength;
        _restLength = 0;
        return n;
    }

    private void Keep(ReadOnlySpan<byte> rest)
    {
        if (_rest.Length < rest.Length) _rest = new byte[Math.Max(rest.Length, _rest.Length * 2)];
        rest.CopyTo(_rest);
        _restLength = rest.Length;
    }

    /// <summary>Moves what follows the end of a line too long to the front; the bytes that it took away.</summary>
    private int SkipLine(Span<byte> text)
    {
        _skipping = false;
        _line++;
        var end = text.IndexOf((byte)'\n');
        if (end < 0) return text.Length;
        text[(end + 1)..].CopyTo(text);
        return end + 1;
    }
}
