namespace Trapline.Actors.Kernel;

/// <summary>Why a run ended.</summary>
public enum EndReason
{
    /// <summary>A guest executed <c>exit</c>.</summary>
    Exit,

    /// <summary>A guest's <c>assert</c> failed.</summary>
    Assertion,

    /// <summary>The scenario's or the user's time was up.</summary>
    Until,

    /// <summary>Nothing was due any more, anywhere.</summary>
    Drained,

    /// <summary>A person stopped it.</summary>
    Interrupted,
}
