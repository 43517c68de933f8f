using System.Runtime.CompilerServices;
using Trapline.Messages;

namespace Trapline.Actors.Kernel;

/// <summary>Messages of one window on their way to other groups. Its arrays are kept: nothing is allocated in steady state.</summary>
public sealed class Outbox
{
    private Message[] _messages = new Message[4];
    private int[] _groups = new int[4];

    public int Count { get; private set; }

    /// <summary>Room for one more message; the caller fills in every field.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Message Add(int group)
    {
        if (Count == _messages.Length)
        {
            Array.Resize(ref _messages, Count * 2);
            Array.Resize(ref _groups, Count * 2);
        }

        _groups[Count] = group;
        return ref _messages[Count++];
    }

    public ref readonly Message this[int index] => ref _messages[index];

    public int GroupOf(int index) => _groups[index];

    public void Clear() => Count = 0;
}
