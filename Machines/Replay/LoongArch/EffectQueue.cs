namespace Trapline.Machines.Replay.LoongArch;

/// <summary>
/// Effects of the last input that the recording has not shown yet, in the order in which the devices had them. One input
/// has at most a few hundred: a line and a nested access for each of 256 vectors.
/// </summary>
internal sealed class EffectQueue
{
    /// <summary>More than one input can have; whoever lets more wait has to give them up.</summary>
    public const int Limit = 4096;

    private ReplayEffect[] _effects = new ReplayEffect[64];
    private int _first;
    private int _end;

    public int Count => _end - _first;

    public ReplayEffect this[int index] => _effects[_first + index];

    public void Add(in ReplayEffect effect)
    {
        if (_end == _effects.Length)
        {
            Array.Resize(ref _effects, _effects.Length * 2);
        }

        _effects[_end++] = effect;
    }

    /// <summary>Place of an equal effect from the front, or -1.</summary>
    public int Find(in ReplayEffect effect)
    {
        for (var i = _first; i < _end; i++)
        {
            if (_effects[i] == effect)
            {
                return i - _first;
            }
        }

        return -1;
    }

    public void RemoveFirst(int count)
    {
        _first += count;
        if (_first == _end)
        {
            _first = _end = 0;
        }
    }
}
