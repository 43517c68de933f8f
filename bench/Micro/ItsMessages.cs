using BenchmarkDotNet.Attributes;
using Trapline.Devices.Arm.Its;
using Trapline.Devices.Arm.Profiles;

namespace Trapline.Bench.Micro;

/// <summary>A message from its doorbell to the release of its LPI, in an ITS with few and with many mapped events.</summary>
public class ItsMessages
{
    private const ulong Doorbell = 0x0809_0040;
    private const ulong QueueBase = 0x0000_0000;
    private const ulong DeviceTable = 0x0010_0000;
    private const ulong CollectionTable = 0x0020_0000;
    private const ulong EventTable = 0x0030_0000;
    private const ulong ValidBit = 1UL << 63;
    private const uint Device = 2;
    private const uint FirstLpi = 8192;
    private const uint Lpis = 57_344;

    private ItsGroup _group = null!;
    private BoardOfLpis _board = null!;
    private uint _event;

    [Params(16, 65_536)]
    public int Events { get; set; }

    [Params("kvm", "qemu-11")]
    public string Profile { get; set; } = "kvm";

    [GlobalSetup]
    public void Map()
    {
        _board = new BoardOfLpis();
        _group = new ItsGroup(_board, GicProfiles.Find(Profile)!, _board, _board);
        var its = _group[_group.Create()];
        its.Base = Doorbell - ItsOffsets.Translater;
        its.Write(ItsOffsets.TableBase, 8, ValidBit | DeviceTable | 0x200);
        its.Write(ItsOffsets.TableBase + 8, 8, ValidBit | CollectionTable | 0x200);
        its.Write(ItsOffsets.QueueBase, 8, ValidBit | QueueBase);
        its.Write(ItsOffsets.Control, 4, 1);
        Send(its, new ItsCommand(((ulong)Device << 32) | (byte)ItsOpcode.Mapd, 15, ValidBit | EventTable, 0));
        Send(its, new ItsCommand((byte)ItsOpcode.Mapc, 0, ValidBit, 0));
        for (uint i = 0; i < Events; i++)
        {
            var interrupt = FirstLpi + (i % Lpis);
            Send(its, new ItsCommand(((ulong)Device << 32) | (byte)ItsOpcode.Mapti, i | ((ulong)interrupt << 32), 0, 0));
        }
    }

    /// <summary>To the 16 events that are in use, in turn, however many are mapped.</summary>
    [Benchmark]
    public int Message()
    {
        _event = (_event + ((uint)Events / 16)) % (uint)Events;
        return Signal();
    }

    /// <summary>To all of them in turn, far from one another: with many, the caches of the machine are part of it.</summary>
    [Benchmark]
    public int MessageToAny()
    {
        _event = (_event + 40_503) % (uint)Events;
        return Signal();
    }

    private int Signal()
    {
        var result = _group.Signal(Doorbell, _event, ItsGroup.ValidDeviceId, Device);
        _board.Release(_group.Lpis);
        return result;
    }

    private void Send(ItsUnit its, in ItsCommand command)
    {
        var at = its.Read(ItsOffsets.QueueWrite, 8);
        _board.Put(QueueBase + at, [command.Word0, command.Word1, command.Word2, command.Word3]);
        its.Write(ItsOffsets.QueueWrite, 8, (at + ItsCommand.Bytes) % 0x1000);
        while (its.HasCommands)
        {
            its.ExecuteNext();
        }
    }
}
