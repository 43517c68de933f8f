using System.Diagnostics;
using Trapline.Cluster.Runs;

namespace Trapline.Host.Rendering;

/// <summary>One line on a terminal that says how far a run is, about ten times a second.</summary>
internal sealed class ProgressLine : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>The rate is measured over this span, so that it can be read.</summary>
    private static readonly TimeSpan RateSpan = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly RunControl _control;
    private readonly HostConsole _console;
    private readonly List<string> _variants;
    private readonly Timer _timer;
    private long _rateAt = Stopwatch.GetTimestamp();
    private long _rateWindows;
    private double _rate;
    private bool _shown;
    private bool _disposed;

    public ProgressLine(RunControl control, HostConsole console, IEnumerable<string> variants)
    {
        _control = control;
        _console = console;
        _variants = [.. variants];
        _timer = new(_ => Show(), null, Interval, Interval);
    }

    /// <summary>What stands before all else: at which of several runs this one is.</summary>
    public string Prefix { get; set; } = "";

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _timer.Dispose();
            if (_shown)
            {
                _console.Error.Write(Terminal.EraseLine);
            }
        }
    }

    private void Show()
    {
        lock (_lock)
        {
            // Before the first window and after the last there is nothing to say.
            if (_disposed || _control.Windows == 0)
            {
                return;
            }

            Measure();
            var name = _control.Variant;
            var line = $"{Prefix}[{_variants.IndexOf(name) + 1}/{_variants.Count}] {name}  {Quantity.Time(_control.Position)}  {Quantity.Rate(_rate)} windows/s";
            _console.Error.Write(Terminal.EraseLine + Quantity.Cut(line, Math.Max(1, _console.ErrorTerminal.Width - 1)));
            _shown = true;
        }
    }

    private void Measure()
    {
        var windows = _control.Windows;
        var elapsed = Stopwatch.GetElapsedTime(_rateAt);
        if (windows < _rateWindows)
        {
            // The next variant counts from zero.
            (_rateAt, _rateWindows) = (Stopwatch.GetTimestamp(), windows);
        }
        else if (elapsed >= RateSpan || _rate == 0)
        {
            _rate = (windows - _rateWindows) / elapsed.TotalSeconds;
            (_rateAt, _rateWindows) = (Stopwatch.GetTimestamp(), windows);
        }
    }
}
