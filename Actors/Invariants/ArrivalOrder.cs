using Trapline.Messages;

namespace Trapline.Actors.Invariants;

/// <summary>The sequence number of what came last from each source to each actor of a group: a source counts what it sends.</summary>
internal sealed class ArrivalOrder(int actors)
{
    private const int Roles = (int)ActorRole.Gic + 1;

    // By target and role of the source, then by index of the source. The low half of one more than the number, for with many
    // CPUs this is the memory that costs most; 0 where nothing came yet. Numbers that are compared are near one another.
    private readonly uint[]?[] _last = new uint[]?[actors * Roles];

    /// <summary>Notes an arrival and tells how it follows the last one: above 0 after it, 0 the same once more, below 0 before it.</summary>
    public int Note(int slot, ActorAddress source, ulong sequence)
    {
        // A role that shares a row with another would be seen as out of order: all beyond are left out.
        if ((int)source.Role >= Roles)
        {
            return 1;
        }

        // Machines reach one another by their doorbell devices alone, and each has one.
        var index = source.Role == ActorRole.DoorbellDevice ? source.Machine : source.Index;
        ref var row = ref _last[(slot * Roles) + (int)source.Role];
        if (row is null || index >= row.Length)
        {
            Array.Resize(ref row, Math.Max(index + 1, (row?.Length ?? 0) * 2));
        }

        ref var last = ref row[index];
        var number = (uint)sequence + 1;
        var order = last == 0 ? 1 : unchecked((int)(number - last));
        last = order > 0 ? number : last;
        return order;
    }

    public void Forget() => Array.Clear(_last);
}
