using System.Collections.Immutable;

namespace Trapline.Devices.Common.Transfer;

/// <summary>
/// Everything that a VMM reads out of KVM for a machine, in the order in which the other side has to set it; control steps are
/// where they have to be made.
/// </summary>
public sealed class StateTable
{
    private readonly ImmutableArray<StateItem> _items;
    private readonly Func<StateItem, string> _nameOf;

    /// <param name="items">In order.</param>
    /// <param name="counter">Which of them is the counter of guest time: it is read as soon as the guest stands still.</param>
    /// <param name="nameOf">What an item is called in the manuals, with whose it is.</param>
    public StateTable(ImmutableArray<StateItem> items, int counter, Func<StateItem, string> nameOf)
    {
        ArgumentNullException.ThrowIfNull(nameOf);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)counter, (uint)items.Length, nameof(counter));
        (_items, Counter, _nameOf) = (items, counter, nameOf);
        SavesIntoMemory = items.Any(item => item.IsSave);
    }

    /// <summary>Where the counter is.</summary>
    public int Counter { get; }

    public int Count => _items.Length;

    public ref readonly StateItem this[int index] => ref _items.ItemRef(index);

    /// <summary>What a value is called in the manuals, with whose it is.</summary>
    public string NameOf(int index) => _nameOf(_items[index]);

    /// <summary>Whether the source has state written into guest memory before it reads values: memory is then what is transferred only after that, and no longer once it is loaded.</summary>
    public bool SavesIntoMemory { get; }
}
