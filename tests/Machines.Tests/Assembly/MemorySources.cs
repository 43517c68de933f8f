using System.Text;
using Trapline.Machines.Assembly;

namespace Trapline.Machines.Tests.Assembly;

/// <summary>Sources that a test names and holds.</summary>
internal sealed class MemorySources : IGuestSourceReader
{
    private readonly Dictionary<string, byte[]> _files = [];

    public MemorySources Add(string path, string text) => Add(path, Encoding.UTF8.GetBytes(text));

    public MemorySources Add(string path, byte[] content)
    {
        _files[path] = content;
        return this;
    }

    public byte[]? Read(string path, int maxBytes, out string problem)
    {
        var known = _files.TryGetValue(path, out var content);
        problem = known ? "" : "there is no such file";
        return content;
    }
}
