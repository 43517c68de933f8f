using System.Text.RegularExpressions;
using Trapline.Devices.LoongArch.Eiointc;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Devices.LoongArch.PchPic;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Devices.LoongArch.Timer;
using Trapline.Devices.LoongArch.Transfer;

namespace Trapline.Devices.Tests.Laws;

/// <summary>
/// The law of the real interface: what went through it into a fresh device differs from the original in rows of named losses
/// and in no other, and where nothing was lost both behave alike.
/// </summary>
[Trait("Runs", "Once")]
public sealed class UapiLossTests
{
    private static readonly string[] Statistics = ["ipi-statistics", "eiointc-statistics"];

    public static TheoryData<string> Profiles => [.. LoongArchProfiles.All.Where(profile => profile.Name.StartsWith("kvm", StringComparison.Ordinal)).Select(profile => profile.Name)];

    [Theory, MemberData(nameof(Profiles))]
    public void An_ipi_unit_loses_what_is_named(string name) =>
        Check(UapiLosses.Ipi, Find(name), () => new IpiSubject(Find(name)), UapiTransfers.Ipi, ["ipi-statistics"]);

    [Theory, MemberData(nameof(Profiles))]
    public void An_eiointc_loses_what_is_named(string name) => Check(
        UapiLosses.Eiointc, Find(name), () => new EiointcSubject(Find(name)), UapiTransfers.Eiointc,
        ["eiointc-statistics", "route-not-in-coremap", "active-recomputed", .. name == "kvm-6.13" ? Array.Empty<string>() : ["coreisr-beyond-num-cpu"]]);

    [Fact]
    public void An_eiointc_that_reads_raw_bytes_or_scales_offsets_loses_what_is_named()
    {
        var raw = LoongArchProfiles.Kvm with { EiointcLoad = EiointcLoad.RawByteIsCpuId };
        Check(UapiLosses.Eiointc, raw, () => new EiointcSubject(raw), UapiTransfers.Eiointc, ["active-by-raw-coremap"]);
        var scaled = LoongArchProfiles.Kvm with { EiointcAttributeOffsetScaled = true };
        Check(UapiLosses.Eiointc, scaled, () => new EiointcSubject(scaled), UapiTransfers.Eiointc, ["attribute-offset-scaled"]);
    }

    [Theory, MemberData(nameof(Profiles))]
    public void A_pch_pic_loses_what_is_named(string name) =>
        Check(UapiLosses.PchPic, Find(name), () => new PchPicSubject(Find(name)), UapiTransfers.PchPic, ["pin-levels"]);

    /// <summary>Both have to enter the guest first: only then does what is queued take effect, and a timer go on that user space has set.</summary>
    [Theory, MemberData(nameof(Profiles))]
    public void A_vcpu_loses_what_is_named(string name) => Check(
        UapiLosses.Cpu, Find(name), () => new CpuSubject(Find(name), TimerRestore.KeepsRemaining), UapiTransfers.Cpu,
        ["queued-lines", "timer-expiry", "timer-caught-up", "work-in-progress", "steal-time-progress"], subject => subject.Csrs.EnterGuest(subject.Now));

    /// <summary>Table and irqfds are made anew from what the VMM knows: nothing of them can be read out of KVM.</summary>
    [Fact]
    public void Routing_loses_what_is_named() => Check(
        UapiLosses.Routing, LoongArchProfiles.Kvm, () => new RoutingSubject(), [new UapiTransfer<RoutingSubject>("routing", (from, to) => from.MakeAnew(to))], ["eventfd-count"]);

    /// <summary>Each attribute carries something that nothing else does: without it, or without a control step, some state differs.</summary>
    [Fact]
    public void Every_attribute_and_step_is_needed()
    {
        CheckNeeded(() => new IpiSubject(LoongArchProfiles.Kvm), FillIpi, UapiTransfers.Ipi);
        CheckNeeded(() => new EiointcSubject(LoongArchProfiles.Kvm, null), FillEiointc, UapiTransfers.Eiointc);
        CheckNeeded(() => new PchPicSubject(LoongArchProfiles.Kvm), FillPchPic, UapiTransfers.PchPic);
        CheckNeeded(() => new CpuSubject(LoongArchProfiles.Kvm, TimerRestore.KeepsRemaining), FillCpu, UapiTransfers.Cpu);
    }

    [Fact]
    public void Names_are_unique_and_each_loss_says_where_it_is_told_of()
    {
        Assert.Equal(UapiLosses.All.Count, UapiLosses.All.Select(loss => loss.Name).Distinct().Count());
        Assert.All(UapiLosses.All, loss => Assert.True(loss.Rows.Length > 0 && loss.Source.Length > 0 && loss.What.EndsWith('.')));
    }

    private static LoongArchProfile Find(string name) => LoongArchProfiles.Find(name)!;

