namespace Trapline.Actors.Migration;

/// <summary>What becomes of a migration whose guest dirties pages faster than they can be copied.</summary>
public enum Convergence : byte
{
    /// <summary>The guest stays where it is.</summary>
    Cancel,

    /// <summary>The guest is stopped all the same, and its downtime is as long as it takes.</summary>
    Force,
}
