using Trapline.Machines.Results;

namespace Trapline.Host.Rendering;

/// <summary>Violated invariants, the first with the life of its interrupt.</summary>
internal sealed class ViolationRenderer(TextWriter writer, Terminal terminal)
{
    /// <summary>Steps of a life that are shown: its last, for there it went wrong.</summary>
    private const int MostSteps = 20;

    public static string Sentence(ViolationRow violation) => $"{Quantity.Microseconds(violation.AtNs)} {violation.Actor}: {violation.Text}";

    public void Write(IReadOnlyList<ViolationRow> violations)
    {
        for (var i = 0; i < violations.Count; i++)
        {
            writer.WriteLine($"  {terminal.Verdict(violations[i].Expected)} {violations[i].Invariant}{(violations[i].Expected ? ", as expected" : "")}");
            writer.WriteLine($"    {Sentence(violations[i])}");
            if (violations[i].Fault is { } fault)
            {
                writer.WriteLine($"    planned fault: {fault}");
            }

            if (i == 0)
            {
                WriteLife(violations[i].Life);
            }
        }
    }

    /// <summary>With all digits: the report of a failure is compared with traces.</summary>
    private void WriteLife(IReadOnlyList<LifeRow> life)
    {
        if (life.Count > MostSteps)
        {
            writer.WriteLine($"      ({life.Count - MostSteps} earlier steps are in report.json)");
        }

        foreach (var step in life.TakeLast(MostSteps))
        {
            writer.WriteLine($"      {step.AtNs,14:0.000}  {step.Actor,-10}  {step.What}");
        }
    }
}
