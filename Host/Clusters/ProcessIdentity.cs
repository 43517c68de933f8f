using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Trapline.Host.Clusters;

/// <summary>
/// One process, told from a later one that got its number: numbers are used again, times of start are not.
/// </summary>
/// <param name="Id">Number.</param>
/// <param name="Started">When, in a unit of the system's own.</param>
internal sealed record ProcessIdentity(int Id, long Started)
{
    // Of what follows the name of the program in /proc/PID/stat: the state, and the time of start in clock ticks since boot (proc(5), fields 3 and 22).
    private const int StateField = 0;
    private const int StartField = 19;

    /// <summary>Null where there is no such process, or one that has ended and that nobody has asked for yet.</summary>
    public static ProcessIdentity? Of(int id) => OperatingSystem.IsLinux() ? OfLinux(id) : OfSystem(id);

    public bool IsAlive => Of(Id) == this;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Id} {Started}");

    /// <summary>Null where it is none.</summary>
    public static ProcessIdentity? Parse(string text) =>
        text.Trim().Split(' ') is [var id, var started]
        && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 1
        && long.TryParse(started, NumberStyles.None, CultureInfo.InvariantCulture, out var time)
            ? new(number, time)
            : null;

    private static ProcessIdentity? OfLinux(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            // The name of the program is in brackets, and may have brackets and spaces of its own.
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return fields[StateField] is "Z" or "X" ? null : new(id, long.Parse(fields[StartField], CultureInfo.InvariantCulture));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static ProcessIdentity? OfSystem(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.HasExited ? null : new(id, process.StartTime.ToUniversalTime().Ticks);
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }
}
