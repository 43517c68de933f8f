namespace Trapline.Actors.Migration;

/// <summary>Who fails.</summary>
public enum MigrationSide : byte
{
    /// <summary>The source's migration thread gives up, as after an ioctl that failed.</summary>
    Source,

    /// <summary>The destination's process dies, and its VM with it.</summary>
    Destination,

    /// <summary>Nothing gets through between the two from then on.</summary>
    Link,
}
