using Trapline.Devices.LoongArch;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Paravirt;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Devices.LoongArch.Timer;
using Trapline.Messages;

namespace Trapline.Devices.Tests.LoongArch.Paravirt;

/// <summary>A VM whose vCPUs make hypercalls, on which all that a call causes happens at once.</summary>
internal sealed class PvBench
{
    public const ulong MemoryEnd = 0x1_0000_0000;

    private readonly ulong[] _registers = new ulong[32];

    /// <param name="profile">Of KVM.</param>
    /// <param name="cpuIds">Physical ids of the vCPUs, by index.</param>
    /// <param name="hostAccounts">Run-delay accounting.</param>
    public PvBench(ParavirtProfile profile, IReadOnlyList<int> cpuIds, bool hostAccounts = true)
    {
        Profile = profile;
        Features = new ParavirtFeatures(profile, hostAccounts);
        Ids = new CpuIdMap(cpuIds.Count, profile.MapReadsWrongRegister);
        Cpus = [.. cpuIds.Select((_, index) => new BenchCpu(LoongArchProfiles.Kvm, index, TimerRestore.KeepsRemaining))];
        StealTimes = [.. cpuIds.Select(_ => new StealTime())];
        Uapi = [.. Cpus.Select((cpu, index) => new CpuUapi(cpu.Csrs, Ids, index, StealTimes[index]))];
        for (var index = 0; index < cpuIds.Count; index++)
        {
            Assert.Equal(0, Uapi[index].SetOneRegister(OneRegister.OfCsr(Csr.CpuId), (ulong)cpuIds[index], VirtualTime.Zero));
        }

        Hypercalls = new Hypercalls(profile, Features, StealTimes[0]);
        Words = new ConfigurationWords(profile, Features);
        Attributes = [.. StealTimes.Select(stealTime => new VcpuAttributes(Features, stealTime, MemoryEnd))];
    }

    public ParavirtProfile Profile { get; }

    public ParavirtFeatures Features { get; }

    public CpuIdMap Ids { get; }

    public BenchCpu[] Cpus { get; }

    public StealTime[] StealTimes { get; }

    public CpuUapi[] Uapi { get; }

    public VcpuAttributes[] Attributes { get; }

    /// <summary>Of vCPU 0, the caller.</summary>
    public Hypercalls Hypercalls { get; }

    public ConfigurationWords Words { get; }

    public ulong Pc { get; private set; } = 0x20_0000;

    /// <summary>r4 to r9.</summary>
    public ulong[] Arguments => _registers[4..10];

    /// <summary>How often an interrupt was queued.</summary>
    public int Queued { get; private set; }

    /// <summary>Ids of the vCPUs of a contiguous machine.</summary>
    public static int[] Contiguous(int count) => [.. Enumerable.Range(0, count)];

    /// <summary>The hypercall of vCPU 0: returns what KVM leaves to user space, or to nobody.</summary>
    public HypercallEffect Call(int code, ulong a0, ulong a1 = 0, ulong a2 = 0, ulong a3 = 0, ulong a4 = 0, ulong a5 = 0)
    {
        (_registers[4], _registers[5], _registers[6], _registers[7], _registers[8], _registers[9]) = (a0, a1, a2, a3, a4, a5);
        var arguments = new HypercallArguments(a0, a1, a2, a3, a4, a5);
        var decoded = TrappedInstruction.CodeOf(TrappedInstruction.OfHypercall(code));
        var (effect, result) = Hypercalls.Dispatch(decoded, in arguments);
        switch (effect)
        {
            case HypercallEffect.SendIpi:
                SendIpi(new IpiTargets(in arguments, Profile.SecondBitmap));
                Complete(result);
                break;
            case HypercallEffect.ExitToUser:
                // KVM presets the result; the vCPU is run again later.
                _registers[4] = result;
                break;
            case HypercallEffect.Return or HypercallEffect.ReturnUncounted:
                Complete(result);
                break;
            default:
                Assert.Equal(a0, result);
                break;
        }

        return effect;
    }

    /// <summary>KVM_RUN after an exit to user space.</summary>
    public void RunAgain(ulong result) => Complete(result);

    /// <summary>Indices of the vCPUs in which SWI0 waits for their next entry.</summary>
    public int[] Signalled() =>
        [.. Cpus.Select((cpu, index) => (cpu, index)).Where(each => each.cpu.Interrupts.IsQueued(CpuLines.Swi0)).Select(each => each.index)];

    public int[] SignalledIds() => [.. Signalled().Select(index => (int)Ids.IdOf(index))];

    /// <summary>CPUCFG of a register that holds the index.</summary>
    public ulong Configuration(ulong index, int privilegeLevel = 0)
    {
        Assert.True(Words.TryEmulate(TrappedInstruction.OfConfiguration(4, 5), index, privilegeLevel, out var value));
        return value;
    }

    public int SetFeatures(int vcpu, ulong value) => Attributes[vcpu].Set(VcpuAttributes.ConfigurationGroup, ConfigurationWords.FeaturesIndex, BitConverter.GetBytes(value));

    private void Complete(ulong result)
    {
        _registers[4] = result;
        Pc += 4;
    }

    private void SendIpi(IpiTargets targets)
    {
        while (targets.TryTake(out var cpuId))
        {
            if (Ids.Find(cpuId) is not CpuIdMap.None and var vcpu)
            {
                Queued++;
                Cpus[vcpu].Interrupts.Queue(CpuLines.Swi0);
            }
        }
    }
}
