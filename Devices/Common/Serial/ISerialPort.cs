using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Devices.Common.Serial;

/// <summary>A UART of any kind, as who carries it and who types at the other end of its line see it. It has two timers, 0 and 1.</summary>
public interface ISerialPort
{
    /// <summary>How many characters a sender that waits for the guest would send now.</summary>
    int ReceiveRoom { get; }

    /// <summary>A character has arrived, all of its bits.</summary>
    void Receive(byte value, VirtualTime now);

    /// <summary>Reads a register.</summary>
    AccessOutcome Read(ulong offset, int size, VirtualTime now, out ulong value);

    /// <summary>Writes a register.</summary>
    AccessOutcome Write(ulong offset, int size, ulong value, VirtualTime now);

    /// <summary>A timer ran out; one that is not wanted any more does nothing.</summary>
    void Expire(int timer, VirtualTime now);

    /// <summary>All state, as rows without side effects: the armed timers are rows of the caller's.</summary>
    void SyncState(StateSync sync);
}
