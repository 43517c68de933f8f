using Trapline.Devices.Arm.Cpu;
using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Timer;

/// <summary>One of a CPU's generic timers: it compares a counter with a value and has its output high while the counter has reached it.</summary>
internal struct CompareTimer
{
    public const uint Enable = 1;
    public const uint Masked = 2;
    public const uint Condition = 4;
    public const uint Writable = Enable | Masked;

    public uint Control;
    public ulong Compare;

    /// <summary>As last driven.</summary>
    public bool Output;

    public readonly bool IsEnabled => (Control & Enable) != 0;

    /// <summary>CTL, with ISTATUS of an enabled timer.</summary>
    public readonly uint ControlAt(ulong count) => Control | (IsEnabled && count >= Compare ? Condition : 0);

    public readonly bool OutputAt(ulong count) => (Control & Writable) == Enable && count >= Compare;

    /// <summary>Whether it has still to come to an output.</summary>
    public readonly bool WaitsAt(ulong count) => (Control & Writable) == Enable && count < Compare;

    public void SyncState(StateSync sync, string name)
    {
        sync.Begin(name);
        sync.Row("CTL", ref Control);
        sync.Row("CVAL", ref Compare);
        sync.Row("output", ref Output);
        sync.End();
        if (sync.Loading)
        {
            StateCheck.Bits("CTL", Control, Writable);
        }
    }
}
