using Trapline.Messages.State;

namespace Trapline.Devices.Common.Serial;

/// <summary>The receiver's FIFO of a PL011: sixteen characters in a ring, each with the errors that it came with.</summary>
internal sealed class ReceiveFifo
{
    public const int Capacity = 16;

    private readonly byte[] _characters = new byte[Capacity];
    private readonly byte[] _errors = new byte[Capacity];
    private int _head;
    private int _count;

    public int Count => _count;

    public void Push(byte character, byte errors)
    {
        var slot = (_head + _count) % Capacity;
        (_characters[slot], _errors[slot]) = (character, errors);
        _count++;
    }

    public (byte Character, byte Errors) Pop()
    {
        var slot = _head;
        _head = (_head + 1) % Capacity;
        _count--;
        return (_characters[slot], _errors[slot]);
    }

    public void Clear() => _count = 0;

    public void SyncState(StateSync sync, string name)
    {
        sync.Begin(name);
        sync.Row("characters", _characters);
        sync.Row("errors", _errors);
        sync.Row("head", ref _head);
        sync.Row("count", ref _count);
        sync.End();
        if (sync.Loading && (_head is < 0 or >= Capacity || _count is < 0 or > Capacity))
        {
            throw new StateFormatException($"row '{name}': {_count} characters from {_head} do not fit a FIFO of {Capacity}");
        }
    }
}
