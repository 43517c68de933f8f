namespace Trapline.Machines.Recordings;

/// <summary>One line of a recording that is an event; its text is the line as the grammar has it.</summary>
internal interface IRecordedEvent
{
    /// <summary>Number of the line in the file, from 1.</summary>
    long Line { get; }
}
