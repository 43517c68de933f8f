using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Eiointc;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.Laws;

/// <summary>EIOINTC of three CPUs, of which one may lose its id, under inputs, accesses and attributes.</summary>
internal sealed class EiointcSubject : LawSubject
{
    public const int Cpus = 3;

    private static readonly int[] Vectors = [0, 1, 5, 8, 9, 31, 32, 63, 64, 127, 200, 255];

    private static readonly ulong[] Addresses =
    [
        0x1600, 0x1604, 0x1608, 0x1618, 0x1800, 0x1804, 0x1808, 0x1818, 0x1C00, 0x1C04, 0x1C08, 0x1C1C, 0x1C3C, 0x1CFC,
        0x14C0, 0x14C4, 0x14A8, 0x1680, 0x1700, 0x1400, 0x1820, 0x40000000, 0x40000004, 0x40000008,
    ];

    public EiointcSubject(LoongArchProfile profile, uint? features = 0xF)
    {
        for (var cpu = 0; cpu < Cpus; cpu++)
        {
            Assert.Equal(0, Ids.TryAssign(cpu, (ulong)cpu));
        }

        Device = new Eiointc(World, profile, Ids, Cpus, features);
        Uapi = new EiointcUapi(Device, Cpus, profile.EiointcLoad);
    }

    public CpuIdMap Ids { get; } = new(Cpus);

    public Eiointc Device { get; }

    public EiointcUapi Uapi { get; }

    public override void SyncState(StateSync sync)
    {
        Ids.SyncState(sync);
        Device.SyncState(sync);
    }

    protected override string Act(Step step)
    {
        var cpu = step.Place / 8 % Cpus;
        var address = Pick(Addresses, step);
        var size = Width(step);
        switch (step.Action % 9)
        {
            case 0 or 1 or 2:
                Device.Input(Vectors[step.Place % Vectors.Length], (step.Value & 1) != 0);
                return "input";
            case 3:
                return $"{Device.Read(cpu, address, size, out var value)} {value:x}";
            case 4:
                return $"{Device.MaskedWrite(cpu, (uint)address, (int)(step.Value >> 60), (uint)step.Value)}";
            case 5 when step.Place % 8 == 0:
                return $"{Uapi.SetAttribute(EiointcUapi.ControlGroup, step.Value % 4, (uint)(step.Value >> 8) % 5)}";
            case 5 when step.Place % 8 == 1:
                Ids.Drop(cpu);
                return $"{Ids.TryAssign(cpu, step.Value % 4)}";
            case 6:
                return UseAttribute(step);
            default:
                return $"{Device.Write(cpu, address, size, step.Value)}";
        }
    }

    private string UseAttribute(Step step)
    {
        var group = step.Place % 4 == 0 ? EiointcUapi.StatusGroup : EiointcUapi.RegistersGroup;
        var attribute = group == EiointcUapi.StatusGroup ? step.Value % 4 : EiointcUapi.AttributeOf((int)(Pick(Addresses, step) & 0xFFF) - 0x400, step.Place % 5);
        return (step.Value & 64) == 0
            ? $"{Uapi.GetAttribute(group, attribute, out var value)} {value:x}"
            : $"{Uapi.SetAttribute(group, attribute, (uint)step.Value)}";
    }
}
