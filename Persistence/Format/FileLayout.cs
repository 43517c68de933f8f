namespace Trapline.Persistence.Format;

/// <summary>
/// Where what is in a <c>.trapline-snapshot</c> file: magic, version of the format and length of the manifest (32 bits each, little-endian),
/// SHA-256 over these and the manifest, the manifest, and the parts one after the other. Nothing else, and nothing after them.
/// </summary>
internal static class FileLayout
{
    /// <summary>The newest version that is read, and the only one that is written.</summary>
    public const uint Version = 1;

    public const int VersionOffset = 8;
    public const int LengthOffset = 12;
    public const int HashOffset = 16;
    public const int HashBytes = 32;
    public const int ManifestOffset = HashOffset + HashBytes;

    /// <summary>Bytes of a manifest: enough for the most parts with the longest names of common letters.</summary>
    public const int ManifestBytes = 64 << 20;

    /// <summary>As PNG has it: a byte beyond ASCII, both line ends and a Ctrl-Z, so that a transfer as text is found out.</summary>
    public static ReadOnlySpan<byte> Magic => [0x89, (byte)'T', (byte)'R', (byte)'A', (byte)'P', (byte)'\r', (byte)'\n', 0x1a];
}
