using Trapline.Devices.Arm.Vm;
using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;
using Trapline.Messages;
using Xunit;

namespace Trapline.Machines.Tests.Boundary;

/// <summary>As <see cref="RandomCallTests"/>, on an ARM machine: every call is answered with the errno that it can have, and one that fails changes nothing.</summary>
[Trait("Runs", "Once")]
public sealed class ArmRandomCallTests
{
    private const int Calls = 60;

    private static readonly ulong[] Numbers =
    [
        0, 1, 2, 3, 4, 5, 7, 8, 16, 31, 32, 33, 40, 256, 288, 987, 988, 1024, 4095, 4096, 0x104, 0x204, 0x10100, 0xC230, 0xC660, 0x1_0000_0008, 0x9_0000_0008, 0x0100_0028, 0x0201_0017,
        0x0401_0000, 0x0809_0040, 0x080A_0000, 1UL << 32, 1UL << 40, 1UL << 52, (1UL << 52) | 0x200000, uint.MaxValue, ulong.MaxValue, 1UL << 63,
    ];

    private static readonly long[] Errnos =
    [
        1, Errno.Success, Errno.NoSuchEntry, Errno.NoSuchAddress, Errno.TooBig, Errno.NotExecutable, Errno.BadFile, Errno.TryAgain, Errno.OutOfMemory, Errno.BadAddress, Errno.Busy,
        Errno.Exists, Errno.NoSuchDevice, Errno.InvalidArgument, Errno.NotTypewriter,
    ];

    [Theory]
    [InlineData(1, 4, false, false)]
    [InlineData(5, 8, true, false)]
    [InlineData(9, 12, false, true)]
    public void A_call_that_fails_changes_nothing_and_every_call_is_answered(ulong from, ulong to, bool isStopped, bool closes)
    {
        var seen = new SortedSet<long>();
        for (var seed = from; seed <= to; seed++)
        {
            using var bench = new ArmBoundaryBench(isMigratable: true);
            if (isStopped)
            {
                bench.Stop();
            }

            var draw = new Draw(seed);
            for (var call = 0; call < Calls; call++)
            {
                var before = bench.State();
                var (name, result) = Make(bench, draw, closes);
                Assert.True(Errnos.Contains(result), $"seed {seed}, call {call}, {name}: {result}");
                seen.Add(result);
                if (result < 0)
                {
                    Assert.Equal((name, ""), (name, string.Join(' ', bench.State().Except(before))));
                }
            }
        }

        Assert.True(seen.Count >= 7, string.Join(' ', seen));
    }

    /// <summary>The same calls, while the guest sets up its GIC: no crash, and the same end in every run.</summary>
    [Fact]
    public void Calls_in_the_middle_of_interrupts_neither_crash_nor_depend_on_anything_but_the_seed()
    {
        var digests = new HashSet<Digest128>();
        for (ulong seed = 1; seed <= 3; seed++)
        {
            var (first, second) = (Churn(seed), Churn(seed));
            Assert.Equal(first, second);
            digests.Add(first);
        }

        Assert.Equal(3, digests.Count);
    }

    private static Digest128 Churn(ulong seed)
    {
        using var bench = new ArmBoundaryBench(ArmBoundaryBench.Driver);
        bench.Wait(20_000_000);
        var draw = new Draw(seed);
        for (var call = 0; call < Calls && bench.Engine.End is null; call++)
        {
            Make(bench, draw, closes: false);
        }

        return Guests.GuestRun.DigestOf(bench.Engine);
    }

    private static (string Name, long Result) Make(ArmBoundaryBench bench, Draw draw, bool closes)
    {
        var ioctl = draw.Of<KvmIoctl>(KvmIoctl.None, KvmIoctl.CreateVm, KvmIoctl.CreateVcpu, KvmIoctl.CreateDevice, KvmIoctl.CreateIrqchip, KvmIoctl.IrqLine,
            KvmIoctl.SetGsiRouting, KvmIoctl.SignalMsi, KvmIoctl.Irqfd, KvmIoctl.SetDeviceAttribute, KvmIoctl.SetDeviceAttribute, KvmIoctl.GetDeviceAttribute, KvmIoctl.GetDeviceAttribute,
            KvmIoctl.HasDeviceAttribute, KvmIoctl.SetOneRegister, KvmIoctl.InitializeVcpu, KvmIoctl.CloseDevice, KvmIoctl.CloseVcpu, KvmIoctl.CloseVm, (KvmIoctl)999);
        if (!closes && ioctl is KvmIoctl.CloseVm or KvmIoctl.CloseDevice or KvmIoctl.CloseVcpu)
        {
            ioctl = KvmIoctl.IrqLine;
        }

        var (first, second, third) = (draw.Of(Numbers), draw.Of(Numbers), draw.Of(Numbers));
        var name = $"{ioctl}(0x{first:x}, 0x{second:x}, 0x{third:x})";
        switch (ioctl)
        {
            case KvmIoctl.SetGsiRouting:
                GsiRoute[] entries =
                [
                    .. Enumerable.Range(0, (int)draw.Below(4)).Select(_ => new GsiRoute(
                        (uint)draw.Of(Numbers), (GsiRouteKind)draw.Below(4), (uint)draw.Below(2), (uint)draw.Of(Numbers), (uint)(draw.Below(8) / 7), draw.Of(Numbers), (uint)draw.Of(Numbers))),
                ];
                return ($"{ioctl} {string.Join(' ', entries)}", bench.Route(entries));
            case KvmIoctl.SignalMsi:
                return (name, bench.Signal(new KvmMessage((uint)first, second, (uint)third, (uint)draw.Below(3))));
            case KvmIoctl.SetDeviceAttribute or KvmIoctl.GetDeviceAttribute or KvmIoctl.HasDeviceAttribute or KvmIoctl.CloseDevice:
                var device = draw.Of<DeviceFile>(KvmDeviceType.GicV3, KvmDeviceType.GicV3, KvmDeviceType.Its, new DeviceFile(KvmDeviceType.Its, 1), KvmDeviceType.Ipi);
                var group = (uint)draw.Below(10);
                return ($"{name} of {device}, group {group}", bench.Device(device, ioctl, group, first, second, draw.Below(9)).Result);
            case KvmIoctl.InitializeVcpu:
                return (name, bench.Vm(ioctl, draw.Below(4), VcpuFeatures.GenericTarget - draw.Below(2), third).Result);
            default:
                return (name, bench.Vm(ioctl, first, second, third, (uint)draw.Below(4)).Result);
        }
    }

    private sealed class Draw(ulong seed)
    {
        private ulong _draws;

        public ulong Below(ulong limit) => CounterRandom.DrawBelow(limit, seed, default, RandomPurpose.Guest, _draws++);

        public T Of<T>(params T[] values) => values[Below((ulong)values.Length)];
    }
}
