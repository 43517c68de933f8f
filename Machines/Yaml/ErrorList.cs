namespace Trapline.Machines.Yaml;

/// <summary>Collects what is wrong in one file. After <see cref="Limit"/> errors it keeps quiet, so that a hostile file cannot fill memory.</summary>
public sealed class ErrorList(string file)
{
    public const int Limit = 100;

    private readonly List<FileError> _errors = [];

    public string File { get; } = file;

    public bool Any => _errors.Count > 0;

    public void Add(TextPosition position, string text)
    {
        if (_errors.Count == Limit)
        {
            _errors.Add(new(File, position, $"more than {Limit} errors; the rest is not shown"));
        }
        else if (_errors.Count < Limit)
        {
            _errors.Add(new(File, position, text));
        }
    }

    /// <summary>In the order of the file; errors at one place in the order in which they were found.</summary>
    public IReadOnlyList<FileError> InOrder()
        => [.. _errors.OrderBy(error => error.Position.Line).ThenBy(error => error.Position.Column)];
}
