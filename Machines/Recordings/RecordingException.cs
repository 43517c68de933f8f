namespace Trapline.Machines.Recordings;

/// <summary>A file is no recording, or is damaged.</summary>
public sealed class RecordingException : Exception
{
    /// <param name="line">Number of the line, from 1; 0 where it is about the file as a whole.</param>
    /// <param name="message">What is wrong and what was expected.</param>
    public RecordingException(long line, string message)
        : base(message)
    {
        Line = line;
    }

    public RecordingException()
    {
    }

    public RecordingException(string message)
        : base(message)
    {
    }

    public RecordingException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public long Line { get; }

    /// <summary>As an error of that file is printed.</summary>
    public string InFile(string path) => Line > 0 ? $"{path}:{Line}: error: {Message}" : $"{path}: error: {Message}";
}
