using System.Text;
using Trapline.Actors.Guests;
using Trapline.Machines.Assembly;

namespace Trapline.Bench.Micro;

/// <summary>A guest whose text is in memory and includes nothing.</summary>
internal sealed class GuestText(string text) : IGuestSourceReader
{
    public static GuestProgram Assemble(string text)
    {
        var result = GuestAssembler.Assemble("benchmark.guest", new AssemblyOptions { VcpuCount = 1 }, new GuestText(text));
        return result.Program ?? throw new InvalidOperationException(string.Join('\n', result.Errors));
    }

    public byte[]? Read(string path, int maxBytes, out string problem)
    {
        problem = "";
        return Encoding.UTF8.GetBytes(text);
    }
}
