namespace Trapline.Actors.Kernel;

/// <summary>Why an actor asked for the end of the run.</summary>
public enum EndReason
{
    /// <summary>A guest executed <c>exit</c>.</summary>
    Exit,

    /// <summary>A guest's <c>assert</c> failed.</summary>
    Assertion,

    /// <summary>An invariant was violated.</summary>
    Violation,
}
