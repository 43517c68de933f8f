using Trapline.Devices.LoongArch.Profiles;

namespace Trapline.Actors.LoongArch;

/// <summary>
/// The configuration words that CPUCFG gives a guest, stored by user space, and what KVM adds to them. Of the paravirtual
/// features this machine's user space offers one: the virtual extension of EIOINTC.
/// </summary>
public sealed class ConfigurationWords
{
    /// <summary>a0: where a hypercall returns its result.</summary>
    public const byte HypercallResult = 4;

    /// <summary>What a hypercall returns that is unknown or switched off: -1.</summary>
    public const ulong NotImplemented = ulong.MaxValue;

    /// <summary>Index of the word that holds "KVM" and a zero byte (Linux Documentation/virt/kvm/loongarch/hypercalls.rst).</summary>
    public const uint SignatureIndex = 0x4000_0000;

    /// <summary>Index of the word of features.</summary>
    public const uint FeaturesIndex = 0x4000_0004;

    private const ulong Signature = 0x004D_564B;

    /// <summary>KVM_FEATURE_VIRT_EXTIOI (Linux arch/loongarch/include/uapi/asm/kvm_para.h).</summary>
    private const ulong VirtualExtioi = 1 << 24;
    private const int StoredWords = 21;

    private readonly uint[] _words = new uint[StoredWords];
    private readonly ulong _features;

    /// <summary>Words of a Loongson 3A5000 (LA464) that say something about interrupts and time, as QEMU's la464 model gives them.</summary>
    public ConfigurationWords(LoongArchProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        _features = profile.VirtualExtension == VirtualExtension.Absent ? 0 : VirtualExtioi;
        _words[0] = 0x0014_C010;
        _words[4] = 100_000_000;
        _words[5] = 0x0001_0001;
    }

    /// <summary>Any index is legal; what is not defined reads 0. The upper half of the index register is ignored.</summary>
    public ulong Read(uint index) => index switch
    {
        < StoredWords => _words[index],
        SignatureIndex => Signature,
        FeaturesIndex => _features,
        _ => 0,
    };
}
