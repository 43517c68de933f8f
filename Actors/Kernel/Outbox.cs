using System.Runtime.CompilerServices;
using Trapline.Messages;

namespace Trapline.Actors.Kernel;

/// <summary>Messages of one window on their way to other groups. Its arrays are kept: nothing is allocated in steady state.</summary>
internal sealed class Outbox
{
    private Message[] _messages = new Message[16];
    private int[] _groups = new int[16];

    public int Count { get; private set; }

    public ReadOnlySpan<Message> Messages => _messages.AsSpan(0, Count);

    /// <summary>The group of each message's target.</summary>
    public ReadOnlySpan<int> Groups => _groups.AsSpan(0, Count);

    /// <summary>Room for one more message; the caller fills in every field.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Message Add(int group)
    {
        if (Count == _messages.Length)
        {
            Grow();
        }

        _groups[Count] = group;
        return ref _messages[Count++];
    }

    public void Clear() => Count = 0;

    private void Grow()
    {
        Array.Resize(ref _messages, Count * 2);
        Array.Resize(ref _groups, Count * 2);
    }
}
