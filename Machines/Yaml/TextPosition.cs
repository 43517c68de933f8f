namespace Trapline.Machines.Yaml;

/// <summary>A place in a text file. Both count from 1; line 0 stands for the file as a whole.</summary>
public readonly record struct TextPosition(int Line, int Column)
{
    public static readonly TextPosition WholeFile;
}
