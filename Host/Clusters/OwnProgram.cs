using System.Reflection;
using Trapline.Host.Commands;

namespace Trapline.Host.Clusters;

/// <summary>The words that start this program once more.</summary>
internal static class OwnProgram
{
    /// <exception cref="CommandException">They are unknown.</exception>
    public static IReadOnlyList<string> Command() => Command(Environment.ProcessPath, Assembly.GetEntryAssembly()?.Location);

    /// <param name="processPath">The executable of this process: the program itself, or <c>dotnet</c>.</param>
    /// <param name="entryAssembly">The program's dll; needed under <c>dotnet</c>.</param>
    public static IReadOnlyList<string> Command(string? processPath, string? entryAssembly)
    {
        if (string.IsNullOrEmpty(processPath))
        {
            throw new CommandException(ExitCodes.Environment, "the path of this program is unknown, so nodes cannot be started; start each by hand with 'trapline node'");
        }

        return Path.GetFileNameWithoutExtension(processPath) == "dotnet" && !string.IsNullOrEmpty(entryAssembly) ? [processPath, entryAssembly] : [processPath];
    }
}
