namespace Trapline.Bench;

/// <summary>One measured figure.</summary>
internal sealed record Row(string Name, string Unit, double Median, double Least, double Greatest)
{
    public static Row Of(string name, string unit, IReadOnlyCollection<double> samples)
    {
        var sorted = samples.Order().ToArray();
        return new Row(name, unit, sorted[sorted.Length / 2], sorted[0], sorted[^1]);
    }

    public void Print() => Console.WriteLine($"{Name,-58} {Median,12:0.###} {Unit,-8} [{Least:0.###} - {Greatest:0.###}]");
}
