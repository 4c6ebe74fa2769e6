using System.Runtime.InteropServices;
using System.Text;
using Beacon.Events;

namespace Beacon.Collectors.Parsers.Evtx;

/// <summary>
/// Turns binary XML ([MS-EVEN6] section 2.2.12) into the list of values that it gives, so that a record of a known template is read
/// without looking at its markup.
/// </summary>
internal ref struct TemplateCompiler(ReadOnlySpan<byte> chunk, int position, int end)
{
    private const int MaxDepth = 64;
    private const int MaxSlots = 4_096;
    private readonly List<EvtxSlot> _slots = [];
    private ChunkCursor _cursor = new(chunk, position, end);

    /// <summary>Where reading stopped.</summary>
    public readonly int Position => _cursor.Position;

    /// <param name="dependencies">Elements carry a dependency id: in templates they do, in a substituted fragment they do not.</param>
    public EvtxPlan Compile(EvtxContext context, bool dependencies)
    {
        while (!_cursor.AtEnd)
        {
            var token = _cursor.Peek();
            if ((token & 0x3F) == Token.Open) Element(context, dependencies, 0);
            else if (token == Token.FragmentHeader) _cursor.Take(4);
            else if (token == Token.EndOfStream || token == Token.TemplateInstance) break;
            else if (!Skip()) break;
        }
        return _cursor.Failed ? EvtxPlan.Bad("the markup ends early or makes no sense") : new EvtxPlan([.. _slots], null);
    }

    private void Element(EvtxContext parent, bool dependencies, int depth)
    {
        if (depth > MaxDepth || _slots.Count > MaxSlots)
        {
            _cursor.Fail();
            return;
        }
        var hasAttributes = (_cursor.Byte() & 0x40) != 0;
        if (dependencies) _cursor.UInt16();
        _cursor.UInt32();
        var name = _cursor.Name();
        var context = ContextOf(parent, name);
        List<(string Name, EvtxPiece[] Pieces)>? attributes = null;
        if (hasAttributes)
        {
            _cursor.UInt32();
            while ((_cursor.Peek() & 0x3F) == Token.Attribute && !_cursor.Failed)
            {
                _cursor.Byte();
                var attribute = _cursor.Name();
                (attributes ??= []).Add((attribute, Pieces()));
            }
        }
        var text = Array.Empty<EvtxPiece>();
        var children = false;
        var closing = _cursor.Byte();
        if (closing == Token.CloseStart)
        {
            while (!_cursor.Failed)
            {
                var token = _cursor.Peek();
                if ((token & 0x3F) == Token.Open)
                {
                    children = true;
                    Element(context, dependencies, depth + 1);
                }
                else if (token == Token.EndElement)
                {
                    _cursor.Byte();
                    break;
                }
                else
                {
                    var more = Pieces();
                    if (more.Length > 0) text = [.. text, .. more];
                    else if (!Skip()) break;
                }
            }
        }
        else if (closing != Token.CloseEmpty) _cursor.Fail();
        if (!_cursor.Failed) Give(parent, context, name, attributes, text, children);
    }

    /// <summary>Text, character and entity references, and substitutions, as long as they follow each other.</summary>
    private EvtxPiece[] Pieces()
    {
        List<EvtxPiece>? pieces = null;
        while (!_cursor.AtEnd)
        {
            var token = _cursor.Peek();
            switch (token & 0x3F)
            {
                case Token.Value:
                    _cursor.Byte();
                    if (_cursor.Byte() != 1) _cursor.Fail();
                    (pieces ??= []).Add(new EvtxPiece(Characters(), -1));
                    break;
                case Token.CData:
                    _cursor.Byte();
                    (pieces ??= []).Add(new EvtxPiece(Characters(), -1));
                    break;
                case Token.CharacterReference:
                    _cursor.Byte();
                    (pieces ??= []).Add(new EvtxPiece(((char)_cursor.UInt16()).ToString(), -1));
                    break;
                case Token.EntityReference:
                    _cursor.Byte();
                    (pieces ??= []).Add(new EvtxPiece(Entity(_cursor.Name()), -1));
                    break;
                case Token.NormalSubstitution or Token.OptionalSubstitution:
                    _cursor.Byte();
                    (pieces ??= []).Add(new EvtxPiece(null, _cursor.UInt16()));
                    _cursor.Byte();
                    break;
                default:
                    return pieces is null ? [] : [.. pieces];
            }
        }
        return pieces is null ? [] : [.. pieces];
    }

    private string Characters() => new(MemoryMarshal.Cast<byte, char>(_cursor.Take(_cursor.UInt16() * 2)));

    private static string Entity(string name) => name switch { "amp" => "&", "lt" => "<", "gt" => ">", "quot" => "\"", "apos" => "'", _ => "" };

    /// <summary>Passes over processing instructions. False where the token is unknown.</summary>
    private bool Skip()
    {
        switch (_cursor.Peek())
        {
            case Token.InstructionTarget:
                _cursor.Byte();
                _cursor.Name();
                return true;
            case Token.InstructionData:
                _cursor.Byte();
                Characters();
                return true;
            default:
                _cursor.Fail();
                return false;
        }
    }

    private static EvtxContext ContextOf(EvtxContext parent, string name) => parent switch
    {
        EvtxContext.Document => name == "Event" ? EvtxContext.Event : EvtxContext.Ignored,
        EvtxContext.Event => name switch
        {
            "System" => EvtxContext.System,
            "EventData" => EvtxContext.EventData,
            "UserData" => EvtxContext.UserData,
            "RenderingInfo" => EvtxContext.Rendering,
            _ => EvtxContext.Ignored,
        },
        EvtxContext.EventData => EvtxContext.UserData,
        _ => parent,
    };

    private readonly void Give(EvtxContext parent, EvtxContext context, string name, List<(string Name, EvtxPiece[] Pieces)>? attributes, EvtxPiece[] text, bool children)
    {
        switch (parent)
        {
            case EvtxContext.Document or EvtxContext.Event:
                foreach (var piece in text)
                    if (piece.Substitution >= 0) _slots.Add(new EvtxSlot(EvtxRole.Fragment, FieldId.None, null, [piece], null, context));
                break;
            case EvtxContext.System:
                EvtxSystem.Give(_slots, name, attributes, text);
                break;
            case EvtxContext.EventData when !children:
                var named = attributes?.Find(a => a.Name == "Name").Pieces;
                if (named is [{ Literal: not null }]) GiveData(named[0].Literal!, text, EvtxContext.UserData);
                else if (named is { Length: > 0 }) _slots.Add(new EvtxSlot(EvtxRole.Data, FieldId.None, null, text, named, EvtxContext.UserData));
                else GiveData(name, text, EvtxContext.UserData);
                break;
            case EvtxContext.UserData when !children:
                GiveData(name, text, EvtxContext.UserData);
                break;
            case EvtxContext.Rendering when name == "Message" && text.Length > 0:
                _slots.Add(new EvtxSlot(EvtxRole.System, Field.Message, null, text, null, EvtxContext.Ignored));
                break;
        }
    }

    private readonly void GiveData(string name, EvtxPiece[] text, EvtxContext context)
    {
        var full = Encoding.UTF8.GetBytes("winlog.event_data." + name);
        FieldNames.TryFind(full, out var field);
        _slots.Add(new EvtxSlot(EvtxRole.Data, field, full, text, null, context));
    }

    internal static class Token
    {
        public const byte EndOfStream = 0, Open = 1, CloseStart = 2, CloseEmpty = 3, EndElement = 4, Value = 5, Attribute = 6, CData = 7,
            CharacterReference = 8, EntityReference = 9, InstructionTarget = 10, InstructionData = 11, TemplateInstance = 12,
            NormalSubstitution = 13, OptionalSubstitution = 14, FragmentHeader = 15;
    }
}
