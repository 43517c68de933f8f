using Trapline.Machines.Text;

namespace Trapline.Host.Clusters;

/// <summary>The last lines of a node's log, for the message about one that has ended.</summary>
internal static class LogEnd
{
    private const int MostLines = 8;
    private const int MostBytes = 4096;

    /// <summary>Each line indented; a sentence where there is none.</summary>
    public static string Of(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            stream.Seek(-Math.Min(stream.Length, MostBytes), SeekOrigin.End);
            using var reader = new StreamReader(stream);
            var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(MostLines).ToList();
            return lines.Count == 0 ? $"it said nothing in {Quoted.Show(file)}" : $"its last lines in {Quoted.Show(file)}:\n{string.Join('\n', lines.Select(line => $"  {line}"))}";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"its log {Quoted.Show(file)} cannot be read: {failure.Message}";
        }
    }
}
