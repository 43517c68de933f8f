using Trapline.Devices.LoongArch.Ipi;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.Laws;

/// <summary>An IPI unit under accesses of its own CPU, of others, and of user space.</summary>
internal sealed class IpiSubject : LawSubject
{
    private static readonly ulong[] Offsets = [0x00, 0x04, 0x08, 0x0C, 0x20, 0x24, 0x28, 0x2C, 0x30, 0x35, 0x38, 0x3C, 0x40, 0x48, 0x80, 0x158];

    public IpiSubject(LoongArchProfile profile)
    {
        Unit = new IpiUnit(World, profile, 0);
        Uapi = new IpiUapi(vcpu => vcpu == 0 ? Unit : null);
    }

    public IpiUnit Unit { get; }

    public IpiUapi Uapi { get; }

    public override void SyncState(StateSync sync) => Unit.SyncState(sync);

    protected override string Act(Step step)
    {
        var address = IpiRegisters.Base + Pick(Offsets, step);
        var attribute = IpiUapi.AttributeOf(step.Place % 32 == 0 ? 1 : 0, (int)address & 0xFF);
        switch (step.Action % 7)
        {
            case 0:
                return $"{Unit.Read(address, Width(step), out var value)} {value:x}";
            case 1 or 2:
                return $"{Unit.Write(address, Width(step), step.Value, out var rest)} {rest} {(rest.Kind == IpiOutcomeKind.Done ? 0 : Unit.SendToNobody(rest))}";
            case 3:
                Unit.Set((uint)step.Value);
                return "set";
            case 4:
                return $"{Uapi.GetAttribute(IpiUapi.RegistersGroup, attribute, out var stored)} {stored:x}";
            case 5:
                return $"{Uapi.SetAttribute(IpiUapi.RegistersGroup, attribute, step.Value)}";
            default:
                return $"{Unit.MaskedWrite((uint)address, (int)(step.Value >> 60), (uint)step.Value, step.Place % 2 == 0, out rest)} {rest}";
        }
    }
}
