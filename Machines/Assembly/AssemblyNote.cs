namespace Trapline.Machines.Assembly;

/// <summary>A place that explains how an error's line came about.</summary>
public sealed record AssemblyNote(string File, int Line, int Column, string Message)
{
    public override string ToString() => $"{File}:{Line}:{Column}: note: {Message}";
}
