using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Arm.Its;
using Trapline.Devices.Common;
using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Vm;

/// <summary>
/// The interrupt controller of an ARM VM as its files know it: what user space has created, where it has put it, whether it is
/// initialised (arch/arm64/kvm/vgic/vgic-init.c, vgic-kvm-device.c, vgic-its.c; spec gicv3-its 9.2 and 9.3). Registers are not here:
/// the attributes that reach them are checked and go on to whose they are. A call that fails changes nothing.
/// </summary>
/// <remarks>A vCPU is named by its id, which is the number of its file; redistributors are placed in the order of creation.</remarks>
public sealed partial class Vgic
{
    /// <summary>KVM's width of guest physical addresses if user space does not say.</summary>
    public const int DefaultIpaBits = 40;

    private readonly int _maximumIts;
    private readonly int _ipaBits;

    // Ids in the order of creation.
    private readonly List<int> _vcpus = [];
    private readonly RedistributorRegions _regions;
    private readonly ulong[] _its;
    private bool _exists;
    private int _itsCount;
    private ulong _distributor = GuestRange.Unset;

    // 0 until user space says, or it is initialised.
    private int _interrupts;
    private bool _isInitialized;

    // A vCPU has run: the frames are mapped, the numbers fixed.
    private bool _isReady;

    /// <param name="maximumIts">How many ITSs the VM has files for.</param>
    /// <param name="ipaBits">Width of guest physical addresses: 32 to 52.</param>
    public Vgic(int maximumIts, int ipaBits = DefaultIpaBits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maximumIts);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maximumIts, ItsGroup.Maximum);
        ArgumentOutOfRangeException.ThrowIfLessThan(ipaBits, 32);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ipaBits, 52);
        (_maximumIts, _ipaBits) = (maximumIts, ipaBits);
        _regions = new RedistributorRegions(ipaBits);
        _its = new ulong[maximumIts];
        Array.Fill(_its, GuestRange.Unset);
    }

    /// <summary>The VM has a GIC in the kernel.</summary>
    public bool Exists => _exists;

    public bool IsInitialized => _isInitialized;

    /// <summary>An ITS was created; that its file is closed changes nothing.</summary>
    public bool HasIts => _itsCount > 0;

    /// <summary>INTIDs of the distributor with the private ones; the default until user space says.</summary>
    public int Interrupts => _interrupts == 0 ? GicTopology.DefaultInterrupts : _interrupts;

    /// <summary>INTIDs that there are: the private ones alone, until user space says or it is initialised.</summary>
    private int Present => _interrupts == 0 ? InterruptIds.PrivateCount : _interrupts;

    /// <summary>Ids of the vCPUs in the order of creation.</summary>
    public IReadOnlyList<int> Vcpus => _vcpus;

    private GuestRange? Distributor => _distributor == GuestRange.Unset ? null : new GuestRange(_distributor, DistributorRegisters.WindowSize);

    /// <summary>KVM_CREATE_DEVICE of a GICv3.</summary>
    /// <param name="hasRun">Whether any vCPU has, or cannot be locked.</param>
    /// <returns>0; EEXIST where there is one; EBUSY; E2BIG where there are too many vCPUs.</returns>
    public int Create(bool hasRun)
    {
        if (_exists)
        {
            return Errno.Exists;
        }

        if (hasRun)
        {
            return Errno.Busy;
        }

        if (_vcpus.Count > CpuAffinity.MaximumVcpus)
        {
            return Errno.TooBig;
        }

        _exists = true;
        return Errno.Success;
    }

    /// <summary>KVM_CREATE_DEVICE of an ITS.</summary>
    /// <param name="number">Which it is, in the order of creation.</param>
    /// <returns>0; ENOMEM beyond the limit of this program, for the kernel has none.</returns>
    public int CreateIts(out int number)
    {
        number = _itsCount;
        if (_itsCount == _maximumIts)
        {
            return Errno.OutOfMemory;
        }

        _itsCount++;
        return Errno.Success;
    }

    /// <summary>A vCPU was created: it takes the next slot for its redistributor, where there are any.</summary>
    public void AddVcpu(int id)
    {
        _vcpus.Add(id);
        _regions.Grow(_vcpus.Count);
    }

    /// <summary>What the first KVM_RUN of the VM finds (kvm_vgic_map_resources).</summary>
    /// <returns>0, also without a GIC; ENXIO where a vCPU has no redistributor or the distributor no address, EINVAL where they overlap, EBUSY before the initialisation.</returns>
    public int PrepareRun()
    {
        if (!_exists || _isReady)
        {
            return Errno.Success;
        }

        if (!_regions.HasRoom(_vcpus.Count) || Distributor is not { } distributor)
        {
            return Errno.NoSuchAddress;
        }

        if (_regions.Overlaps(distributor))
        {
            return Errno.InvalidArgument;
        }

        if (!_isInitialized)
        {
            return Errno.Busy;
        }

        _isReady = true;
        return Errno.Success;
    }

    /// <summary>The VM is destroyed.</summary>
    public void Destroy()
    {
        (_exists, _itsCount, _distributor, _interrupts, _isInitialized, _isReady) = (false, 0, GuestRange.Unset, 0, false, false);
        Array.Fill(_its, GuestRange.Unset);
        _vcpus.Clear();
        _regions.Clear();
    }

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Row("exists", ref _exists);
        sync.List("vcpus", "created", _vcpus, CpuAffinity.MaximumVcpus, static (StateSync rows, ref int id) => rows.Row("id", ref id));
        sync.Row("distributor", ref _distributor);
        _regions.SyncState(sync);
        sync.Count("itsCount", ref _itsCount, _maximumIts);
        for (var its = 0; its < _its.Length; its++)
        {
            sync.Begin("its", its);
            sync.Row("address", ref _its[its]);
            sync.End();
        }

        sync.Row("interrupts", ref _interrupts);
        sync.Row("initialized", ref _isInitialized);
        sync.Row("ready", ref _isReady);
        if (sync.Loading)
        {
            CheckLoaded();
        }
    }

    /// <summary>0 or a number that NR_IRQS takes.</summary>
    private static bool IsInterruptCount(ulong value) =>
        value <= InterruptIds.Spurious && GicTopology.IsInterruptCount((long)value);

    private void CheckLoaded()
    {
        if (_interrupts != 0 && !IsInterruptCount((ulong)_interrupts))
        {
            throw new StateFormatException($"row 'interrupts': no distributor has {_interrupts} interrupts");
        }

        if (_vcpus.Exists(id => id is < 0 or >= CpuAffinity.MaximumVcpus) || _vcpus.Distinct().Count() != _vcpus.Count)
        {
            throw new StateFormatException("row 'created': an id is outside the VM, or comes twice");
        }

        var (distributor, badIts) = (Distributor, Array.FindIndex(_its, address => address != GuestRange.Unset && new GuestRange(address, GicTopology.ItsBytes).Check(_ipaBits) != Errno.Success));
        if (badIts >= 0 || (distributor is { } range && range.Check(_ipaBits) != Errno.Success))
        {
            throw new StateFormatException($"row '{(badIts >= 0 ? $"its[{badIts}].address" : "distributor")}': no device can be there");
        }
    }
}
