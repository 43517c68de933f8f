namespace Trapline.Devices.Arm.Gic;

/// <summary>The vCPUs of a machine by index, which is the order of creation, by id and by affinity.</summary>
internal sealed class VcpuTable
{
    private const int Nobody = -1;
    private const int Affinity3Shift = 32;
    private const ulong AffinityMask = 0xFF_FFFF;

    private readonly int[] _ids;
    private readonly Dictionary<int, int> _byId = [];
    private readonly Dictionary<uint, int> _byAffinity = [];

    public VcpuTable(IReadOnlyList<int> ids)
    {
        _ids = [.. ids];
        for (var index = 0; index < _ids.Length; index++)
        {
            _byId.Add(_ids[index], index);
            _byAffinity.Add(CpuAffinity.Of(_ids[index]), index);
        }
    }

    public int Count => _ids.Length;

    public int IdOf(int index) => _ids[index];

    /// <summary>Index of the vCPU with an id, or -1.</summary>
    public int FindById(long id) => id is >= 0 and < CpuAffinity.MaximumVcpus ? _byId.GetValueOrDefault((int)id, Nobody) : Nobody;

    /// <summary>Index of the vCPU that an IROUTER names, or -1. None has an Aff3 (bits 39:32).</summary>
    public int FindByRouter(ulong router) => (byte)(router >> Affinity3Shift) == 0 ? FindByAffinity((uint)(router & AffinityMask)) : Nobody;

    /// <summary>Index of the vCPU with Aff2.Aff1.Aff0, or -1; bits 31:24 are Aff3 in the attributes of user space.</summary>
    public int FindByAffinity(uint affinity) => _byAffinity.GetValueOrDefault(affinity, Nobody);
}
