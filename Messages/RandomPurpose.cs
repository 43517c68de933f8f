namespace Trapline.Messages;

/// <summary>What a draw is for: draws for one purpose never shift those for another. Numbers keep their meaning.</summary>
public enum RandomPurpose : uint
{
    /// <summary>The guest's <c>random</c> instruction.</summary>
    Guest = 1,

    /// <summary>The delay of a message on a path declared <c>jitter</c>.</summary>
    PathJitter = 2,

    /// <summary>How long a guest's <c>work</c> takes, where the scenario perturbs it.</summary>
    Work = 3,

    /// <summary>When a device raises next, where the scenario perturbs it.</summary>
    Arrival = 4,

    /// <summary>Synthetic loads and tests.</summary>
    Synthetic = 128,
}
