using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Eiointc;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Devices.LoongArch.Timer;
using Trapline.Messages;

namespace Trapline.Devices.Tests.LoongArch;

/// <summary>
/// Two CPUs, or as many as are asked for, with physical ids 0, 1, …, and an EIOINTC, on an IOCSR bus on which all that an
/// access causes happens at once: what the numbered vectors are played on.
/// </summary>
internal sealed class MachineBench
{
    public MachineBench(
        TimerRestore restore = TimerRestore.KeepsRemaining,
        LoongArchProfile? profile = null,
        int cpus = 2,
        uint? features = 0)
    {
        Profile = profile ?? LoongArchProfiles.Kvm;
        Ids = new CpuIdMap(cpus);
        Cpus = [.. Enumerable.Range(0, cpus).Select(cpu => new BenchCpu(Profile, cpu, restore))];
        Uapi = [.. Cpus.Select((cpu, number) => new CpuUapi(cpu.Csrs, Ids, number))];
        IpiUapi = new IpiUapi(vcpu => vcpu < cpus ? Cpus[vcpu].Ipi : null);
        Eiointc = new Eiointc(EiointcHost, Profile, Ids, cpus, features);
        EiointcUapi = new EiointcUapi(Eiointc, cpus);
    }

    public LoongArchProfile Profile { get; }

    public BenchCpu[] Cpus { get; }

    public CpuIdMap Ids { get; }

    public CpuUapi[] Uapi { get; }

    public IpiUapi IpiUapi { get; }

    public RecordingHost EiointcHost { get; } = new();

    public Eiointc Eiointc { get; }

    public EiointcUapi EiointcUapi { get; }

    /// <summary>How many outcomes the last write caused, nested ones included.</summary>
    public int OutcomesOfLastWrite { get; private set; }

    /// <summary>What became of the last access, of all that it caused the worst.</summary>
    public AccessOutcome Outcome { get; private set; }

    public static MachineBench WithIds(LoongArchProfile? profile = null, int cpus = 2, uint? features = 0)
    {
        var bench = new MachineBench(profile: profile, cpus: cpus, features: features);
        bench.AssignIds();
        return bench;
    }

    public static MachineBench WithIds(string profile, int cpus = 2, uint? features = 0) =>
        WithIds(LoongArchProfiles.Find(profile), cpus, features);

    public void AssignIds()
    {
        for (var cpu = 0; cpu < Cpus.Length; cpu++)
        {
            Assert.Equal(0, Uapi[cpu].SetOneRegister(OneRegister.OfCsr(Csr.CpuId), (ulong)cpu, VirtualTime.Zero));
        }
    }

    public ulong Read(int cpu, ulong address, int size)
    {
        Outcome = IpiUnit.Covers(address, size)
            ? Cpus[cpu].Ipi.Read(address, size, out var value)
            : Eiointc.Read(cpu, address, size, out value);
        return value;
    }

    public uint Read4(int cpu, ulong address) => (uint)Read(cpu, address, 4);

    public ulong Read8(int cpu, ulong address) => Read(cpu, address, 8);

    public void Write4(int cpu, ulong address, ulong value) => Write(cpu, address, 4, value);

    public void Write8(int cpu, ulong address, ulong value) => Write(cpu, address, 8, value);

    public void Write(int cpu, ulong address, int size, ulong value)
    {
        OutcomesOfLastWrite = 0;
        if (!IpiUnit.Covers(address, size))
        {
            Outcome = Eiointc.Write(cpu, address, size, value);
            return;
        }

        var sender = Cpus[cpu].Ipi;
        Outcome = sender.Write(address, size, value, out var rest);
        for (; rest.Kind != IpiOutcomeKind.Done; OutcomesOfLastWrite++)
        {
            Assert.True(OutcomesOfLastWrite < 4, "a nested send does not end");
            var target = Ids.Find(rest.CpuId);
            if (target == CpuIdMap.None)
            {
                Note(sender.SendToNobody(rest));
                return;
            }

            sender = Cpus[target].Ipi;
            rest = Carry(rest, target);
        }
    }

    /// <summary>An input of EIOINTC is driven.</summary>
    public void In(int vector, int level) => Eiointc.Input(vector, level != 0);

    /// <summary>COREISR of a CPU by a raw read: 32 vectors.</summary>
    public uint Pending(int cpu, int word = 0)
    {
        var attribute = EiointcUapi.AttributeOf(EiointcRegisters.CoreStatus + (word * 4), cpu);
        Assert.Equal(0, EiointcUapi.GetAttribute(EiointcUapi.RegistersGroup, attribute, out var value));
        return value;
    }

    /// <summary>The asserted lines of a CPU as IPI unit and EIOINTC drive them, such as <c>{HWI0,IPI}</c>.</summary>
    public string Lines(int cpu)
    {
        var lines = Enumerable.Range(0, Eiointc.LinesPerVcpu)
            .Where(hwi => EiointcHost.Level(Eiointc.PinOf(cpu, hwi)))
            .Select(hwi => $"HWI{hwi}")
            .Concat(Cpus[cpu].IpiHost.Level(IpiUnit.InterruptPin) ? ["IPI"] : Array.Empty<string>());
        return $"{{{string.Join(',', lines)}}}";
    }

    private IpiOutcome Carry(IpiOutcome send, int target)
    {
        IpiOutcome rest = default;
        if (send.Kind == IpiOutcomeKind.SetStatus)
        {
            Cpus[target].Ipi.Set(send.Mask);
        }
        else if (send.IsBusAccess && Eiointc.Covers(send.Address, 4))
        {
            Note(Eiointc.MaskedWrite(target, send.Address, send.KeepBytes, send.Data));
        }
        else
        {
            Note(Cpus[target].Ipi.MaskedWrite(send.Address, send.KeepBytes, send.Data, send.IsBusAccess, out rest));
        }

        return rest;
    }

    private void Note(AccessOutcome outcome) => Outcome = outcome > Outcome ? outcome : Outcome;
}
