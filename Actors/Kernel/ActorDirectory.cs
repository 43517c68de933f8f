using System.Runtime.CompilerServices;
using Trapline.Messages;

namespace Trapline.Actors.Kernel;

/// <summary>Where each address lives: index of its group and place within it. The same table on every node.</summary>
public sealed class ActorDirectory
{
    private const int RoleCount = 256;

    // By machine and role, then by index: two look-ups, no hashing. Null where a machine has no actor of the role, and for
    // echoes, which are the upper half.
    private readonly Location[]?[] _locations = new Location[2 * ActorAddress.MachineLimit * RoleCount][];

    public ActorDirectory(IReadOnlyList<GroupPlan> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        for (var group = 0; group < groups.Count; group++)
        {
            for (var slot = 0; slot < groups[group].Addresses.Count; slot++)
            {
                Add(groups[group].Addresses[slot], new Location(group, slot));
            }
        }
    }

    /// <summary>False where nobody has that address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFind(ActorAddress address, out Location location)
    {
        var ofRole = _locations[address.Value >> 16];
        var index = address.Index;
        if (ofRole is not null && index < ofRole.Length)
        {
            location = ofRole[index];
            return location.Group >= 0;
        }

        location = default;
        return false;
    }

    private void Add(ActorAddress address, Location location)
    {
        ref var ofRole = ref _locations[address.Value >> 16];
        var old = ofRole?.Length ?? 0;
        if (address.Index >= old)
        {
            Array.Resize(ref ofRole, Math.Min(ActorAddress.IndexLimit, Math.Max(address.Index + 1, old * 2)));
            ofRole.AsSpan(old).Fill(new Location(-1, -1));
        }

        if (ofRole![address.Index].Group >= 0)
        {
            throw new SimulationException($"two actors have the address {address}");
        }

        ofRole[address.Index] = location;
    }

    public readonly record struct Location(int Group, int Slot);
}
