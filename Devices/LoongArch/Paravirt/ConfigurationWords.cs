using Trapline.Messages.State;

namespace Trapline.Devices.LoongArch.Paravirt;

/// <summary>
/// CPUCFG as KVM emulates it for one vCPU (Linux arch/loongarch/kvm/exit.c, kvm_emu_cpucfg): the words that user space stored,
/// and the area of its own from 0x40000000 on.
/// </summary>
public sealed class ConfigurationWords
{
    /// <summary>Words 0 to 20: KVM_MAX_CPUCFG_REGS.</summary>
    public const int StoredCount = 21;

    /// <summary>Index of the word that holds "KVM" and a zero byte.</summary>
    public const uint SignatureIndex = 0x4000_0000;

    /// <summary>Index of the word of features.</summary>
    public const uint FeaturesIndex = 0x4000_0004;

    private const ulong Signature = 0x004D_564B;

    private readonly ParavirtProfile _profile;
    private readonly ParavirtFeatures _features;
    private readonly uint[] _words = new uint[StoredCount];
    private ulong _exits;

    /// <summary>Words of a Loongson 3A5000 (LA464) that say something about interrupts and time, as QEMU's la464 model gives them.</summary>
    public ConfigurationWords(ParavirtProfile profile, ParavirtFeatures features)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(features);
        _profile = profile;
        _features = features;
        _words[0] = 0x0014_C010;
        _words[4] = 100_000_000;
        _words[5] = 0x0001_0001;
    }

    /// <summary>KVM's statistic cpucfg_exits: every emulated CPUCFG, of an undefined index too.</summary>
    public ulong Exits => _exits;

    /// <summary>User space stores a word: KVM_SET_ONE_REG of KVM_REG_LOONGARCH_CPUCFG.</summary>
    public void Store(int index, uint value) => _words[index] = value;

    /// <summary>Emulates the instruction that trapped.</summary>
    /// <param name="word">The instruction word, CSR.BADI.</param>
    /// <param name="index">What rj holds; the upper half is ignored.</param>
    /// <param name="privilegeLevel">CSR.CRMD.PLV of the guest.</param>
    /// <param name="value">For rd.</param>
    /// <returns>False if it is no CPUCFG: the guest gets INE at that instruction, and nothing is counted.</returns>
    public bool TryEmulate(uint word, ulong index, int privilegeLevel, out ulong value)
    {
        value = 0;
        if (!TrappedInstruction.IsConfiguration(word))
        {
            return false;
        }

        _exits++;
        value = (uint)index switch
        {
            < StoredCount => _words[(uint)index],
            SignatureIndex => IsShown(privilegeLevel) ? Signature : 0,
            FeaturesIndex => IsShown(privilegeLevel) ? _features.Word : 0,
            _ => 0,
        };
        return true;
    }

    /// <summary>A word of the CPU itself, as the hardware gives it without a hypervisor: KVM's words do not exist then, and what does not exist reads 0.</summary>
    public uint Native(uint index) => index < StoredCount ? _words[index] : 0;

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        for (var i = 0; i < StoredCount; i++)
        {
            sync.Begin("cpucfg", i);
            sync.Row("word", ref _words[i]);
            sync.End();
        }

        sync.Row("cpucfg_exits", ref _exits);
    }

    private bool IsShown(int privilegeLevel) => privilegeLevel == 0 || !_profile.WordsArePrivileged;
}
