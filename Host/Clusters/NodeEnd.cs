namespace Trapline.Host.Clusters;

/// <summary>How a node of this machine ended.</summary>
internal enum NodeEnd
{
    /// <summary>It left when it was asked to.</summary>
    Left,

    /// <summary>It did not, and was ended.</summary>
    Killed,

    /// <summary>It was not there any more.</summary>
    Gone,
}
