using Trapline.Devices.Common;
using Trapline.Devices.LoongArch;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Eiointc;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Devices.LoongArch.Paravirt;
using Trapline.Devices.LoongArch.PchPic;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Devices.LoongArch.Timer;
using Trapline.Machines.Quirks;
using Trapline.Messages;
using Xunit;

namespace Trapline.Machines.Tests.Quirks;

/// <summary>The devices of two CPUs with a set of quirks. PCH-PIC has vector p at pin p, and its vectors enabled.</summary>
internal sealed class QuirkBench
{
    private readonly PinHost _eiointcHost = new();
    private readonly PinHost _ipiHost = new();
    private readonly IpiUnit[] _ipi;
    private readonly CpuIdMap _ids = new(2);

    /// <param name="quirks">On top of <c>kvm</c> and <c>final</c>.</param>
    /// <param name="swapped">vCPU 0 has id 1 and vCPU 1 id 0.</param>
    public QuirkBench(QuirkSet quirks, bool swapped = false)
    {
        Profile = quirks.ApplyTo(LoongArchProfiles.Kvm);
        Paravirt = quirks.ApplyTo(ParavirtProfiles.Final);
        for (var vcpu = 0; vcpu < 2; vcpu++)
        {
            Assert.Equal(0, _ids.TryAssign(vcpu, (ulong)(swapped ? 1 - vcpu : vcpu)));
        }

        _ipi = [new(_ipiHost, Profile, 0), new(_ipiHost, Profile, 1)];
        Eiointc = new Eiointc(_eiointcHost, Profile, _ids, 2, 0);
        Uapi = new EiointcUapi(Eiointc, 2, Profile.EiointcLoad);
        Pic = new PchPic(new PinHost { Driven = Eiointc.Input }, Profile);
        Write(0x1600, 8, ulong.MaxValue);
        for (var pin = 0; pin < PchPic.Pins; pin++)
        {
            Pic.Write((ulong)(0x200 + pin), 1, (ulong)pin);
        }
    }

    public LoongArchProfile Profile { get; }

    public ParavirtProfile Paravirt { get; }

    public Eiointc Eiointc { get; }

    public EiointcUapi Uapi { get; }

    public PchPic Pic { get; }

    /// <summary>How often an IPI unit has refused something.</summary>
    public int Refused => _ipiHost.Refused;

    /// <summary>vCPU 0 writes an IOCSR; of a send, what the target's unit does.</summary>
    public AccessOutcome Write(ulong address, int size, ulong value)
    {
        if (!IpiUnit.Covers(address, size))
        {
            return Eiointc.Write(0, address, size, value);
        }

        var outcome = _ipi[0].Write(address, size, value, out var rest);
        if (rest.Kind != IpiOutcomeKind.MaskedWrite)
        {
            return outcome;
        }

        var target = _ids.Find(rest.CpuId);
        return target == CpuIdMap.None ? _ipi[0].SendToNobody(rest)
            : rest.IsBusAccess ? Eiointc.MaskedWrite(target, rest.Address, rest.KeepBytes, rest.Data)
            : _ipi[target].MaskedWrite(rest.Address, rest.KeepBytes, rest.Data, false, out _);
    }

    public ulong Read(int vcpu, ulong address, int size = 4)
    {
        if (IpiUnit.Covers(address, size))
        {
            _ipi[vcpu].Read(address, size, out var register);
            return register;
        }

        Eiointc.Read(vcpu, address, size, out var value);
        return value;
    }

    public ulong WritesCountedAt(int vcpu) => _ipi[vcpu].WriteExits;

    /// <summary>COREISR of vectors 0 to 63.</summary>
    public ulong Pending(int vcpu) => Read(vcpu, 0x1800, 8);

    /// <summary>How often EIOINTC has driven a line.</summary>
    public int Drives => _eiointcHost.Drives;

    public int Set(uint group, ulong attribute, uint value) => Uapi.SetAttribute(group, attribute, value);

    public uint Get(uint group, ulong attribute)
    {
        Assert.Equal(0, Uapi.GetAttribute(group, attribute, out var value));
        return value;
    }

    public ulong ReadPic(ulong offset, int size = 8)
    {
        Pic.Read(offset, size, out var value);
        return value;
    }

    /// <summary>TI after user space has set TCFG and TVAL and the guest was entered.</summary>
    public bool TickAfterRestore(ulong configuration, ulong count)
    {
        var csrs = new CsrFile(new PinHost(), Profile, 0, ConstantTimer.DefaultTick, Profile.TimerRestore);
        csrs.Timer.RestoreConfiguration(configuration, VirtualTime.Zero);
        csrs.Timer.RestoreCount(count, VirtualTime.Zero);
        csrs.Timer.Resume(VirtualTime.FromNanoseconds(1));
        return (csrs.Interrupts.ReadCsr(Csr.Estat) & (1ul << CpuLines.Timer)) != 0;
    }

    /// <summary>What a hypercall of SERVICE returns, with all features or without the IPI.</summary>
    public ulong Call(ulong function, ulong a1, bool withIpi = true)
    {
        var features = new ParavirtFeatures(Paravirt, hostAccounts: true);
        Assert.Equal(0, features.Set(withIpi ? features.Word : features.Word & ~(ulong)ParavirtFeature.Ipi));
        var arguments = new HypercallArguments(function, a1, 0, 1, 0, 0);
        return new Hypercalls(Paravirt, features, null!).Dispatch(Hypercalls.ServiceCode, in arguments).Result;
    }

    /// <summary>The ids that a paravirtual IPI names.</summary>
    public string Targets(ulong low, ulong high)
    {
        var targets = new IpiTargets(new HypercallArguments(1, low, high, 10, 0, 0), Paravirt.SecondBitmap);
        var ids = new List<int>();
        while (targets.TryTake(out var id))
        {
            ids.Add(id);
        }

        return string.Join(' ', ids);
    }

    private sealed class PinHost : IDeviceHost
    {
        public int Drives { get; private set; }

        public int Refused { get; private set; }

        public Action<int, bool>? Driven { get; init; }

        public bool Listening => true;

        public void DrivePin(int pin, bool level)
        {
            Drives++;
            Driven?.Invoke(pin, level);
        }

        public void ArmTimer(int timer, VirtualTime due)
        {
        }

        public void CancelTimer(int timer)
        {
        }

        public void Report(in DeviceReport report) => Refused += report.Kind == ReportKind.Refused ? 1 : 0;
    }
}