    private static void Check<T>(string device, LoongArchProfile profile, Func<T> create, IReadOnlyList<UapiTransfer<T>> transfer, IReadOnlyList<string> expected, Action<T>? settle = null)
        where T : LawSubject
    {
        var losses = UapiLosses.Of(device, profile).ToArray();
        var seen = new HashSet<string>();
        var rows = new HashSet<string>();
        var alike = 0;
        Step.CheckAll(steps =>
        {
            var (source, twin, target) = (create(), create(), create());
            var half = steps.Length / 2;
            Drive(source, steps.AsSpan(0, half));
            target.World.CopyFrom(source.World);
            RawState.Copy(source.SyncState, twin.SyncState);
            var saved = RawState.List(source.SyncState);
            target.World.Log.Clear();
            UapiTransfer<T>.All(transfer, source, target);
            twin.World.CopyFrom(target.World);
            var lost = Differences(saved, RawState.List(target.SyncState));
            foreach (var row in lost)
            {
                var names = losses.Where(loss => loss.Covers(row)).Select(loss => loss.Name).ToArray();
                Assert.True(names.Length > 0, $"{row} differs, and no loss of {device} names it");
                seen.UnionWith(names);
                rows.Add(Regex.Replace(row, @"\[\d+\]", "[*]"));
            }

            settle?.Invoke(twin);
            settle?.Invoke(target);
            lost = Differences(RawState.List(twin.SyncState), RawState.List(target.SyncState));
            Assert.All(lost, row => Assert.Contains(losses, loss => loss.Covers(row)));

            // Counters are answered by nothing that a guest or a device can ask for.
            if (lost.All(row => losses.Any(loss => Statistics.Contains(loss.Name) && loss.Covers(row))))
            {
                alike++;
                twin.World.Log.Clear();
                target.World.Log.Clear();
                foreach (var step in steps.AsSpan(half))
                {
                    Assert.Equal(twin.Apply(step), target.Apply(step));
                }

                Assert.Equal(twin.World.Log, target.World.Log);
            }
        });

        Assert.True(alike > 5, $"only {alike} states of {device} came through whole: behaviour was not tested");
        Assert.All(expected, name => Assert.Contains(name, seen));
        Assert.All(losses.Where(loss => expected.Contains(loss.Name)).SelectMany(loss => loss.Rows), row => Assert.Contains(row, rows));
    }

    private static void CheckNeeded<T>(Func<T> create, Action<T, Random> fill, IReadOnlyList<UapiTransfer<T>> transfer)
        where T : LawSubject
    {
        var unneeded = transfer.Select(item => item.Name).ToHashSet();
        for (var seed = 1; seed <= 12; seed++)
        {
            var source = create();
            fill(source, new Random(seed));
            var whole = create();
            whole.World.CopyFrom(source.World);
            UapiTransfer<T>.All(transfer, source, whole);
            var rows = RawState.List(whole.SyncState);
            foreach (var name in unneeded.ToArray())
            {
                var part = create();
                part.World.CopyFrom(source.World);
                UapiTransfer<T>.All(transfer, source, part, without: name);
                if (Differences(rows, RawState.List(part.SyncState)).Count > 0)
                {
                    unneeded.Remove(name);
                }
            }
        }

        Assert.Empty(unneeded);
    }

    private static void FillIpi(IpiSubject subject, Random random)
    {
        foreach (var register in new[] { 0x00, 0x04, 0x08, 0x0C, 0x20, 0x28, 0x30, 0x38 })
        {
            Assert.Equal(0, subject.Uapi.SetAttribute(IpiUapi.RegistersGroup, IpiUapi.AttributeOf(0, register), (ulong)random.NextInt64()));
        }
    }

    private static void FillEiointc(EiointcSubject subject, Random random)
    {
        Assert.Equal(0, subject.Uapi.SetAttribute(EiointcUapi.ControlGroup, EiointcUapi.ControlInitializeCpuCount, EiointcSubject.Cpus));
        Assert.Equal(0, subject.Uapi.SetAttribute(EiointcUapi.ControlGroup, EiointcUapi.ControlInitializeFeatures, 0xF));
        for (var offset = 0; offset < 0x900; offset += 4)
        {
            for (var cpu = 0; cpu < EiointcSubject.Cpus; cpu++)
            {
                _ = subject.Uapi.SetAttribute(EiointcUapi.RegistersGroup, EiointcUapi.AttributeOf(offset, cpu), (uint)random.Next());
            }
        }

        Assert.Equal(0, subject.Uapi.SetAttribute(EiointcUapi.StatusGroup, EiointcUapi.StatusState, 0xE));
        subject.Ids.Drop(2);
        Assert.Equal(0, subject.Ids.TryAssign(2, (ulong)random.Next(3, 200)));
    }

    private static void FillPchPic(PchPicSubject subject, Random random)
    {
        Assert.Equal(0, subject.Uapi.SetAttribute(PchPicUapi.ControlGroup, PchPicUapi.ControlInit, 0x1000_0000));
        for (ulong offset = 0; offset < PchPic.WindowSize; offset++)
        {
            _ = subject.Uapi.SetAttribute(PchPicUapi.RegistersGroup, offset, (ulong)random.NextInt64());
        }
    }

    private static void FillCpu(CpuSubject subject, Random random)
    {
        _ = subject.Apply(new Step(12, 1, (ulong)random.Next(4096)));
        foreach (var name in Devices.LoongArch.Cpu.CsrNames.All)
        {
            Assert.True(Devices.LoongArch.Cpu.CsrNames.TryParse(name, out var number));
            var value = name == "CPUID" ? (ulong)random.Next(256) : (ulong)random.NextInt64();
            Assert.Equal(0, subject.Uapi.SetOneRegister(Devices.LoongArch.Cpu.OneRegister.OfCsr(number), value, subject.Now));
        }

        Assert.True(subject.StealTime.TryRegister(0x1001));
    }

    private static void Drive(LawSubject subject, ReadOnlySpan<Step> steps)
    {
        foreach (var step in steps)
        {
            _ = subject.Apply(step);
        }
    }

    private static List<string> Differences(IReadOnlyList<KeyValuePair<string, ulong>> first, IReadOnlyList<KeyValuePair<string, ulong>> second) =>
        [.. first.Zip(second).Where(pair => pair.First.Value != pair.Second.Value).Select(pair => pair.First.Key)];
}
