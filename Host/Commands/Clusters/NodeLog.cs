using System.Globalization;

namespace Trapline.Host.Commands.Clusters;

/// <summary>What happens on a node, one line each, with the time of day for whoever compares several nodes.</summary>
internal sealed class NodeLog(TextWriter writer)
{
    private readonly Lock _lock = new();

    public void Write(string line)
    {
        lock (_lock)
        {
            writer.WriteLine($"{DateTime.UtcNow.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)} {line.ReplaceLineEndings(" ")}");
            writer.Flush();
        }
    }
}
