using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Trapline.Messages.State;

namespace Trapline.Actors.Memory;

/// <summary>Which pages were written since they were copied last, as KVM's dirty log has it: every write marks its page while the log is on.</summary>
public sealed partial class GuestMemory
{
    /// <summary>8-byte words of a page.</summary>
    public const int PageWords = PageBytes / sizeof(ulong);

    private readonly SortedSet<ulong> _farDirty = [];
    private bool[] _nearDirty = [];
    private bool _isLogging;

    /// <summary>Whether writes are noted.</summary>
    public bool IsLogging => _isLogging;

    /// <summary>Numbers of the dirty pages, ascending.</summary>
    public IReadOnlyList<ulong> DirtyPages
    {
        get
        {
            var numbers = new List<ulong>(_farDirty);
            for (var i = 0; i < _nearDirty.Length; i++)
            {
                if (_nearDirty[i])
                {
                    numbers.Add(_firstPage + (ulong)i);
                }
            }

            numbers.Sort();
            return numbers;
        }
    }

    /// <summary>Begins the log: every page that was touched is dirty, for none was copied yet.</summary>
    public void BeginLog()
    {
        EndLog();
        _isLogging = true;
        _nearDirty = new bool[_near.Length];
        foreach (var page in TouchedPages())
        {
            Mark(page);
        }
    }

    /// <summary>Ends the log: nothing is dirty.</summary>
    public void EndLog()
    {
        _isLogging = false;
        _nearDirty = [];
        _farDirty.Clear();
    }

    /// <summary>What is dirty has been copied.</summary>
    public void Clean()
    {
        Array.Clear(_nearDirty);
        _farDirty.Clear();
    }

    /// <summary>The words of a page; none of one that was never touched.</summary>
    public ReadOnlySpan<ulong> WordsOf(ulong page) => MemoryMarshal.Cast<byte, ulong>(Find(page));

    /// <summary>Makes a page all zero; one that was never touched stays so.</summary>
    public void ClearPage(ulong page)
    {
        if (Find(page) is { } bytes)
        {
            Array.Clear(bytes);
            MarkDirty(page << PageShift);
        }
    }

    /// <summary>Gives all pages back: memory is as if it had never been touched, and no log is kept.</summary>
    public void Forget()
    {
        Clear();
        EndLog();
    }

    /// <summary>Rows of the log: whether it is on, and each dirty page, ascending.</summary>
    public void SyncLog(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        var (isLogging, dirty) = (_isLogging, DirtyPages);
        sync.Row("logging", ref isLogging);
        var count = dirty.Count;
        sync.Count("dirty", ref count, PageLimit);
        if (sync.Loading)
        {
            EndLog();
            _isLogging = isLogging;
            _nearDirty = isLogging ? new bool[_near.Length] : [];
        }

        for (var i = 0; i < count; i++)
        {
            var page = sync.Loading ? 0 : dirty[i];
            sync.Begin("dirtyPage", i);
            sync.Row("number", ref page);
            sync.End();
            if (sync.Loading)
            {
                CheckDirty(page);
                Mark(page);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void MarkDirty(ulong address)
    {
        if (_isLogging)
        {
            Mark(address >> PageShift);
        }
    }

    private void Mark(ulong page)
    {
        var near = page - _firstPage;
        if (near < (ulong)_nearDirty.Length)
        {
            _nearDirty[near] = true;
        }
        else
        {
            _farDirty.Add(page);
        }
    }

    private void CheckDirty(ulong page)
    {
        if (!_isLogging || Find(page) is null)
        {
            throw new StateFormatException($"page {page} is dirty, but {(_isLogging ? "it was never touched" : "no log is kept")}");
        }
    }
}
