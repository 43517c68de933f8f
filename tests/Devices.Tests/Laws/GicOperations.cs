using Trapline.Devices.Arm.Gic;

namespace Trapline.Devices.Tests.Laws;

/// <summary>Random things to ask of a GIC with three vCPUs, 64 SPIs and one ITS, also such as make no sense.</summary>
internal static class GicOperations
{
    public const int Vcpus = 3;
    public const int Interrupts = 96;

    private static readonly int[] Numbers = [32, 33, 40, 63, 64, 95, 40, 41, 31, 96, 1020, 8192, 8193, 8191, 65536, -1];

    private static readonly ulong[] DistributorOffsets =
    [
        0, 4, 8, 0xC, 0x10, 0x84, 0x88, 0x104, 0x108, 0x184, 0x188, 0x204, 0x208, 0x284, 0x304, 0x308, 0x384, 0x80, 0x8C, 0xFC, 0x17C, 0x420, 0x428, 0x460, 0x400,
        0xC08, 0xC0C, 0xC18, 0xD04, 0xF00, 0x6100, 0x6140, 0x6104, 0x62F8, 0x6300, 0x7FF8, 0xFFE8, 0x10000,
    ];

    private static readonly ulong[] RedistributorOffsets = [0, 4, 8, 0xC, 0x10, 0x14, 0x40, 0x70, 0x74, 0x78, 0x7C, 0xA0, 0xA4, 0xB0, 0xC0, 0xFFE8, 0, 0, 0xA0, 0xB0];

    private static readonly ulong[] ItsOffsets = [0, 4, 8, 0x80, 0x88, 0x88, 0x90, 0x100, 0x108, 0x104, 0xFFE8, 0x10040];

    private static readonly int[] Sizes = [4, 4, 4, 8, 1, 2, 4, 8, 3, 0, 16];

    private static readonly uint[] Groups =
    [
        GicAttributes.DistributorRegisters, GicAttributes.DistributorRegisters, GicAttributes.RedistributorRegisters, GicAttributes.LevelInfo, GicAttributes.Control,
        GicAttributes.CpuRegisters, GicAttributes.ItsRegisters, GicAttributes.Address, 77,
    ];

    public static GicTopology Topology { get; } = new([0, 2, 1], Interrupts, [new RedistributorRegion(0x080A_0000, 2, HasExplicitCount: true)], [0x0808_0000]);

    public static GicOperation Of(Step step)
    {
        var vcpu = step.Place / 8 % (Vcpus + (step.Place % 64 == 0 ? 1 : 0));
        var size = Sizes[step.Place / 32 % Sizes.Length];
        var number = Numbers[step.Place / 16 % Numbers.Length];
        switch (step.Action % 16)
        {
            case 0 or 1:
                return GicOperation.ReadDistributor(DistributorOffset(step), size);
            case 2 or 3 or 4 or 5:
                return GicOperation.WriteDistributor(DistributorOffset(step), size, step.Value);
            case 6:
                return GicOperation.ReadRedistributor(vcpu, RedistributorOffsets[step.Place / 512 % RedistributorOffsets.Length], size);
            case 7:
                return GicOperation.WriteRedistributor(vcpu, RedistributorOffsets[step.Place / 512 % RedistributorOffsets.Length], size, step.Value);
            case 8 or 9:
                return GicOperation.DriveSpi(number, (step.Value & 1) != 0);
            case 10:
                return GicOperation.SendMessage(0x0809_0040, (uint)step.Value % 4, (uint)step.Place % 3, (uint)(step.Value >> 8) % 2);
            case 11:
                return step.Place % 2 == 0
                    ? GicOperation.ReadIts(step.Place % 32 / 30, ItsOffsets[step.Place / 512 % ItsOffsets.Length], size)
                    : GicOperation.WriteIts(0, ItsOffsets[step.Place / 512 % ItsOffsets.Length], size, step.Value);
            case 12:
                return Attribute(step);
            case 13:
                return GicOperation.Release(vcpu, number, (uint)(step.Value % 16));
            case 14:
                return GicOperation.Deactivate(vcpu, new(number, step.Place % 2 == 0, step.Place / 2 % 2, (byte)(step.Value & 0xF8), 0xF8, (uint)step.Place % 3));
            default:
                return Topological(step);
        }
    }

    private static ulong DistributorOffset(Step step) =>
        DistributorOffsets[step.Place / 512 % DistributorOffsets.Length] + (ulong)(step.Place % 32 == 0 ? step.Value % 8 : 0);

    private static GicOperation Attribute(Step step)
    {
        var group = Groups[step.Place / 64 % Groups.Length];
        var affinity = (ulong)(step.Place / 4 % 4) << 32;
        var attribute = group switch
        {
            GicAttributes.DistributorRegisters => DistributorOffset(step),
            GicAttributes.RedistributorRegisters => affinity | RedistributorOffsets[step.Place / 512 % RedistributorOffsets.Length],
            GicAttributes.LevelInfo => affinity | ((uint)(step.Place / 512 % 5) * 32),
            _ => step.Value % 6,
        };
        return (step.Place & 3) switch
        {
            0 => GicOperation.GetAttribute(group, attribute),
            1 or 2 => GicOperation.SetAttribute(group, attribute, step.Value),
            _ when step.Place % 8 < 4 => GicOperation.GetItsAttribute(0, group, attribute),
            _ => GicOperation.SetItsAttribute(0, group, attribute, step.Value),
        };
    }

    private static GicOperation Topological(Step step) => (step.Place % 16) switch
    {
        0 => GicOperation.AddRegion(new RedistributorRegion(step.Value << 16, (int)(step.Value % 3), step.Place % 32 == 0)),
        1 => GicOperation.CreateIts(),
        2 => GicOperation.PlaceIts(step.Place / 16 % 2, 0x0808_0000),
        _ => GicOperation.ReadDistributor(0x204, 4),
    };
}
