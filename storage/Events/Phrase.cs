using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Beacon.Events;

/// <summary>
/// A sentence for a person, in English as it is written in the source, kept with its form ("a file has at most {0} bytes") and what stands in the holes, so that it can be said in
/// another language. <c>$"a file has at most {most} bytes"</c> and <c>"the quote is not closed"</c> become one by themselves; numbers are written as in the invariant culture.
/// Two are equal that read the same.
/// </summary>
[InterpolatedStringHandler]
[JsonConverter(typeof(PhraseJson))]
public sealed class Phrase : IEquatable<Phrase>
{
    private readonly StringBuilder _form;
    private readonly List<object> _parts;
    private string? _text;

    public Phrase(int literalLength, int formattedCount) => (_form, _parts) = (new StringBuilder(literalLength + formattedCount * 3), new List<object>(formattedCount));

    private Phrase(string form, params object[] parts) : this(form.Length, parts.Length)
    {
        _form.Append(form);
        _parts.AddRange(parts);
    }

    public static Phrase Empty { get; } = new("");

    /// <summary>The sentence with {0}, {1} … where something stands; a brace that is meant is doubled, as for <see cref="string.Format(string, object?)"/>.</summary>
    public string Form => _form.ToString();

    public bool IsEmpty => _form.Length == 0;

    /// <summary>Somebody else's words, which are the same in every language: another program's message, a person's reason.</summary>
    public static Phrase Plain(string words) => new("{0}", words);

    /// <summary>Several, one behind the other.</summary>
    public static Phrase Join(string separator, IEnumerable<Phrase> phrases)
    {
        object[] parts = [.. phrases];
        return new(string.Join(Escape(separator), parts.Select((_, n) => string.Create(CultureInfo.InvariantCulture, $"{{{n}}}"))), parts);
    }

    /// <summary>What is null stays null.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static implicit operator Phrase?(string? text) => text is null ? null : new(Escape(text));

    public void AppendLiteral(string value) => _form.Append(Escape(value));

    public void AppendFormatted<T>(T value) => Append(value, null);
    public void AppendFormatted<T>(T value, string? format) => Append(value, format);

    /// <param name="translate">From the form in English to the form in another language, or to itself where there is none.</param>
    public string In(Func<string, string> translate) =>
        string.Format(CultureInfo.InvariantCulture, translate(Form), [.. _parts.Select(p => p is Phrase inner ? inner.In(translate) : p)]);

    /// <summary>In English.</summary>
    public override string ToString() => _text ??= In(static form => form);

    public bool Equals(Phrase? other) => other is not null && ToString() == other.ToString();
    public override bool Equals(object? obj) => Equals(obj as Phrase);
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    private void Append<T>(T value, string? format)
    {
        _form.Append('{').Append(_parts.Count).Append('}');
        _parts.Add((object?)value switch
        {
            Phrase inner => inner,
            IFormattable number => (object)number.ToString(format, CultureInfo.InvariantCulture),
            var other => other?.ToString() ?? "",
        });
    }

    private static string Escape(string literal) => literal.AsSpan().IndexOfAny('{', '}') < 0 ? literal : literal.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);
}

/// <summary>A phrase goes out as its English text.</summary>
internal sealed class PhraseJson : JsonConverter<Phrase>
{
    public override Phrase? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString() is { } text ? Phrase.Plain(text) : null;
    public override void Write(Utf8JsonWriter writer, Phrase value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
