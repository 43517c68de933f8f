using Trapline.Actors.Guests;
using Trapline.Machines.Assembly;
using Trapline.Machines.Boards;
using Trapline.Machines.Scenarios;
using Trapline.Messages;

namespace Trapline.Cluster.Runs;

/// <summary>Assembles a scenario's guest for a variant, whose parameters are its constants.</summary>
internal static class GuestBuilder
{
    /// <exception cref="RunException">The guest has errors; all are listed, one per line.</exception>
    /// <param name="scenario">Names the guest's file.</param>
    /// <param name="variant">Its parameters.</param>
    /// <param name="reader">Where sources come from; the file system if null.</param>
    public static GuestProgram Assemble(Scenario scenario, ScenarioVariant variant, IGuestSourceReader? reader = null)
    {
        var options = new AssemblyOptions
        {
            Architecture = BoardKind.Of(variant.Board).Architecture,
            VcpuCount = variant.Vcpus,
            MachineCount = variant.MachineCount,
            Parameters = variant.Constants.ToDictionary(constant => constant.Key, constant => Written(variant, constant), StringComparer.Ordinal),
        };
        var result = GuestAssembler.Assemble(scenario.GuestPath, options, reader);
        return result.Program
            ?? throw new RunException(RunFailure.Input, string.Join(Environment.NewLine, result.Errors.Select(error => error.ToString())));
    }

    /// <summary>A duration goes as it was written, so that the guest knows it for one; a word goes as the number it stands for.</summary>
    private static string Written(ScenarioVariant variant, KeyValuePair<string, long> constant) =>
        variant.Parameters.TryGetValue(constant.Key, out var text) && VirtualTime.TryParse(text, out _) ? text : constant.Value.ToString();
}
