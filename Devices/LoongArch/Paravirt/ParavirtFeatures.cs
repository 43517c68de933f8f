using Trapline.Devices.Common;
using Trapline.Messages.State;

namespace Trapline.Devices.LoongArch.Paravirt;

/// <summary>
/// The feature word of a VM (Linux arch/loongarch/kvm: kvm->arch.pv_features). It belongs to the VM: user space sets it
/// through any vCPU, and every later setting must be the same.
/// </summary>
public sealed class ParavirtFeatures
{
    /// <summary>Where the host accounts for the time that threads wait for a CPU.</summary>
    private const ParavirtFeature OfAccounting = ParavirtFeature.StealTime | ParavirtFeature.Preempt;

    /// <summary>KVM_LOONGARCH_VM_FEAT_PV_IPI.</summary>
    private const ulong VmFeatureIpi = 6;

    /// <summary>KVM_LOONGARCH_VM_FEAT_PV_STEALTIME.</summary>
    private const ulong VmFeatureStealTime = 7;

    /// <summary>KVM_LOONGARCH_VM_FEAT_PV_PREEMPT.</summary>
    private const ulong VmFeaturePreempt = 10;
    private const ulong VmFeatureCrash = 11;

    private readonly ParavirtProfile _profile;
    private readonly bool _hostAccounts;
    private ulong _word;
    private bool _fixed;

    /// <param name="profile">Which version.</param>
    /// <param name="hostAccounts">The host's kernel accounts for run delay: steal time can be offered.</param>
    public ParavirtFeatures(ParavirtProfile profile, bool hostAccounts)
    {
        ArgumentNullException.ThrowIfNull(profile);
        _profile = profile;
        _hostAccounts = hostAccounts;
        Reset();
    }

    /// <summary>What CPUCFG gives.</summary>
    public ulong Word => _word;

    /// <summary>User space has set it: it can be set to the same alone.</summary>
    public bool IsFixed => _fixed;

    /// <summary>Whether user space may set the word at all.</summary>
    public bool IsSettable => _profile.SettableFeatures != ParavirtFeature.None;

    /// <summary>Whether what belongs to a feature works: it is on, or nobody looks.</summary>
    public bool Allows(ParavirtFeature feature) => !_profile.FeaturesAreEnforced || Has(feature);

    public bool Has(ParavirtFeature feature) => (_word & (ulong)feature) != 0;

    /// <summary>As in a new VM.</summary>
    public void Reset()
    {
        _word = (ulong)(ParavirtFeature.Ipi | (_hostAccounts && _profile.KnowsNotify ? OfAccounting & Known(_profile) : ParavirtFeature.None));
        _fixed = false;
    }

    /// <summary>Sets the word for the VM.</summary>
    /// <returns>
    /// 0; EINVAL where it has a bit that may not be set, or differs from what was set before; ENXIO where the word cannot be set
    /// at all. Then nothing changes.
    /// </returns>
    public int Set(ulong value)
    {
        if (!IsSettable)
        {
            return Errno.NoSuchAddress;
        }

        if ((value & ~(ulong)_profile.SettableFeatures) != 0 || (_fixed && value != _word))
        {
            return Errno.InvalidArgument;
        }

        // Only the mask is looked at, not what the host can do.
        _word = value;
        _fixed = true;
        return Errno.Success;
    }

    /// <summary>KVM_HAS_DEVICE_ATTR of the VM's file: group 0, a number for each feature of the host.</summary>
    /// <returns>0 if the host supports it, otherwise ENXIO.</returns>
    public int ProbeVm(uint group, ulong attribute)
    {
        var supported = group == 0 && IsSettable && attribute switch
        {
            VmFeatureIpi => true,
            VmFeatureStealTime or VmFeaturePreempt => _hostAccounts,
            VmFeatureCrash => _profile.LastCode >= Hypercalls.CrashCode,
            _ => false,
        };
        return supported ? Errno.Success : Errno.NoSuchAddress;
    }

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Row("pv_features", ref _word);
        sync.Row("pv_features fixed", ref _fixed);
    }

    /// <summary>The notice of preemption is younger than steal time.</summary>
    private static ParavirtFeature Known(ParavirtProfile profile) =>
        profile.SettableFeatures != ParavirtFeature.None ? OfAccounting : ParavirtFeature.StealTime;
}
