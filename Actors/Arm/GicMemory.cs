using Trapline.Actors.Guests;
using Trapline.Actors.Kernel;
using Trapline.Actors.Memory;
using Trapline.Devices.Arm;

namespace Trapline.Actors.Arm;

/// <summary>
/// Guest memory as the GIC on the board reaches it: the pages that are at home there. Who waits for a change is told of it, and
/// a page that is written is dirty.
/// </summary>
/// <param name="owner">The GIC, for errors.</param>
/// <param name="layout">Where memory is.</param>
/// <param name="memory">The board's pages.</param>
/// <param name="home">Their home.</param>
/// <param name="vcpus">Of the machine: each has an area that is at home elsewhere.</param>
internal sealed class GicMemory(GicActor owner, GuestLayout layout, GuestMemory memory, MemoryActor home, int vcpus) : IGuestMemory
{
    /// <inheritdoc/>
    public bool IsRam(ulong address) => layout.IsMemory(address);

    /// <inheritdoc/>
    public bool TryRead(ulong address, int bytes, out ulong value)
    {
        var isHere = IsHere(address, bytes);
        value = isHere ? memory.Read(address, WidthOf(bytes)) : 0;
        return isHere;
    }

    /// <inheritdoc/>
    public bool TryRead(ulong address, Span<byte> bytes)
    {
        var isHere = IsHere(address, bytes.Length);
        if (isHere)
        {
            memory.Read(address, bytes);
        }

        return isHere;
    }

    /// <inheritdoc/>
    public bool TryWrite(ulong address, int bytes, ulong value)
    {
        if (!IsHere(address, bytes))
        {
            return false;
        }

        memory.Write(address, WidthOf(bytes), value);
        if (home.HasWatches)
        {
            home.Changed(address);
        }

        return true;
    }

    private bool IsHere(ulong address, int bytes)
    {
        // The other half of what the tables' readers promise: a base may come out of an altered snapshot, and pages are reached without bounds checks.
        if ((address & (ulong)(bytes - 1)) != 0)
        {
            throw new SimulationException($"{owner.Address} reaches for {bytes} bytes at 0x{address:x} at {owner.Now}: that is misaligned");
        }

        if (!layout.TryFindHome(address, vcpus, out var place))
        {
            return false;
        }

        return place == GuestLayout.Board
            ? true
            : throw new SimulationException(
                $"{owner.Address} reaches for 0x{address:x} at {owner.Now}, {owner.Task}, but that page of the per-CPU area of vcpu{place} is at home there: declare queues and tables of a GIC .shared, "
                + $"or .percpu with an alignment of {GuestLayout.PageBytes} or more (.percpu name, 0x2000, 0x10000), which puts them to the board; if none was meant to be there, look for the register or the table that has this address");
    }

    private static AccessWidth WidthOf(int bytes) => bytes switch
    {
        1 => AccessWidth.Byte,
        2 => AccessWidth.Half,
        4 => AccessWidth.Word,
        8 => AccessWidth.Double,
        _ => throw new ArgumentOutOfRangeException(nameof(bytes), $"{bytes} bytes are no access"),
    };
}
