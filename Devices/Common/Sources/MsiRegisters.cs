namespace Trapline.Devices.Common.Sources;

/// <summary>
/// Offsets of the registers of <see cref="MsiDevice"/>: a block of each queue, then the MSI-X table and the pending bits
/// as PCI has them (PCI Local Bus Specification 3.0, 6.8.2).
/// </summary>
public static class MsiRegisters
{
    /// <summary>Bytes from one queue's block to the next.</summary>
    public const int QueueStride = 0x28;

    /// <summary>In a queue's block; bit 0: sends. It clears itself when COUNT is reached.</summary>
    public const int Control = 0x00;

    /// <summary>Nanoseconds from one sending to the next; 0: one when CONTROL is switched on.</summary>
    public const int Period = 0x08;

    /// <summary>Messages to send; 0: no end.</summary>
    public const int Count = 0x10;

    /// <summary>Messages sent, those that wait behind a mask too; writing sets it.</summary>
    public const int Sent = 0x18;

    /// <summary>Messages of one sending; 0 is 1.</summary>
    public const int Burst = 0x20;

    public const int QueuesEnd = MsiDevice.MaximumQueues * QueueStride;

    /// <summary>The MSI-X table: address, data and vector control of each queue.</summary>
    public const int Table = 0x3000;

    public const int EntryBytes = 16;

    public const int EntryAddress = 0x0;

    /// <summary>Data in the low word, vector control in the high one.</summary>
    public const int EntryDataAndControl = 0x8;

    /// <summary>Vector control bit 0: masked. In the register of eight bytes it is bit 32.</summary>
    public const ulong EntryMask = 1UL << 32;

    public const int TableEnd = Table + (MsiDevice.MaximumQueues * EntryBytes);

    /// <summary>The pending bits, one a queue. Read-only.</summary>
    public const int PendingBits = TableEnd;

    public const int End = PendingBits + (MsiDevice.MaximumQueues / 8);

    private static readonly string[] Names = BuildNames();

    /// <summary>The name of the register that holds a byte: <c>PERIOD[3]</c>, <c>MSIX_ADDR[3]</c>; null where none is. Allocates nothing.</summary>
    public static string? NameOf(ulong offset) => offset < End ? Names[offset / sizeof(uint)] : null;

    /// <summary>The queue whose entry of the table is at an offset; -1 where none is.</summary>
    public static int QueueOfEntry(ulong offset) => offset is >= Table and < TableEnd ? (int)(offset - Table) / EntryBytes : -1;

    private static string[] BuildNames()
    {
        var names = new string[End / sizeof(uint)];
        for (var word = 0; word < names.Length; word++)
        {
            var offset = word * sizeof(uint);
            names[word] = offset switch
            {
                < QueuesEnd => QueueName(offset % QueueStride & ~7) + $"[{offset / QueueStride}]",
                < Table => $"+0x{offset:x}",
                < TableEnd => EntryName(offset % EntryBytes) + $"[{(offset - Table) / EntryBytes}]",
                _ => $"MSIX_PBA[{(offset - PendingBits) / sizeof(ulong)}]",
            };
        }

        return names;
    }

    private static string QueueName(int register) => register switch
    {
        Control => "CONTROL",
        Period => "PERIOD",
        Count => "COUNT",
        Sent => "SENT",
        _ => "BURST",
    };

    private static string EntryName(int word) => word switch
    {
        0x0 => "MSIX_ADDR_LO",
        0x4 => "MSIX_ADDR_HI",
        0x8 => "MSIX_DATA",
        _ => "MSIX_CONTROL",
    };
}
