using System.Runtime.InteropServices;
using Trapline.Actors.Guests;
using Trapline.Actors.Kernel;
using Trapline.Messages;

namespace Trapline.Actors.Memory;

/// <summary>Pages on their way to the same home at another host.</summary>
public sealed partial class MemoryActor
{
    /// <summary>In the address of the first word: the page begins with this message.</summary>
    private const ulong PageBegins = 1;

    private const int WordsPerMessage = 3;
    private const int WordBytes = sizeof(ulong);

    private void ServeLog(in Message request)
    {
        var operation = (DirtyLogOperation)(byte)request.Word0;
        ulong filled = 0;
        ulong zero = 0;
        switch (operation)
        {
            case DirtyLogOperation.Begin:
                _memory.BeginLog();
                break;
            case DirtyLogOperation.End:
                _memory.EndLog();
                break;
            case DirtyLogOperation.Send:
                (filled, zero) = SendDirty(new ActorAddress((uint)request.Word1));
                break;
            case DirtyLogOperation.Count:
                filled = (ulong)_memory.DirtyCount;
                break;
            case DirtyLogOperation.Forget:
                _memory.Forget();
                _watches.Clear();
                break;
            default:
                throw Unexpected(in request);
        }

        Send(request.Source, MessageKind.DirtyPages, filled, zero, (ulong)operation);
    }

    private (ulong Filled, ulong Zero) SendDirty(ActorAddress target)
    {
        ulong filled = 0;
        ulong zero = 0;
        foreach (var number in _memory.TakeDirty())
        {
            var page = _memory.PageAt(number);
            if (page.IndexOfAnyExcept((byte)0) < 0)
            {
                zero++;
                Send(target, MessageKind.PageWords, number * GuestMemory.PageBytes | PageBegins);
                continue;
            }

            filled++;
            SendPage(target, number * GuestMemory.PageBytes, MemoryMarshal.Cast<byte, ulong>(page));
        }

        return (filled, zero);
    }

    /// <summary>Words of zero need not travel: a page is zero where it begins.</summary>
    private void SendPage(ActorAddress target, ulong address, ReadOnlySpan<ulong> words)
    {
        var begins = PageBegins;
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i] == 0)
            {
                continue;
            }

            // The last word of a page is not the first of three.
            i = Math.Min(i, words.Length - WordsPerMessage);
            Send(target, MessageKind.PageWords, (address + (ulong)(i * WordBytes)) | begins, words[i], words[i + 1], words[i + 2]);
            begins = 0;
            i += WordsPerMessage - 1;
        }
    }

    private void Receive(in Message message)
    {
        var begins = (message.Word0 & PageBegins) != 0;
        var address = message.Word0 & ~PageBegins;
        var isInPage = address % GuestMemory.PageBytes <= GuestMemory.PageBytes - (WordsPerMessage * WordBytes);
        if (address % WordBytes != 0 || !isInPage || address >= GuestProgram.MemoryEnd)
        {
            throw new SimulationException($"{Address} got words for 0x{address:x} at {Now}, which are not within a page of guest memory: {message}");
        }

        if (begins)
        {
            _memory.ClearPage(GuestMemory.PageOf(address));
        }

        ReadOnlySpan<ulong> words = [message.Word1, message.Word2, message.Word3];
        for (var i = 0; i < words.Length; i++)
        {
            var at = address + (ulong)(i * WordBytes);
            if (words[i] != 0 || _memory.Read(at, AccessWidth.Double) != 0)
            {
                _memory.Write(at, AccessWidth.Double, words[i]);
            }
        }
    }
}
