using System.Collections.Immutable;

namespace Trapline.Devices.Arm.Cpu;

/// <summary>The vCPUs of a machine: the id of each, by which the guest and its affinity name it, and its index, which is the order of creation.</summary>
public sealed class VcpuIds
{
    private readonly ImmutableArray<int> _ids;

    // By id; Absent where no vCPU has it.
    private readonly ImmutableArray<int> _indices;

    /// <param name="ids">Of each vCPU by index; each once, 0 to <see cref="MaximumId"/>.</param>
    public VcpuIds(IEnumerable<int> ids)
    {
        _ids = [.. ids];
        if (_ids.Length is 0 or > CpuAffinity.MaximumVcpus)
        {
            throw new ArgumentException($"a machine has 1 to {CpuAffinity.MaximumVcpus} vCPUs; {_ids.Length} are named", nameof(ids));
        }

        if (_ids.Min() < 0 || _ids.Max() > MaximumId || _ids.Distinct().Count() != _ids.Length)
        {
            throw new ArgumentException($"the ids of vCPUs are distinct and 0 to {MaximumId}", nameof(ids));
        }

        var indices = new int[_ids.Max() + 1];
        Array.Fill(indices, Absent);
        for (var index = 0; index < _ids.Length; index++)
        {
            indices[_ids[index]] = index;
        }

        _indices = [.. indices];
    }

    /// <summary>Greatest id: GICR_TYPER.Processor_Number has 16 bits.</summary>
    public const int MaximumId = 0xFFFF;

    /// <summary>The index that no vCPU has.</summary>
    public const int Absent = -1;

    public int Count => _ids.Length;

    /// <summary>Ids 0 to <paramref name="count"/> - 1 in this order.</summary>
    public static VcpuIds Ascending(int count) => new(Enumerable.Range(0, count));

    public int IdOf(int index) => _ids[index];

    /// <summary>Index of an id, or <see cref="Absent"/>.</summary>
    public int IndexOf(int id) => (uint)id < (uint)_indices.Length ? _indices[id] : Absent;

    /// <summary>Index of the vCPU of an affinity as in IROUTER and MPIDR: Aff2.Aff1.Aff0 in 23:0; <see cref="Absent"/> where none has it.</summary>
    public int IndexOfAffinity(uint affinity)
    {
        // Aff0 has four bits in use: id[3:0], id[11:4], id[19:12].
        var id = (int)((affinity & 0xF) | ((affinity >> 8) << 4));
        return affinity <= 0xFF_FFFF && CpuAffinity.Of(id) == affinity ? IndexOf(id) : Absent;
    }
}
