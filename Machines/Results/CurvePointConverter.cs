using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Trapline.Machines.Results;

/// <summary>Writes a point on one line even where JSON is indented: a curve has hundreds of them.</summary>
public sealed class CurvePointConverter : JsonConverter<CurvePoint>
{
    public override CurvePoint Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray || !reader.Read() || !reader.TryGetDecimal(out var ns) || !reader.Read() || !reader.TryGetInt64(out var count)
            || !reader.Read() || reader.TokenType != JsonTokenType.EndArray)
        {
            throw new JsonException("a point of a curve is an array of nanoseconds and a count, such as [6672.5, 3]");
        }

        return new(ns, count);
    }

    public override void Write(Utf8JsonWriter writer, CurvePoint value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteRawValue(string.Create(CultureInfo.InvariantCulture, $"[{value.Ns}, {value.Count}]"));
    }
}
