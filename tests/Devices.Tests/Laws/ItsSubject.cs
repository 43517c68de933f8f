using Trapline.Devices.Arm.Its;
using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Arm.Profiles;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.Laws;

/// <summary>
/// Two ITSs and their LPIs, driven step by step as the board does: between a command's recalls and its execution, and between two
/// commands, there is time for messages and for rows to be taken.
/// </summary>
internal sealed class ItsSubject : LawSubject
{
    private const int Vcpus = 3;
    private const ulong Ram = ItsRam.Start;
    private const ulong DeviceTable = Ram + 0x10_0000;
    private const ulong CollectionTable = Ram + 0x20_0000;
    private const ulong Tables = Ram + 0x30_0000;
    private const ulong Properties = Ram + 0x40_0000;
    private const ulong PendingTables = Ram + 0x50_0000;
    private const ulong Doorbell = 0x1000_0000;

    private static readonly ItsOpcode[] Opcodes =
    [
        ItsOpcode.Int, ItsOpcode.Int, ItsOpcode.Int, ItsOpcode.Mapti, ItsOpcode.Mapti, ItsOpcode.Mapi, ItsOpcode.Mapc, ItsOpcode.Mapd, ItsOpcode.Movi,
        ItsOpcode.Clear, ItsOpcode.Discard, ItsOpcode.Inv, ItsOpcode.Invall, ItsOpcode.Movall, ItsOpcode.Sync, 0,
    ];

    private readonly ItsRam _ram = new();
    private readonly ItsCpus _cpus;
    private readonly ItsGroup _group;
    private readonly List<Recall> _recalls = [];

    public ItsSubject(GicProfile profile)
    {
        _cpus = new ItsCpus(World, Vcpus) { PropertyTable = Properties, PendingTables = PendingTables };
        _group = new ItsGroup(_cpus, profile, _ram, _cpus);
        for (var its = 0; its < 2; its++)
        {
            var unit = _group[_group.Create()];
            unit.Base = Doorbell + ((ulong)its * ItsOffsets.End);
            Enable(unit);
        }

        for (uint event_ = 0; event_ < 4; event_++)
        {
            _ = _ram.TryWrite(Properties + event_, 1, 0xA3);
        }

        for (var vcpu = 0; vcpu < Vcpus; vcpu++)
        {
            _cpus.SetLpisEnabled(vcpu, true);
        }

        // Something to send messages to from the start.
        Put(_group[0], new ItsCommand((1UL << 32) | 8, 14, Tables | (1UL << 63), 0));
        Put(_group[0], new ItsCommand(9, 0, (1UL << 63) | 1, 0));
        Put(_group[0], new ItsCommand((1UL << 32) | 10, 1 | (8193UL << 32), 1, 0));
        Finish(_group[0]);
    }

    /// <summary>False where rows were altered: board and CPUs may not agree on who has what.</summary>
    public bool IsTrusted
    {
        set => _cpus.IsTrusted = value;
    }

    public override void SyncState(StateSync sync)
    {
        _group.SyncState(sync);
        _cpus.SyncState(sync);
        _ram.SyncState(sync);
        sync.List("recall_count", "recall", _recalls, 1 << 16, (StateSync rows, ref Recall row) =>
        {
            var (vcpu, first, mask) = row;
            rows.Row("vcpu", ref vcpu);
            rows.Row("first", ref first);
            rows.Row("mask", ref mask);
            row = new Recall(vcpu, first, mask);
        });
    }

    protected override string Act(Step step)
    {
        var unit = _group[step.Place % 2];
        switch (step.Action % 20)
        {
            case < 6:
                Put(unit, Command(step));
                return $"put {unit.HasCommands}";
            case < 10:
                return Advance();
            case 10 or 11:
                var address = Doorbell + (step.Place % 5 == 0 ? ItsOffsets.End : 0) + ItsOffsets.Translater;
                var flags = step.Place % 7 == 0 ? (uint)step.Place % 3 : ItsGroup.ValidDeviceId;
                return $"message {_group.Signal(address, (uint)step.Value % 4, flags, (uint)(step.Value >> 8) % 3)}";
            case 12 or 13:
                return $"acknowledged {_cpus.Acknowledge(step.Place % Vcpus)}";
            case 14 when _cpus.Releases > 0:
                _cpus.DeliverRelease(_group.Lpis);
                return "released";
            case 15:
                _ = _ram.TryWrite(Properties + (step.Value % 4), 1, step.Place % 3 == 0 ? 0xA2u : 0x83u);
                _ = _ram.TryWrite(PendingTables + ((ulong)(step.Place % Vcpus) * 0x1_0000) + 1024, 1, step.Value & 0xF);
                return "memory";
            default:
                return Busy is null ? Change(unit, step) : $"read {unit.Read((ulong)(step.Place % 0x140), 8)}";
        }
    }

    private ItsUnit? Busy => _recalls.Count > 0 || _group[0].HasCommands ? _group[0] : _group[1].HasCommands ? _group[1] : null;

