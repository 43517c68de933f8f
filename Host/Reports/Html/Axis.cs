namespace Trapline.Host.Reports.Html;

/// <summary>From values to pixels along one side of a chart, with the values that are written there.</summary>
internal sealed class Axis
{
    /// <summary>From here on the greatest value is so many times the least that equal steps would hide the small ones.</summary>
    private const double RatioForLogarithm = 20;

    private const int WantedTicks = 5;
    private static readonly double[] Steps = [1, 2, 5];

    private readonly double _first;
    private readonly double _last;
    private readonly double _from;
    private readonly double _to;

    private Axis(double first, double last, double from, double to, bool logarithmic, IEnumerable<double> ticks, Func<double, string> label)
    {
        (_first, _last, _from, _to, IsLogarithmic) = (first, last, from, to, logarithmic);
        Ticks = [.. ticks.Select(tick => (Position(tick), label(tick)))];
    }

    public bool IsLogarithmic { get; }

    public IReadOnlyList<(double Position, string Label)> Ticks { get; }

    /// <summary>Whether values between these are read better with logarithmic steps.</summary>
    public static bool SpansDecades(double least, double greatest) => least > 0 && greatest >= least * RatioForLogarithm;

    /// <summary>Starts at 0 and ends at a round number.</summary>
    /// <param name="greatest">Not below 0.</param>
    /// <param name="from">Pixel of 0.</param>
    /// <param name="to">Pixel of the end.</param>
    /// <param name="label">Text of a value.</param>
    /// <param name="whole">Values are whole numbers: no step is smaller than 1.</param>
    public static Axis Linear(double greatest, double from, double to, Func<double, string> label, bool whole = false)
    {
        greatest = greatest > 0 ? greatest : 1;
        var step = RoundUp(greatest / WantedTicks);
        step = whole ? Math.Max(1, step) : step;
        var count = (int)Math.Ceiling(Math.Round(greatest / step, 9));
        return new(0, step * count, from, to, false, Enumerable.Range(0, count + 1).Select(i => i * step), label);
    }

    /// <summary>From the round number at or below the least value to the one at or above the greatest.</summary>
    /// <param name="least">Above 0.</param>
    /// <param name="greatest">Above the least.</param>
    /// <param name="from">Pixel of the start.</param>
    /// <param name="to">Pixel of the end.</param>
    /// <param name="label">Text of a value.</param>
    public static Axis Logarithmic(double least, double greatest, double from, double to, Func<double, string> label)
    {
        var (first, last) = (RoundDown(least), RoundUp(greatest));
        var decades = Math.Log10(last / first);
        var steps = decades <= 2 ? Steps : Steps[..1];
        var ticks = new List<double>();
        for (var power = (int)Math.Floor(Math.Log10(first)); power <= Math.Ceiling(Math.Log10(last)); power++)
        {
            // Of long spans every second or third power of ten: the labels must not touch.
            if (power % Math.Max(1, (int)(decades / WantedTicks)) == 0)
            {
                ticks.AddRange(steps.Select(step => step * Math.Pow(10, power)).Where(tick => tick >= first * 0.999 && tick <= last * 1.001));
            }
        }

        return new(Math.Log10(first), Math.Log10(last), from, to, true, ticks, label);
    }

    /// <summary>Shares of samples, so that each further nine has as much room as the one before: 0 %, 90 %, 99 %.</summary>
    /// <param name="samples">Greatest number of samples of one curve.</param>
    /// <param name="from">Pixel of 0 %.</param>
    /// <param name="to">Pixel of the end.</param>
    public static Axis Nines(long samples, double from, double to)
    {
        var last = Math.Max(1, (int)Math.Ceiling(Math.Log10(Math.Max(1, samples))));
        return new(0, last, from, to, false, Enumerable.Range(0, last + 1).Select(nines => (double)nines), Share);
    }

    /// <summary>Pixel of a value; values outside lie at the ends.</summary>
    public double Position(double value)
    {
        var place = IsLogarithmic ? Math.Log10(Math.Max(value, double.Epsilon)) : value;
        var share = Math.Clamp((place - _first) / (_last - _first), 0, 1);
        return Math.Round(_from + (share * (_to - _from)), 2);
    }

    private static string Share(double nines) => nines switch
    {
        0 => "0%",
        1 => "90%",
        2 => "99%",
        _ => $"99.{new string('9', (int)nines - 2)}%",
    };

    private static double RoundUp(double value) => Round(value, step => step >= 0.999999);

    private static double RoundDown(double value)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return Steps.Last(step => step * power <= value * 1.000001) * power;
    }

    private static double Round(double value, Func<double, bool> reaches)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return ((double[])[.. Steps, 10]).First(step => reaches(step * power / value)) * power;
    }
}
