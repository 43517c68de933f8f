using Trapline.Devices.LoongArch.Profiles;
using Trapline.Messages.State;

namespace Trapline.Devices.LoongArch.Eiointc;

/// <summary>
/// The virtual extension: what the hypervisor offers (VIRT_FEATURES) and what the guest chose of it (VIRT_CONFIG, which
/// the kernel calls status). It changes how IPMAP and COREMAP are read; that it is switched on gates nothing.
/// </summary>
internal sealed class EiointcVirtualExtension(VirtualExtension extent)
{
    private const uint HasExtension = 1 << 0;
    private const uint Enabled = 1 << 1;
    private const uint EncodesPinsBit = 1 << 2;
    private const uint EncodesCpusBit = 1 << 3;

    private uint _features;
    private uint _status;

    public ref uint Features => ref _features;

    public ref uint Status => ref _status;

    /// <summary>KVM decodes the window also where the features say that there is no extension; QEMU does not.</summary>
    public bool HasWindow => extent switch
    {
        VirtualExtension.Full => true,
        VirtualExtension.WithoutPinEncoding => (_features & HasExtension) != 0,
        _ => false,
    };

    /// <summary>An IPMAP byte is a number, not bits.</summary>
    public bool EncodesPins => extent == VirtualExtension.Full && (_status & EncodesPinsBit) != 0;

    /// <summary>A COREMAP byte is a number, not bits.</summary>
    public bool EncodesCpus => extent != VirtualExtension.Absent && (_status & EncodesCpusBit) != 0;

    /// <summary>Control INIT_FEATURE. A device without the extension counts as enabled.</summary>
    public void Initialize(uint features)
    {
        _features = features;
        if ((features & HasExtension) == 0)
        {
            _status |= Enabled;
        }
    }

    /// <summary>What the guest reads; null where the window has no register.</summary>
    public uint? Read(int offset) => offset switch
    {
        EiointcRegisters.VirtualFeatures => _features,
        EiointcRegisters.VirtualConfiguration => _status,
        _ => null,
    };

    /// <summary>The guest chooses encodings while ENABLE is 0, ENABLE with them; 0 resets all at any time.</summary>
    /// <returns>False where ENABLE is 1 already.</returns>
    public bool TryConfigure(uint value)
    {
        if ((_status & Enabled) != 0 && value != 0)
        {
            return false;
        }

        _status = value & _features;
        return true;
    }

    public void SyncState(StateSync sync)
    {
        sync.Row("VIRT_FEATURES", ref _features);
        sync.Row("VIRT_CONFIG", ref _status);
    }
}
