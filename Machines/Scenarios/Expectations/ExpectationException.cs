namespace Trapline.Machines.Scenarios.Expectations;

/// <summary>An expression that cannot be read, or not be evaluated. Never leaves <see cref="Expectation"/>.</summary>
/// <param name="offset">Characters before the place, from the start of the expression.</param>
/// <param name="message">What is wrong and what to do.</param>
internal sealed class ExpectationException(int offset, string message) : Exception(message)
{
    public int Offset { get; } = offset;
}
