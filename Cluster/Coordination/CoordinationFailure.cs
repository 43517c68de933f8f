namespace Trapline.Cluster.Coordination;

/// <summary>What kind of thing went wrong; a program decides by it whether to go on trying.</summary>
public enum CoordinationFailure
{
    /// <summary>Wrong usage: a URL, a name, a text that is too long.</summary>
    Usage,

    /// <summary>A live node has the name already.</summary>
    NameTaken,

    /// <summary>
    /// The engine cannot be reached or is busy just now: try again later. Where the connection was lost while a call was being committed, it
    /// may have been done all the same, wholly: read before doing it again.
    /// </summary>
    Unavailable,

    /// <summary>The engine is there and cannot take it: the disk is full, it is read-only.</summary>
    Full,

    /// <summary>It is not what this program writes: altered, of another program, of a newer version.</summary>
    Foreign,
}
