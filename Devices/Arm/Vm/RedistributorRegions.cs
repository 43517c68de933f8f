using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Common;
using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Vm;

/// <summary>
/// Where user space has put the redistributors: one region for all vCPUs, as the older attribute has it, or regions with a number of
/// slots each, which vCPUs take in the order of their creation (vgic_v3_alloc_redist_region; spec gicv3-its 9.2).
/// </summary>
/// <param name="ipaBits">Width of guest physical addresses.</param>
public sealed class RedistributorRegions(int ipaBits)
{
    /// <summary>KVM keeps 8 bits of the 12 of an index.</summary>
    private const int Maximum = 0x100;

    private const int CountShift = 52;
    private const ulong BaseMask = 0x000F_FFFF_FFFF_0000;
    private const ulong FlagMask = 0xF000;
    private const ulong IndexMask = 0xFFF;

    private readonly List<RedistributorRegion> _regions = [];

    public int Count => _regions.Count;

    /// <summary>As V3_REDIST reads it.</summary>
    public ulong FirstBase => _regions.Count == 0 ? GuestRange.Unset : _regions[0].Base;

    private bool HasLegacy => _regions.Count > 0 && !_regions[0].HasExplicitCount;

    /// <summary>Whether there are slots for so many vCPUs; the legacy region has one for each.</summary>
    public bool HasRoom(int vcpus) => HasLegacy || _regions.Sum(region => region.Count) >= vcpus;

    /// <summary>The legacy region grows with the vCPUs.</summary>
    public void Grow(int vcpus)
    {
        if (HasLegacy)
        {
            _regions[0] = _regions[0] with { Count = vcpus };
        }
    }

    /// <summary>V3_REDIST: all in one.</summary>
    /// <param name="start">Of the first.</param>
    /// <param name="vcpus">Created until now.</param>
    /// <param name="distributor">Where that is, if anywhere.</param>
    /// <returns>0; EEXIST the second time; EINVAL after a region with a number of slots, for one that wraps, overlaps the distributor or is not aligned; E2BIG.</returns>
    public int AddLegacy(ulong start, int vcpus, GuestRange? distributor)
    {
        var added = new RedistributorRegion(start, vcpus, HasExplicitCount: false);
        var range = RangeOf(in added);
        if (range.Wraps)
        {
            return Errno.InvalidArgument;
        }

        if (_regions.Count > 0)
        {
            return HasLegacy ? Errno.Exists : Errno.InvalidArgument;
        }

        return Add(in added, distributor);
    }

    /// <summary>V3_REDIST_REGION: count in bits 63:52, base in 51:16, flags in 15:12, index in 11:0.</summary>
    /// <inheritdoc cref="AddLegacy"/>
    public int Add(ulong value, GuestRange? distributor)
    {
        var added = new RedistributorRegion(value & BaseMask, (int)(value >> CountShift), HasExplicitCount: true);
        if (added.Count == 0 || (value & FlagMask) != 0 || HasLegacy || (int)(value & (Maximum - 1)) != _regions.Count || _regions.Count == Maximum)
        {
            return Errno.InvalidArgument;
        }

        return Add(in added, distributor);
    }

    /// <summary>V3_REDIST_REGION is read by its index.</summary>
    /// <returns>0, or ENOENT.</returns>
    public int Find(ulong index, out ulong value)
    {
        index &= IndexMask;
        var isThere = index < (ulong)_regions.Count;
        value = isThere ? ((ulong)_regions[(int)index].Count << CountShift) | _regions[(int)index].Base | index : 0;
        return isThere ? Errno.Success : Errno.NoSuchEntry;
    }

    public bool Overlaps(GuestRange range) => _regions.Exists(region => RangeOf(in region).Overlaps(range));

    public void Clear() => _regions.Clear();

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.List("regions", "region", _regions, Maximum, static (StateSync rows, ref RedistributorRegion region) =>
        {
            var (start, count, isExplicit) = region;
            rows.Row("base", ref start);
            rows.Count("count", ref count, (int)IndexMask);
            rows.Row("explicit", ref isExplicit);
            region = new RedistributorRegion(start, count, isExplicit);
        });
        if (sync.Loading && _regions.Exists(region => !CanBeThere(in region) || (_regions.Count > 1 && !region.HasExplicitCount)))
        {
            throw new StateFormatException("row 'region': one of the regions is where none can be, or has no number of slots although it is not alone");
        }
    }

    /// <summary>The legacy region was checked when it was placed; vCPUs that came later may have made it reach beyond what can be addressed.</summary>
    private bool CanBeThere(in RedistributorRegion region) => RangeOf(region.HasExplicitCount ? region : region with { Count = 0 }).Check(ipaBits) == Errno.Success;

    private static GuestRange RangeOf(in RedistributorRegion region) => new(region.Base, (ulong)region.Count * RedistributorRegion.SlotBytes);

    private int Add(in RedistributorRegion region, GuestRange? distributor)
    {
        var range = RangeOf(in region);
        if (range.Wraps || (distributor is { } other && other.Overlaps(range)) || Overlaps(range))
        {
            return Errno.InvalidArgument;
        }

        var result = range.Check(ipaBits);
        if (result == Errno.Success)
        {
            _regions.Add(region);
        }

        return result;
    }
}
