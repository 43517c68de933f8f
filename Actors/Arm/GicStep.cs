namespace Trapline.Actors.Arm;

/// <summary>What an output of a GIC is; the numbers are part of the state.</summary>
internal enum GicStep : byte
{
    Hand = 1,
    Recall = 2,
    Enable = 3,
    Ended = 4,
    Pay = 5,
    GoOn = 6,
    Halt = 7,
}
