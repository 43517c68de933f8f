namespace Trapline.Actors.Kernel;

/// <summary>A part of a window's groups from which threads claim some at a time: its owner, and others when their own are done.</summary>
internal sealed class WindowSlice
{
    private int _next;
    private int _end;

    public void Set(int first, int end) => (_next, _end) = (first, end);

    public bool TryClaim(int most, out int first, out int last)
    {
        first = 0;
        last = 0;
        if (Volatile.Read(ref _next) >= _end)
        {
            return false;
        }

        first = Interlocked.Add(ref _next, most) - most;
        last = Math.Min(first + most, _end);
        return first < last;
    }
}
