using System.Reflection;
using Trapline.Actors.Kernel;
using Trapline.Devices.Common;
using Trapline.Machines.Boards;
using Trapline.Messages;

namespace Trapline.Cluster.Runs;

/// <summary>What decides the results of a run in this process: equal for builds of equal sources.</summary>
public static class BuildIdentity
{
    /// <summary>The version, then the first digits of the identifiers of the modules that matter.</summary>
    public static string Current { get; } = Of(typeof(Message), typeof(DeviceReport), typeof(Engine), typeof(LoongArchVirt), typeof(BuildIdentity));

    private static string Of(params Type[] types)
    {
        var version = typeof(BuildIdentity).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
        var modules = Digest128.Empty;
        foreach (var module in types.Select(type => type.Module.ModuleVersionId.ToString("N")).Distinct())
        {
            modules.Absorb(module);
        }

        return $"{version} {modules.ToString()[..16]}";
    }
}
