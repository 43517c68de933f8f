using Trapline.Devices.LoongArch.Cpu;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.Laws;

/// <summary>The map of CPU ids, as it is and as version 6 of the patches had it.</summary>
internal sealed class CpuIdMapSubject(bool readsWrongRegister) : LawSubject
{
    private readonly CpuIdMap _map = new(4, readsWrongRegister);

    public override void SyncState(StateSync sync) => _map.SyncState(sync);

    protected override string Act(Step step)
    {
        var vcpu = step.Place % 5;
        switch (step.Action % 8)
        {
            case 0 when step.Place % 16 == 0:
                _map.Clear();
                return "cleared";
            case 1:
                _map.Drop(vcpu);
                return "dropped";
            case 2 or 3:
                return $"{_map.Find((int)(step.Value % 300))}";
            case 4:
                return $"{_map.IdOf(vcpu)}";
            default:
                return $"{_map.TryAssign(vcpu, step.Value % (step.Place % 3 == 0 ? 300UL : 6))}";
        }
    }
}
