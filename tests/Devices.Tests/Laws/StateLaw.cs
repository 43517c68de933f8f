using Trapline.Devices.Arm;
using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Arm.Its;
using Trapline.Devices.Arm.Lpi;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Arm.Timer;
using Trapline.Devices.Arm.Vm;
using Trapline.Devices.Common.Kvm;
using Trapline.Devices.Common.Serial;
using Trapline.Devices.Common.Sources;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Eiointc;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Devices.LoongArch.Paravirt;
using Trapline.Devices.LoongArch.PchPic;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Devices.LoongArch.Rtc;
using Trapline.Devices.LoongArch.Timer;
using Trapline.Devices.LoongArch.Vm;

namespace Trapline.Devices.Tests.Laws;

/// <summary>What the laws of raw state hold for.</summary>
/// <param name="Name">For people, with the profile.</param>
/// <param name="Create">A fresh one.</param>
/// <param name="Covers">Classes whose tables its table is made of, by name.</param>
internal sealed record StateLaw(string Name, Func<LawSubject> Create, params string[] Covers)
{
    public static IReadOnlyList<StateLaw> All { get; } =
    [
        .. LoongArchProfiles.All.Select(profile => new StateLaw($"ipi {profile.Name}", () => new IpiSubject(profile), nameof(IpiUnit))),
        .. LoongArchProfiles.All.Select(profile => new StateLaw(
            $"eiointc {profile.Name}", () => new EiointcSubject(profile), nameof(Eiointc), "EiointcVectors", "EiointcVirtualExtension", nameof(CpuIdMap))),
        new StateLaw(
            "eiointc with raw bytes for ids", () => new EiointcSubject(LoongArchProfiles.Kvm with { EiointcLoad = EiointcLoad.RawByteIsCpuId }), nameof(Eiointc)),
        .. LoongArchProfiles.All.Select(profile => new StateLaw($"pch-pic {profile.Name}", () => new PchPicSubject(profile), nameof(PchPic))),
        .. LoongArchProfiles.All.Select(profile => new StateLaw(
            $"cpu {profile.Name}", () => new CpuSubject(profile, profile.TimerRestore), nameof(CpuInterrupts), nameof(CsrFile), nameof(ConstantTimer))),
        .. Enum.GetValues<TimerRestore>().Select(restore => new StateLaw(
            $"cpu {restore}", () => new CpuSubject(LoongArchProfiles.Kvm, restore), nameof(ConstantTimer))),
        new StateLaw("cpu ids", () => new CpuIdMapSubject(readsWrongRegister: false), nameof(CpuIdMap)),
        new StateLaw("cpu ids of version 6", () => new CpuIdMapSubject(readsWrongRegister: true), nameof(CpuIdMap)),
        new StateLaw("routing", () => new RoutingSubject(), nameof(VmInterrupts), nameof(InterruptRouting), nameof(GsiRoutingTable), nameof(GsiRoute), "Irqfd", nameof(Eventfd)),
        new StateLaw("files", () => new VmFilesSubject(), nameof(VmFiles)),
        new StateLaw(
            "arm vm", () => new ArmVmSubject(), nameof(ArmVmInterrupts), nameof(Vgic), nameof(RedistributorRegions), nameof(InterruptRouting), nameof(GsiRoutingTable), nameof(GsiRoute), "Irqfd", nameof(Eventfd)),
        new StateLaw("rtc", () => new RtcSubject(matchAcknowledges: false), nameof(Ls7aRtc)),
        new StateLaw("rtc of Linux's driver", () => new RtcSubject(matchAcknowledges: true), nameof(Ls7aRtc)),
        new StateLaw("uart", () => new UartSubject(), nameof(Uart16550), "ByteFifo", nameof(LineDriver)),
        new StateLaw("pl011", () => new Pl011Subject(), nameof(Pl011), "ReceiveFifo", "ByteFifo", nameof(LineDriver)),
        new StateLaw("level device", () => new SourceSubject(sendsMessages: false), nameof(LevelDevice), "RaiseSchedule"),
        new StateLaw("msi device", () => new SourceSubject(sendsMessages: true), nameof(MsiDevice), "RaiseSchedule", "MsixTable"),
        new StateLaw("doorbell device", () => new DoorbellSubject(), nameof(DoorbellDevice), "MsixTable"),
        .. new[] { GicProfiles.Kvm, GicProfiles.Qemu11, GicProfiles.Kvm with { Name = "older", MoveAllIgnoresSource = true, BaserDropsOnlyWhenInvalid = true, DisableClearsLatches = false } }
            .Select(profile => new StateLaw(
                $"its {profile.Name}",
                () => new ItsSubject(profile),
                nameof(ItsGroup), nameof(ItsUnit), "ItsRegisters", "ItsMappings", "KvmMappings", "KvmLists", "TableMappings", nameof(LpiStore), "KvmLpis", "MemoryLpis", "LpiHolds")),
        .. new[] { ParavirtProfiles.Final, ParavirtProfiles.Newest, ParavirtProfiles.FirstMerged, ParavirtProfiles.V8, ParavirtProfiles.V7, ParavirtProfiles.V6, ParavirtProfiles.V5 }
            .Select(profile => new StateLaw(
                $"paravirt {profile.Name}",
                () => new ParavirtSubject(profile),
                nameof(ParavirtFeatures), nameof(ConfigurationWords), nameof(Hypercalls), nameof(StealTime), nameof(IpiTargets))),
        .. GicProfiles.All.Select(profile => new StateLaw(
            $"arm cpu {profile.Name}",
            () => new ArmCpuSubject(profile),
            nameof(ArmCpu), nameof(ArmCpuState), nameof(GicCpu), "CpuInterface", "PrivateInterrupts", "HeldInterrupts", "HeldInterrupt", "FetchedActive", nameof(GenericTimer), "CompareTimer")),
        .. GicProfiles.All.Select(profile => new StateLaw(
            $"arm board {profile.Name}", () => new GicBoardSubject(profile), nameof(GicBoard), "SpiStore", "Distributor", "Redistributors", "RedistributorPlacement")),
        .. GicProfiles.All.Select(profile => new StateLaw($"arm gic {profile.Name}", () => new WholeGicSubject(profile), nameof(WholeGic))),
    ];

    public static StateLaw Find(string name) => All.Single(law => law.Name == name);
}
