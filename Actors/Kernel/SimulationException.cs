namespace Trapline.Actors.Kernel;

/// <summary>
/// A run that cannot go on: a limit was reached, or a rule of the kernel was broken. The message says what, where and
/// which knob or remedy there is.
/// </summary>
public sealed class SimulationException : Exception
{
    public SimulationException(string message)
        : base(message)
    {
    }

    public SimulationException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public SimulationException()
    {
    }
}
