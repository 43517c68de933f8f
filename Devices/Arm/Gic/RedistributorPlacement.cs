using Trapline.Devices.Arm.Cpu;
using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Gic;

/// <summary>Which slot of which region each redistributor has, and so which is the last of a series (spec gicv3-its 4.2, 9.2).</summary>
internal sealed class RedistributorPlacement(int vcpus)
{
    /// <summary>The index of a region has 12 bits.</summary>
    public const int MaximumRegions = 0x1000;

    /// <summary>Slots of a region: 12 bits.</summary>
    public const int MaximumSlots = 0xFFF;

    private readonly List<RedistributorRegion> _regions = [];

    // vCPUs take slots in the order of creation, so how many are in each region says all.
    private int[] _used = [];

    /// <summary>vCPUs that have no slot yet take those of the region.</summary>
    public void Add(RedistributorRegion region)
    {
        if (_regions.Count == MaximumRegions)
        {
            throw new InvalidOperationException($"{MaximumRegions} regions of redistributors: the index has 12 bits");
        }

        _regions.Add(region);
        Place();
    }

    /// <summary>
    /// GICR_TYPER.Last: on the latest in its region, unless the region is full and another that is in use starts where it ends.
    /// </summary>
    public bool IsLast(int vcpu)
    {
        var slot = vcpu;
        for (var i = 0; i < _used.Length; slot -= _used[i++])
        {
            if (slot >= _used[i])
            {
                continue;
            }

            var region = _regions[i];
            var goesOn = region.HasExplicitCount && slot == region.Count - 1 && IsUsedAt(region.End);
            return slot == _used[i] - 1 && !goesOn;
        }

        return false;
    }

    public void SyncState(StateSync sync)
    {
        sync.List("regions", "region", _regions, MaximumRegions, SyncRegion);
        if (sync.Loading)
        {
            Place();
        }
    }

    private static void SyncRegion(StateSync sync, ref RedistributorRegion region)
    {
        var (start, count, isExplicit) = region;
        sync.Row("base", ref start);
        sync.Row("count", ref count);
        sync.Row("explicit", ref isExplicit);
        StateCheck.SignedRange("count", count, 0, MaximumSlots);
        region = new RedistributorRegion(start, count, isExplicit);
    }

    private bool IsUsedAt(ulong address)
    {
        for (var i = 0; i < _used.Length; i++)
        {
            if (_used[i] > 0 && _regions[i].Base == address)
            {
                return true;
            }
        }

        return false;
    }

    private void Place()
    {
        _used = new int[_regions.Count];
        var left = vcpus;
        for (var i = 0; i < _used.Length; i++)
        {
            _used[i] = Math.Min(left, _regions[i].Count);
            left -= _used[i];
        }
    }
}
