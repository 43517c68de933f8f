using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Eiointc;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Devices.LoongArch.PchPic;

namespace Trapline.Devices.Tests.Laws;

/// <summary>The transfers of each device.</summary>
internal static class UapiTransfers
{
    public static IReadOnlyList<UapiTransfer<IpiSubject>> Ipi { get; } =
    [
        .. new[] { 0x00, 0x04, 0x08, 0x0C, 0x20, 0x28, 0x30, 0x38 }.Select(register => new UapiTransfer<IpiSubject>($"IPI 0x{register:x}", (from, to) =>
        {
            var attribute = IpiUapi.AttributeOf(0, register);
            Assert.Equal(0, from.Uapi.GetAttribute(IpiUapi.RegistersGroup, attribute, out var value));
            Assert.Equal(0, to.Uapi.SetAttribute(IpiUapi.RegistersGroup, attribute, value));
        })),
    ];

    /// <summary>Ids, number of CPUs and features are parameters of the creation; registers, then STATE, then LOAD_FINISHED.</summary>
    public static IReadOnlyList<UapiTransfer<EiointcSubject>> Eiointc { get; } =
    [
        new("CPUID", (from, to) => AssignIds(to, from.Ids)),
        new("INIT_NUM_CPU", (from, to) => Assert.Equal(0, to.Uapi.SetAttribute(EiointcUapi.ControlGroup, EiointcUapi.ControlInitializeCpuCount, StatusOf(from, EiointcUapi.StatusCpuCount)))),
        new("INIT_FEATURE", (from, to) => Assert.Equal(0, to.Uapi.SetAttribute(EiointcUapi.ControlGroup, EiointcUapi.ControlInitializeFeatures, StatusOf(from, EiointcUapi.StatusFeatures)))),
        .. EiointcAttributes().Select(attribute => new UapiTransfer<EiointcSubject>($"EIOINTC 0x{attribute:x}", (from, to) => Carry(from, to, attribute))),
        new("STATE", (from, to) => Assert.Equal(0, to.Uapi.SetAttribute(EiointcUapi.StatusGroup, EiointcUapi.StatusState, StatusOf(from, EiointcUapi.StatusState)))),
        new("LOAD_FINISHED", (_, to) => Assert.Equal(0, to.Uapi.SetAttribute(EiointcUapi.ControlGroup, EiointcUapi.ControlLoadFinished, 0))),
    ];

    public static IReadOnlyList<UapiTransfer<PchPicSubject>> PchPic { get; } =
    [
        new("CTRL_INIT", (from, to) =>
        {
            if (from.Pic.Base is { } address)
            {
                Assert.Equal(0, to.Uapi.SetAttribute(PchPicUapi.ControlGroup, PchPicUapi.ControlInit, address));
            }
        }),
        .. Enumerable.Range(0, (int)Devices.LoongArch.PchPic.PchPic.WindowSize).Select(offset => (ulong)offset).Where(offset => PchPicUapi.WidthOf(offset) != 0)
            .Select(attribute => new UapiTransfer<PchPicSubject>($"PCH-PIC 0x{attribute:x}", (from, to) =>
            {
                Assert.Equal(0, from.Uapi.GetAttribute(PchPicUapi.RegistersGroup, attribute, out var value));
                Assert.Equal(0, to.Uapi.SetAttribute(PchPicUapi.RegistersGroup, attribute, value));
            })),
    ];

    /// <summary>The id first, where there is one; TVAL before TCFG at the end, as QEMU writes them.</summary>
    public static IReadOnlyList<UapiTransfer<CpuSubject>> Cpu { get; } =
    [
        new("CPUID", (from, to) =>
        {
            Assert.Equal(0, from.Uapi.GetOneRegister(OneRegister.OfCsr(Csr.CpuId), from.Now, out var id));
            if (id < CpuIdMap.Limit)
            {
                Assert.Equal(0, to.Uapi.SetOneRegister(OneRegister.OfCsr(Csr.CpuId), id, to.Now));
            }
        }),
        .. CsrNames.All.Where(name => name is not ("CPUID" or "TVAL" or "TCFG" or "TICLR")).Concat(["TVAL", "TCFG"]).Select(name => new UapiTransfer<CpuSubject>(name, (from, to) =>
        {
            Assert.True(CsrNames.TryParse(name, out var number));
            Assert.Equal(0, from.Uapi.GetOneRegister(OneRegister.OfCsr(number), from.Now, out var value));
            Assert.Equal(0, to.Uapi.SetOneRegister(OneRegister.OfCsr(number), value, to.Now));
        })),
        new("steal time", (from, to) => Assert.True(to.StealTime.TryRegister(from.StealTime.Address))),
    ];

    private static uint StatusOf(EiointcSubject subject, ulong attribute)
    {
        Assert.Equal(0, subject.Uapi.GetAttribute(EiointcUapi.StatusGroup, attribute, out var value));
        return value;
    }

    private static void Carry(EiointcSubject from, EiointcSubject to, ulong attribute)
    {
        // Of a CPU that is not counted there is nothing to ask for, or to give.
        if (from.Uapi.GetAttribute(EiointcUapi.RegistersGroup, attribute, out var value) == 0)
        {
            _ = to.Uapi.SetAttribute(EiointcUapi.RegistersGroup, attribute, value);
        }
    }

    private static void AssignIds(EiointcSubject to, CpuIdMap ids)
    {
        for (var cpu = 0; cpu < EiointcSubject.Cpus; cpu++)
        {
            to.Ids.Drop(cpu);
        }

        for (var cpu = 0; cpu < EiointcSubject.Cpus; cpu++)
        {
            Assert.True(ids.IdOf(cpu) == CpuIdMap.Limit || to.Ids.TryAssign(cpu, ids.IdOf(cpu)) == 0);
        }
    }

    private static IEnumerable<ulong> EiointcAttributes()
    {
        foreach (var (start, end) in new[] { (0x0A0, 0x0C8), (0x200, 0x220), (0x280, 0x2A0), (0x300, 0x320), (0x800, 0x900) })
        {
            for (var offset = start; offset < end; offset += 4)
            {
                yield return EiointcUapi.AttributeOf(offset);
            }
        }

        for (var cpu = 0; cpu < EiointcSubject.Cpus; cpu++)
        {
            for (var offset = 0x400; offset < 0x420; offset += 4)
            {
                yield return EiointcUapi.AttributeOf(offset, cpu);
            }
        }
    }
}
