namespace Trapline.Persistence;

/// <summary>What a checkpoint may have at most. Sizes that a file declares are held against these before anything is allocated.</summary>
public static class CheckpointLimits
{
    /// <summary>Characters of a part's name.</summary>
    public const int NameLength = 128;

    /// <summary>Characters of any other text in a header.</summary>
    public const int TextLength = 4096;

    /// <summary>Parts: more than groups that a machine can have.</summary>
    public const int Parts = 131_072;

    /// <summary>Bytes of one part, before it is compressed.</summary>
    public const int PartBytes = 1 << 30;

    /// <summary>Bytes of all parts, before they are compressed.</summary>
    public const long TotalBytes = 4L << 30;
}
