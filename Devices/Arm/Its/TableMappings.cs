using Trapline.Devices.Arm.Lpi;
using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Common;
using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Its;

/// <summary>The mappings of an ITS of QEMU's: nothing but tables in guest memory, looked at by each command and message.</summary>
internal sealed class TableMappings : ItsMappings
{
    private readonly MemoryLpis _lpis;
    private readonly TableCommands _maps;
    private readonly TableEventCommands _events;

    public TableMappings(IGuestMemory memory, ILpiTargets targets, MemoryLpis lpis, ItsRegisters registers)
    {
        var entries = new TableEntries(memory, registers);
        _lpis = lpis;
        _maps = new TableCommands(targets, entries);
        _events = new TableEventCommands(targets, lpis, entries);
    }

    public override void CollectRecalls(in ItsCommand command, List<Recall> recalls)
    {
        switch (command.Opcode)
        {
            case ItsOpcode.Movi:
                _events.CollectRecallsOfMovi(command, recalls);
                break;
            case ItsOpcode.Clear or ItsOpcode.Discard:
                _events.CollectRecallsForChange(command, recalls);
                break;
            case ItsOpcode.Inv:
                _events.CollectRecallsOfInv(command, recalls);
                break;
            case ItsOpcode.Invall:
                _lpis.CollectAllRecalls(recalls);
                break;
            case ItsOpcode.Movall:
                _events.CollectRecallsOfMovall(command, recalls);
                break;
            default:
                break;
        }
    }

    public override int Execute(in ItsCommand command) => command.Opcode switch
    {
        ItsOpcode.Movi => _events.Movi(command),
        ItsOpcode.Int => _events.Translate(command.DeviceId, command.EventId),
        ItsOpcode.Clear => _events.Clear(command),
        ItsOpcode.Sync => Errno.Success,
        ItsOpcode.Mapd => _maps.Mapd(command),
        ItsOpcode.Mapc => _maps.Mapc(command),
        ItsOpcode.Mapti or ItsOpcode.Mapi => _maps.Mapti(command),
        ItsOpcode.Inv => _events.Inv(command),
        ItsOpcode.Invall => _events.Invall(),
        ItsOpcode.Movall => _events.Movall(command),
        ItsOpcode.Discard => _events.Discard(command),
        _ => Errno.NoSuchDevice,
    };

    public override int Translate(uint deviceId, uint eventId) => _events.Translate(deviceId, eventId);

    /// <summary>There is no cache.</summary>
    public override bool TryTranslateCached(uint deviceId, uint eventId) => false;

    public override void EmptyCache()
    {
    }

    /// <summary>Memory is not looked at, and so not changed, by a write of GITS_BASER.</summary>
    public override void DropDevices()
    {
    }

    /// <inheritdoc cref="DropDevices"/>
    public override void DropCollections()
    {
    }

    /// <summary>Tables are in memory at any time.</summary>
    public override int Save() => Errno.Success;

    /// <inheritdoc cref="Save"/>
    public override int Restore() => Errno.Success;

    public override void SyncState(StateSync sync)
    {
    }
}
