using Trapline.Actors.Kernel;
using Trapline.Devices.Common.Transfer;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Vmm.Migration;

/// <summary>What a state transfer consists of, in the order in which it is set: rows of the VMM that has collected or received it.</summary>
internal sealed class TransferStream
{
    /// <summary>Far above what 256 vCPUs and all devices have.</summary>
    public const int Limit = 1 << 20;

    private const int PerMessage = 3;
    private const int SectionShift = 32;
    private const int CountShift = 48;
    private const int GroupShift = 56;

    private readonly List<TransferValue> _values = [];

    public int Count => _values.Count;

    public TransferValue this[int index]
    {
        get => _values[index];
        set => _values[index] = value;
    }

    public IEnumerable<TransferValue> Values => _values;

    public void Add(StateGroup group, int number, ulong value, int section = 0)
    {
        if (_values.Count == Limit)
        {
            throw new SimulationException($"a state transfer has more than {Limit} values");
        }

        _values.Add(new TransferValue { Group = (byte)group, Section = (ushort)section, Number = number, Value = value });
    }

    public void Clear() => _values.Clear();

    public void Replace(IEnumerable<TransferValue> values)
    {
        TransferValue[] all = [.. values];
        _values.Clear();
        _values.AddRange(all);
    }

    /// <summary>Sends it: values of one group and section with numbers that follow one another, three to a message.</summary>
    public void Send(IMigrationCalls calls)
    {
        for (var first = 0; first < _values.Count;)
        {
            var head = _values[first];
            var count = 1;
            while (count < PerMessage && first + count < _values.Count && Follows(_values[first + count], head, count))
            {
                count++;
            }

            calls.PostToPeer(
                MessageKind.StateValues,
                (uint)head.Number | ((ulong)head.Section << SectionShift) | ((ulong)count << CountShift) | ((ulong)head.Group << GroupShift),
                head.Value, ValueAt(first + 1, count > 1), ValueAt(first + 2, count > 2));
            first += count;
        }

        calls.PostToPeer(MessageKind.StateEnd, (ulong)_values.Count);
    }

    /// <summary>Takes over a message of the other side.</summary>
    /// <returns>False if it is none that this program sends.</returns>
    public bool TryReceive(in Message message)
    {
        var count = (int)(byte)(message.Word0 >> CountShift);
        var group = (StateGroup)(byte)(message.Word0 >> GroupShift);
        if (count is < 1 or > PerMessage || !IsSent(group) || _values.Count + count > Limit)
        {
            return false;
        }

        var (number, section) = ((int)(uint)message.Word0, (ushort)(message.Word0 >> SectionShift));
        ReadOnlySpan<ulong> values = [message.Word1, message.Word2, message.Word3];
        for (var i = 0; i < count; i++)
        {
            Add(group, number + i, values[i], section);
        }

        return true;
    }

    public void SyncState(StateSync sync) => sync.List("values", "value", _values, Limit, static (StateSync rows, ref TransferValue value) =>
    {
        rows.RowBelow("group", ref value.Group, (int)StateGroup.ItsControl + 1);
        uint section = value.Section;
        rows.Row("section", ref section);
        value.Section = (ushort)section;
        rows.Row("number", ref value.Number);
        rows.Row("value", ref value.Value);
    });

    /// <summary>Pages go their own way, and what the source does itself is no value.</summary>
    private static bool IsSent(StateGroup group) =>
        group is > StateGroup.None and <= StateGroup.ItsControl and not (StateGroup.Memory or StateGroup.GicPendingTables or StateGroup.ItsTables);

    private ulong ValueAt(int index, bool isMeant) => isMeant ? _values[index].Value : 0;

    private static bool Follows(TransferValue value, TransferValue head, int distance) =>
        value.Group == head.Group && value.Section == head.Section && value.Number == head.Number + distance;
}
