namespace Trapline.Persistence;

/// <summary>What a store says of a part without reading it.</summary>
/// <param name="Name">Of the part.</param>
/// <param name="SchemaVersion">Of its content.</param>
/// <param name="Bytes">Of its content, before it is compressed.</param>
/// <param name="Sha256">Of its content, in 64 hexadecimal digits.</param>
public sealed record StoredPart(string Name, int SchemaVersion, long Bytes, string Sha256);
