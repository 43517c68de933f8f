using Trapline.Devices.Arm.Lpi;
using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common;
using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Its;

/// <summary>The mappings of an ITS of KVM's: lists, which go to guest memory when user space saves them.</summary>
internal sealed class KvmMappings : ItsMappings
{
    private readonly KvmLists _lists;
    private readonly KvmMapCommands _maps;
    private readonly KvmEventCommands _events;
    private readonly KvmTargetCommands _all;
    private readonly KvmTableWriter _writer;
    private readonly KvmTableReader _reader;

    public KvmMappings(GicProfile profile, IGuestMemory memory, ILpiTargets redistributors, KvmLpis lpis, ItsRegisters registers)
    {
        var targets = new KvmTargets(redistributors);
        var ids = new KvmIdCheck(memory, registers);
        _lists = new KvmLists(lpis);
        _maps = new KvmMapCommands(profile, memory, targets, lpis, _lists, ids);
        _events = new KvmEventCommands(targets, lpis, _lists, _maps);
        _all = new KvmTargetCommands(profile, targets, lpis, _lists);
        _writer = new KvmTableWriter(profile, memory, registers, _lists, ids);
        _reader = new KvmTableReader(profile, memory, registers, targets, _lists, ids, _maps);
    }

    public override void CollectRecalls(in ItsCommand command, List<Recall> recalls)
    {
        switch (command.Opcode)
        {
            case ItsOpcode.Movi:
                _events.CollectRecallsOfMovi(command, recalls);
                break;
            case ItsOpcode.Clear or ItsOpcode.Inv or ItsOpcode.Discard:
                _events.CollectRecallsForChange(command, recalls);
                break;
            case ItsOpcode.Mapc:
                _maps.CollectRecallsOfMapc(command, recalls);
                break;
            case ItsOpcode.Invall:
                _all.CollectRecallsOfInvall(command, recalls);
                break;
            case ItsOpcode.Movall:
                _all.CollectRecallsOfMovall(command, recalls);
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
        ItsOpcode.Invall => _all.Invall(command),
        ItsOpcode.Movall => _all.Movall(command),
        ItsOpcode.Discard => _events.Discard(command),
        _ => Errno.NoSuchDevice,
    };

    public override int Translate(uint deviceId, uint eventId) => _events.Translate(deviceId, eventId);

    public override bool TryTranslateCached(uint deviceId, uint eventId) => _events.TryTranslateCached(deviceId, eventId);

    public override void EmptyCache() => _lists.EmptyCache();

    public override void DropDevices() => _lists.RemoveDevices();

    public override void DropCollections() => _lists.RemoveCollections();

    public override int Save() => _writer.Save();

    public override int Restore() => _reader.Restore();

    public override void SyncState(StateSync sync) => _lists.SyncState(sync);
}
