namespace Trapline.EndToEnd.Tests;

/// <summary>What the system says of a process that is nobody's child here.</summary>
internal static class ProcessState
{
    /// <summary>One that has ended and that nobody has asked for yet is not running.</summary>
    public static bool IsRunning(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            return text[(text.LastIndexOf(')') + 2)..][0] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }
}