    private static ItsCommand Command(Step step)
    {
        var opcode = Opcodes[step.Place / 16 % Opcodes.Length];
        var (device, eventId, interrupt) = ((uint)(step.Value % 3), (uint)(step.Value >> 4) % 4, 8191 + ((uint)(step.Value >> 8) % 5));
        eventId = opcode == ItsOpcode.Mapi ? interrupt : eventId;
        var (collection, target) = ((ulong)(step.Place / 64 % 3), (ulong)(step.Place / 256 % 4));
        var valid = step.Place % 4 == 0 ? 0 : 1UL << 63;
        return opcode == ItsOpcode.Mapd
            ? new ItsCommand(((ulong)device << 32) | 8, step.Place % 8 == 0 ? 31 : 14u, valid | (Tables + (device * 0x10_0000 / 16)), 0)
            : new ItsCommand(((ulong)device << 32) | (byte)opcode, eventId | ((ulong)interrupt << 32), valid | (target << 16) | collection, (target + 1) % 3 << 16);
    }

    private static void Enable(ItsUnit unit)
    {
        var own = (ulong)unit.Index * 0x1_0000;
        unit.Write(ItsOffsets.TableBase, 8, (1UL << 63) | (DeviceTable + own) | 0x200);
        unit.Write(ItsOffsets.TableBase + 8, 8, (1UL << 63) | (CollectionTable + own) | 0x200);
        unit.Write(ItsOffsets.QueueBase, 8, (1UL << 63) | (Ram + own));
        unit.Write(ItsOffsets.QueueWrite, 8, 0);
        unit.Write(ItsOffsets.Control, 4, 1);
    }

    private void Put(ItsUnit unit, in ItsCommand command)
    {
        var at = unit.Read(ItsOffsets.QueueWrite, 8) & 0xFE0;
        var address = Ram + ((ulong)unit.Index * 0x1_0000) + at;
        _ = _ram.TryWrite(address, 8, command.Word0) && _ram.TryWrite(address + 8, 8, command.Word1);
        _ = _ram.TryWrite(address + 16, 8, command.Word2) && _ram.TryWrite(address + 24, 8, command.Word3);
        if (Busy is null || Busy == unit)
        {
            unit.Write(ItsOffsets.QueueWrite, 8, (at + 32) & 0xFE0);
        }
    }

    /// <summary>One step of what the board does: collect, or return one, or execute.</summary>
    private string Advance()
    {
        if (Busy is not { } unit)
        {
            return "idle";
        }

        if (_recalls.Count > 0)
        {
            var recall = _recalls[0];
            _recalls.RemoveAt(0);
            _group.Lpis.Returned(recall, _cpus.Answer(recall));
            return $"returned {recall}";
        }

        unit.CollectRecalls(_recalls);
        if (_recalls.Count == 0)
        {
            unit.ExecuteNext();
        }

        return $"{_recalls.Count} {unit.HasCommands}";
    }

    private void Finish(ItsUnit unit)
    {
        while (unit.HasCommands)
        {
            _ = Advance();
        }
    }

    /// <summary>What is done between operations, whole.</summary>
    private string Change(ItsUnit unit, Step step)
    {
        var vcpu = step.Place % Vcpus;
        switch (step.Value % 9)
        {
            case 0 when _cpus.LpisEnabled(vcpu):
                _cpus.Fetch(_group.Lpis, recalls => _group.Lpis.CollectRecallsOfVcpu(vcpu, recalls));
                _cpus.SetLpisEnabled(vcpu, false);
                _group.DisableLpis(vcpu);
                return "off";
            case 0 or 1:
                _cpus.SetLpisEnabled(vcpu, true);
                _group.Lpis.EnableLpis(vcpu);
                return "on";
            case 2 when _cpus.DeliversGroup1:
                _cpus.Fetch(_group.Lpis, _group.Lpis.CollectAllRecalls);
                _cpus.DeliversGroup1 = false;
                _group.Lpis.Settle();
                return "shut";
            case 2:
                _cpus.DeliversGroup1 = true;
                _group.Lpis.DeliverPending();
                return "open";
            case 3:
                _cpus.Fetch(_group.Lpis, _group.Lpis.CollectAllRecalls);
                return $"pending {_group.Lpis.SavePendingTables()}";
            case 4:
                return $"save {new ItsUapi(unit).SetAttribute(ItsUapi.ControlGroup, ItsUapi.ControlSaveTables, 0)}";
            case 5:
                var uapi = new ItsUapi(unit);
                _ = uapi.SetAttribute(ItsUapi.ControlGroup, ItsUapi.ControlSaveTables, 0);
                _ = uapi.SetAttribute(ItsUapi.ControlGroup, ItsUapi.ControlReset, 0);
                Enable(unit);
                return $"restore {uapi.SetAttribute(ItsUapi.ControlGroup, ItsUapi.ControlRestoreTables, 0)}";
            case 6:
                _cpus.Fetch(_group.Lpis, recalls => _group.Lpis.CollectRecallsOf(8193, recalls));
                _group.Lpis.InvalidateLpi(8193);
                return "invalidated";
            case 7 when step.Place % 7 == 0:
                unit.Write(ItsOffsets.Control, 4, 0);
                unit.Write(ItsOffsets.TableBase + ((ulong)(step.Place % 2) * 8), 8, (1UL << 63) | DeviceTable | 0x200 | (step.Value >> 60));
                Enable(unit);
                return "tables";
            default:
                unit.Write((ulong)(step.Place / 2 % 0x30 * 4), step.Place % 2 == 0 ? 4 : 8, step.Value);
                return $"{unit.Read(ItsOffsets.QueueRead, 8):x} {unit.HasCommands}";
        }
    }
}
