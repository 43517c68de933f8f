using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;
using Trapline.Devices.LoongArch.Eiointc;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Devices.LoongArch.PchPic;
using Trapline.Machines.Tests.Controllers;
using Trapline.Messages;
using Xunit;

namespace Trapline.Machines.Tests.Boundary;

/// <summary>
/// Whatever user space calls, in whatever order and with whatever arguments: each call is answered with the errno that it can
/// have, one that fails changes nothing, and the machine goes on.
/// </summary>
[Trait("Runs", "Once")]
public sealed class RandomCallTests
{
    private const int Calls = 120;

    private static readonly uint[] Groups =
    [
        IpiUapi.RegistersGroup, EiointcUapi.RegistersGroup, EiointcUapi.StatusGroup, EiointcUapi.ControlGroup,
        PchPicUapi.RegistersGroup, PchPicUapi.ControlGroup, 0, 0x40000007, uint.MaxValue,
    ];

    private static readonly ulong[] Numbers =
        [0, 1, 2, 3, 12, 13, 14, 15, 16, 31, 32, 63, 64, 70, 255, 256, 1024, 4095, 4096, 0x20, 0x24, 0x105, 0x205, 0x300, 0x400, 0x10400, 0x80000000, uint.MaxValue, ulong.MaxValue, 1UL << 32, 1UL << 63];

    private static readonly long[] Errnos =
    [
        Errno.Success, Errno.NotPermitted, Errno.NoSuchAddress, Errno.BadFile, Errno.TryAgain, Errno.BadAddress, Errno.Busy, Errno.Exists,
        Errno.NoSuchDevice, Errno.InvalidArgument, Errno.NotTypewriter,
    ];

    [Theory]
    [InlineData(1, 40, false)]
    [InlineData(41, 60, true)]
    public void A_call_that_fails_changes_nothing_and_every_call_is_answered(ulong from, ulong to, bool closes)
    {
        var seen = new SortedSet<long>();
        for (var seed = from; seed <= to; seed++)
        {
            using var bench = new BoundaryBench();
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

        // Hardly any errno is out of reach of chance.
        Assert.True(seen.Count >= 9, string.Join(' ', seen));
    }

    /// <summary>The same calls, while the guest and all devices are at work: no crash, and the same end in every run.</summary>
    [Fact]
    public void Calls_in_the_middle_of_interrupts_neither_crash_nor_depend_on_anything_but_the_seed()
    {
        var digests = new HashSet<Digest128>();
        for (ulong seed = 1; seed <= 6; seed++)
        {
            var (first, second) = (Churn(seed), Churn(seed));
            Assert.Equal(first, second);
            digests.Add(first);
        }

        Assert.Equal(6, digests.Count);
    }

    private static Digest128 Churn(ulong seed)
    {
        using var bench = new BoundaryBench(ChurnGuest.Source(6));
        var draw = new Draw(seed);
        for (var call = 0; call < Calls && bench.Run.End is null; call++)
        {
            Make(bench, draw, closes: false);
        }

        return bench.Run.Digest();
    }

    private static (string Name, long Result) Make(BoundaryBench bench, Draw draw, bool closes)
    {
        var ioctl = draw.Of<KvmIoctl>(KvmIoctl.None, KvmIoctl.CreateVm, KvmIoctl.CreateVcpu, KvmIoctl.CreateDevice, KvmIoctl.CreateIrqchip, KvmIoctl.IrqLine,
            KvmIoctl.SetGsiRouting, KvmIoctl.SignalMsi, KvmIoctl.Irqfd, KvmIoctl.SetDeviceAttribute, KvmIoctl.GetDeviceAttribute, KvmIoctl.HasDeviceAttribute,
            KvmIoctl.SetOneRegister, KvmIoctl.Interrupt, KvmIoctl.CloseDevice, KvmIoctl.CloseVcpu, KvmIoctl.CloseVm, (KvmIoctl)999);
        if (!closes && ioctl is KvmIoctl.CloseVm or KvmIoctl.CloseDevice or KvmIoctl.CloseVcpu)
        {
            ioctl = KvmIoctl.IrqLine;
        }

        var (first, second, third) = (draw.Of(Numbers), draw.Of(Numbers), draw.Of(Numbers));
        var name = $"{ioctl}(0x{first:x}, 0x{second:x}, 0x{third:x})";
        switch (ioctl)
        {
            case KvmIoctl.SetGsiRouting:
                GsiRoute[] entries = [.. Enumerable.Range(0, (int)draw.Below(4)).Select(_ => new GsiRoute((uint)draw.Of(Numbers), (GsiRouteKind)draw.Below(4), (uint)draw.Below(2), (uint)draw.Of(Numbers), (uint)(draw.Below(8) / 7)))];
                return ($"{ioctl} {string.Join(' ', entries)}", bench.Route(entries));
            case KvmIoctl.SetDeviceAttribute or KvmIoctl.GetDeviceAttribute or KvmIoctl.HasDeviceAttribute or KvmIoctl.CloseDevice:
                var (device, group) = (draw.Of(KvmDeviceType.Ipi, KvmDeviceType.Eiointc, KvmDeviceType.PchPic, (KvmDeviceType)9), draw.Of(Groups));
                return ($"{name} of {device}, group 0x{group:x}", bench.Device(device, ioctl, group, first, second, draw.Below(9)).Result);
            case KvmIoctl.Interrupt:
                return (name, bench.Vcpu((int)draw.Below(2), ioctl, first).Result);
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
