using System.Numerics;
using Trapline.Actors.Guests;
using Trapline.Actors.Kernel;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Memory;

/// <summary>The pages go to the same home on another host, those that were written since the last time again.</summary>
public sealed partial class MemoryActor
{
    /// <summary>Bit 0 of an address: the page begins with this message.</summary>
    private const ulong BeginBit = 1;

    private const int WordsPerMessage = 3;
    private const ulong HashBasis = 0xCBF2_9CE4_8422_2325;
    private const ulong HashPrime = 0x100_0000_01B3;
    private const int HashRotation = 29;

    // The VM whose pages these were is gone: what is on its way to it yet is lost.
    private bool _isGone;

    private void ServeLog(in Message message)
    {
        if (!IsMigratable)
        {
            throw new SimulationException($"{Address} is told by {message.Source} to log dirty pages at {Now}, but the plan of this run says that no VM leaves its host (SimulationPlan.IsMigratable)");
        }

        var call = (DirtyLogOperation)message.Word0;
        if (call == DirtyLogOperation.Begin)
        {
            _memory.BeginLog();
        }

        var (pages, zeroPages) = CountDirty();
        switch (call)
        {
            case DirtyLogOperation.End:
                _memory.EndLog();
                break;
            case DirtyLogOperation.Send:
                SendDirty(new ActorAddress((uint)message.Word1));
                break;
            case DirtyLogOperation.Begin or DirtyLogOperation.Count:
                break;
            case DirtyLogOperation.Forget:
                _memory.Forget();
                _watches.Clear();
                _isGone = true;
                break;
            case DirtyLogOperation.Accept:
                _isGone = false;
                break;
            default:
                throw Unexpected(in message);
        }

        Send(message.Source, MessageKind.DirtyPages, pages, zeroPages, message.Word0);
    }

    private (ulong Pages, ulong ZeroPages) CountDirty()
    {
        var (pages, zeroPages) = (0UL, 0UL);
        foreach (var page in _memory.DirtyPages)
        {
            var isZero = _memory.WordsOf(page).IndexOfAnyExcept(0UL) < 0;
            pages += isZero ? 0UL : 1;
            zeroPages += isZero ? 1UL : 0;
        }

        return (pages, zeroPages);
    }

    private void SendDirty(ActorAddress target)
    {
        if (target.Role != ActorRole.Memory || target.Index != Address.Index || target == Address)
        {
            throw new SimulationException($"{Address} is told to send its pages to {target} at {Now}, which is not the same home on another host");
        }

        foreach (var page in _memory.DirtyPages)
        {
            SendPage(target, page);
        }

        _memory.Clean();
    }

    /// <summary>What is not zero, in the order of its addresses; of a page that is all zero the fact alone.</summary>
    private void SendPage(ActorAddress target, ulong page)
    {
        var words = _memory.WordsOf(page);
        var start = page * GuestMemory.PageBytes;
        var begin = BeginBit;
        for (var first = 0; first < words.Length; first += WordsPerMessage)
        {
            var three = words.Slice(first, Math.Min(WordsPerMessage, words.Length - first));
            if (three.IndexOfAnyExcept(0UL) >= 0)
            {
                Send(target, MessageKind.PageWords, (start + ((ulong)first * sizeof(ulong))) | begin, three[0], three.Length > 1 ? three[1] : 0, three.Length > 2 ? three[2] : 0);
                begin = 0;
            }
        }

        if (begin != 0)
        {
            Send(target, MessageKind.PageWords, start | begin);
        }
    }

    /// <summary>Of each page that holds something a hash: whoever looks wants to know whether two hosts have the same.</summary>
    internal override void SyncRegisters(StateSync sync)
    {
        foreach (var page in _memory.TouchedPages())
        {
            var words = _memory.WordsOf(page);
            if (words.IndexOfAnyExcept(0UL) < 0)
            {
                continue;
            }

            var hash = HashBasis;
            foreach (var word in words)
            {
                // Not FNV-1a, which takes bytes: the rotation brings high bits down, which the product alone never does.
                hash = BitOperations.RotateLeft((hash ^ word) * HashPrime, HashRotation);
            }

            sync.Begin("page", (int)page);
            sync.Row("hash", ref hash);
            sync.End();
        }
    }

    private void TakeWords(in Message message)
    {
        var address = message.Word0 & ~BeginBit;
        CheckWords(in message, address);
        if (_isGone)
        {
            return;
        }

        if ((message.Word0 & BeginBit) != 0)
        {
            _memory.ClearPage(address / GuestMemory.PageBytes);
        }

        WriteWord(address, message.Word1);
        WriteWord(address + sizeof(ulong), message.Word2);
        WriteWord(address + (2 * sizeof(ulong)), message.Word3);
    }

    /// <summary>What is zero was zero before: a page that holds nothing is not touched.</summary>
    private void WriteWord(ulong address, ulong value)
    {
        if (value != 0)
        {
            _memory.Write(address, AccessWidth.Double, value);
            Changed(address);
        }
    }

    /// <summary>As for an access: a message may come from another node, and memory is reached without bounds checks.</summary>
    private void CheckWords(in Message message, ulong address)
    {
        var isOurs = _memory.Layout.TryFindHome(address, _waiterLimit, out var home)
            && (home == GuestLayout.Board ? _waiterLimit : home) == Address.Index;
        var left = (GuestMemory.PageBytes - (address % GuestMemory.PageBytes)) / sizeof(ulong);
        var reachesOver = (left < 2 && message.Word2 != 0) || (left < 3 && message.Word3 != 0);
        if (!isOurs || address % sizeof(ulong) != 0 || reachesOver)
        {
            throw new SimulationException($"{Address} got words of a page at {Now} that are misaligned, leave their page or belong to another home: {message}");
        }
    }
}
