using System.Text.Json;
using System.Text.Json.Serialization;

namespace Trapline.Machines.Results;

/// <summary>Writes a curve as pairs on one line even where JSON is indented: it has hundreds of them.</summary>
public sealed class CurveConverter : JsonConverter<IReadOnlyList<CurvePoint>>
{
    public override IReadOnlyList<CurvePoint> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var points = new List<CurvePoint>();
        Expect(reader.TokenType == JsonTokenType.StartArray);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Expect(reader.TokenType == JsonTokenType.StartArray && reader.Read() && reader.TokenType == JsonTokenType.Number);
            var ns = reader.GetDecimal();
            Expect(reader.Read() && reader.TokenType == JsonTokenType.Number);
            points.Add(new(ns, reader.GetInt64()));
            Expect(reader.Read() && reader.TokenType == JsonTokenType.EndArray);
        }

        return points;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<CurvePoint> value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteRawValue($"[{string.Join(", ", value.Select(point => $"[{point.Ns}, {point.Count}]"))}]");
    }

    private static void Expect(bool holds)
    {
        if (!holds)
        {
            throw new JsonException("a curve is a list of pairs of nanoseconds and a count, such as [[6672.5, 3]]");
        }
    }
}
