namespace Trapline.Messages.State;

/// <summary>Saved state that does not fit the table it is read into; the message names row and reason.</summary>
public sealed class StateFormatException : Exception
{
    public StateFormatException(string message)
        : base(message)
    {
    }

    public StateFormatException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public StateFormatException()
    {
    }
}
