using System.Text.RegularExpressions;

namespace Trapline.Machines.Tests.Boards;

/// <summary>
/// Messages through the ITS, a level and a timer, SGIs between the CPUs, and interrupts that are moved while they come: the guest of a
/// scenario, with parameters of its own.
/// </summary>
internal static class ArmChurnGuest
{
    public const int Vcpus = 3;

    /// <param name="rounds">Moves of each interrupt.</param>
    /// <param name="parameters">Others that take the place of the file's.</param>
    public static string Source(int rounds, params (string Name, string Value)[] parameters)
    {
        var text = File.ReadAllText(Repository.PathOf("scenarios", "guests", "its-affinity-churn.guest")).Replace("lib/arm/", "arm/", StringComparison.Ordinal);
        text = ".arch arm\n" + Regex.Replace(text, @"(?m)^\.arch .*$", "");
        foreach (var (name, value) in parameters.Append(("rounds", $"{rounds}")))
        {
            text = Regex.Replace(text, $@"(?m)^(\.param {name} *=).*$", $"$1 {value}");
        }

        return text;
    }
}
