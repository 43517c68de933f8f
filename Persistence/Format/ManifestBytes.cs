using Google.Protobuf;
using Trapline.Persistence.Format.Protos;

namespace Trapline.Persistence.Format;

/// <summary>Reads a manifest whose bytes may be anybody's.</summary>
internal static class ManifestBytes
{
    private static readonly uint HeaderTag = WireFormat.MakeTag(Manifest.HeaderFieldNumber, WireFormat.WireType.LengthDelimited);
    private static readonly uint PartTag = WireFormat.MakeTag(Manifest.PartsFieldNumber, WireFormat.WireType.LengthDelimited);
    private static readonly MessageParser<Manifest> Parser = Manifest.Parser.WithDiscardUnknownFields(true);

    /// <exception cref="InvalidDataException">It is no manifest, or not one of this version.</exception>
    public static Manifest Parse(byte[] bytes)
    {
        try
        {
            Count(bytes);
            var manifest = Parser.ParseFrom(bytes);
            // There is one way to write a manifest. What is read back differently had fields that are not known here, or twice, or text that is none.
            return manifest.ToByteArray().AsSpan().SequenceEqual(bytes)
                ? manifest
                : throw new InvalidDataException("it has fields that this version of the format does not have");
        }
        catch (InvalidProtocolBufferException failure)
        {
            throw new InvalidDataException("it is no message of Protocol Buffers", failure);
        }
    }

    /// <summary>Before anything is made of it: two bytes would become a part, with an object of its own.</summary>
    private static void Count(byte[] bytes)
    {
        var input = new CodedInputStream(bytes);
        var (headers, parts) = (0, 0);
        while (input.ReadTag() is not 0 and var tag)
        {
            headers += tag == HeaderTag ? 1 : 0;
            parts += tag == PartTag ? 1 : 0;
            if (tag != HeaderTag && tag != PartTag)
            {
                throw new InvalidDataException($"it has a field {WireFormat.GetTagFieldNumber(tag)}, which this version of the format does not have");
            }

            input.SkipLastField();
        }

        if (headers != 1)
        {
            throw new InvalidDataException($"it has {headers} headers; it must have 1");
        }

        if (parts > CheckpointLimits.Parts)
        {
            throw new InvalidDataException($"it has {parts} parts; at most {CheckpointLimits.Parts} are allowed");
        }
    }
}
