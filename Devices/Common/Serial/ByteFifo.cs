using Trapline.Messages.State;

namespace Trapline.Devices.Common.Serial;

/// <summary>One of the two FIFOs of a UART: sixteen bytes in a ring.</summary>
internal sealed class ByteFifo
{
    public const int Capacity = 16;

    private readonly byte[] _bytes = new byte[Capacity];
    private int _head;
    private int _count;

    public int Count => _count;

    public bool IsFull => _count == Capacity;

    public void Push(byte value)
    {
        _bytes[(_head + _count) % Capacity] = value;
        _count++;
    }

    public byte Pop()
    {
        var value = _bytes[_head];
        _head = (_head + 1) % Capacity;
        _count--;
        return value;
    }

    public void Clear() => _count = 0;

    public void SyncState(StateSync sync, string name)
    {
        sync.Begin(name);
        sync.Row("bytes", _bytes);
        sync.Row("head", ref _head);
        sync.Row("count", ref _count);
        sync.End();
        if (sync.Loading && (_head is < 0 or >= Capacity || _count is < 0 or > Capacity))
        {
            throw new StateFormatException($"row '{name}': {_count} bytes from {_head} do not fit a FIFO of {Capacity}");
        }
    }
}
