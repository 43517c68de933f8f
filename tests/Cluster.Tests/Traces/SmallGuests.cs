using System.Text;
using Trapline.Actors.Guests;
using Trapline.Machines.Assembly;

namespace Trapline.Cluster.Tests.Traces;

/// <summary>A guest that does next to nothing, for traces whose entries a test writes.</summary>
internal static class SmallGuests
{
    public static GuestProgram Of(string architecture) =>
        GuestAssembler.Assemble("small.guest", new AssemblyOptions { VcpuCount = 2 }, new Source($".arch {architecture}\nstart: mark here\nexit")).Program!;

    private sealed class Source(string text) : IGuestSourceReader
    {
        public byte[] Read(string path, int maxBytes, out string problem)
        {
            problem = "";
            return Encoding.UTF8.GetBytes(text);
        }
    }
}
