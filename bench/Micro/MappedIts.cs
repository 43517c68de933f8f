using Trapline.Devices.Arm.Its;
using Trapline.Devices.Arm.Profiles;

namespace Trapline.Bench.Micro;

/// <summary>An ITS with so many mapped events of so many devices, as a guest makes it: by commands in its queue.</summary>
internal sealed class MappedIts
{
    public const int Lpis = 57_344;

    private const ulong Doorbell = 0x0809_0040;
    private const ulong QueueBase = 0x0000_0000;
    private const ulong QueueBytes = 0x1000;
    private const ulong DeviceTable = 0x0010_0000;
    private const ulong CollectionTable = 0x0020_0000;
    private const ulong EventTables = 0x0030_0000;
    private const ulong ValidBit = 1UL << 63;

    /// <summary>QEMU's entries have 12 bytes; tables are aligned to 256.</summary>
    private const ulong EventBytes = 16;
    private const ulong TableAlignment = 256;

    /// <summary>DeviceIDs as those of PCI devices with one function.</summary>
    private const uint Stride = 8;
    private const uint FirstLpi = 8192;

    private readonly BoardOfLpis _board = new();
    private readonly ItsGroup _group;
    private readonly ItsUnit _its;
    private readonly int _eventBits;

    /// <param name="profile">Its name.</param>
    /// <param name="events">A power of two. The first 57,344 have an LPI each, the others share theirs.</param>
    /// <param name="devices">A power of two; each has as many events as the others, at least one.</param>
    public MappedIts(string profile, int events, int devices)
    {
        _eventBits = Math.Max(0, int.Log2(events) - int.Log2(devices));
        _group = new ItsGroup(_board, GicProfiles.Find(profile)!, _board, _board);
        _its = _group[_group.Create()];
        _its.Base = Doorbell - ItsOffsets.Translater;
        _its.Write(ItsOffsets.TableBase, 8, ValidBit | DeviceTable | 0x200);
        _its.Write(ItsOffsets.TableBase + 8, 8, ValidBit | CollectionTable | 0x200);
        _its.Write(ItsOffsets.QueueBase, 8, ValidBit | QueueBase);
        _its.Write(ItsOffsets.Control, 4, 1);
        Send(new ItsCommand((byte)ItsOpcode.Mapc, 0, ValidBit, 0));
        for (uint device = 0; device < events >> _eventBits; device++)
        {
            var table = EventTables + (device * Math.Max(TableAlignment, EventBytes << _eventBits));
            Send(new ItsCommand(((ulong)(device * Stride) << 32) | (byte)ItsOpcode.Mapd, (ulong)Math.Max(0, _eventBits - 1), ValidBit | table, 0));
        }

        for (uint i = 0; i < events; i++)
        {
            Send(new ItsCommand(((ulong)DeviceOf(i) << 32) | (byte)ItsOpcode.Mapti, EventOf(i) | ((ulong)(FirstLpi + (i % Lpis)) << 32), 0, 0));
        }
    }

    /// <summary>A message from its doorbell to the release of its LPI.</summary>
    public int Signal(uint number)
    {
        var result = _group.Signal(Doorbell, EventOf(number), ItsGroup.ValidDeviceId, DeviceOf(number));
        _board.Release(_group.Lpis);
        return result;
    }

    /// <summary>A command, from its place in the queue to its end.</summary>
    public void Send(in ItsCommand command)
    {
        var at = _its.Read(ItsOffsets.QueueWrite, 8);
        _board.Put(QueueBase + at, [command.Word0, command.Word1, command.Word2, command.Word3]);
        _its.Write(ItsOffsets.QueueWrite, 8, (at + ItsCommand.Bytes) % QueueBytes);
        while (_its.HasCommands)
        {
            _its.ExecuteNext();
        }
    }

    private uint DeviceOf(uint number) => (number >> _eventBits) * Stride;

    private uint EventOf(uint number) => number & ((1u << _eventBits) - 1);
}
