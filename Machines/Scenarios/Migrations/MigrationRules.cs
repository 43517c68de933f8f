using System.Text.Json;
using Trapline.Actors.Migration;
using Trapline.Devices.Common.Transfer;
using Trapline.Machines.Boards;

namespace Trapline.Machines.Scenarios.Migrations;

/// <summary>The words of migrations in files and reports, and what a machine has of them.</summary>
public static class MigrationRules
{
    public static IReadOnlyList<string> Sides { get; } = Words<MigrationSide>();

    public static IReadOnlyList<string> Convergences { get; } = Words<Convergence>();

    public static IReadOnlyList<string> Faults { get; } = Words<TransferFaultKind>();

    /// <summary>All but the end: nothing can fail there.</summary>
    public static IReadOnlyList<string> Steps { get; } = [.. Words<MigrationStep>().Take((int)MigrationStep.Done)];

    /// <summary>In the order of <see cref="StateGroup"/>, whose first value is none.</summary>
    public static IReadOnlyList<string> Groups { get; } = [.. Words<StateGroup>().Skip(1)];

    /// <summary>As files and reports have it: <c>eiointc-core-isr</c>.</summary>
    public static string WordOf<T>(T value)
        where T : struct, Enum
        => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    /// <summary>The value of a word that is known to be one of its enumeration's.</summary>
    public static T ValueOf<T>(string word)
        where T : struct, Enum
        => Enum.GetValues<T>().First(value => WordOf(value) == word);

    /// <summary>Control steps carry no value: they can be left out or out of order, and that is all.</summary>
    public static bool IsControlStep(StateGroup group) => group is StateGroup.EiointcLoadFinished or StateGroup.Irqfds or StateGroup.ItsRestore || IsSaveStep(group);

    /// <summary>Control steps of the source: they write into guest memory and are no part of what is sent, so they have no place in it.</summary>
    public static bool IsSaveStep(StateGroup group) => group is StateGroup.GicPendingTables or StateGroup.ItsTables;

    /// <summary>With its controllers in user space a VM has none of them in the kernel, and so no routes and irqfds: their state is among the devices' rows.</summary>
    public static bool Has(Board board, Irqchip irqchip, StateGroup group) => board == Board.ArmVirt
        ? group > StateGroup.Memory || group is StateGroup.Routing or StateGroup.Irqfds or StateGroup.VcpuRegisters or StateGroup.VcpuControl or StateGroup.Counter
            or StateGroup.VcpuTimer or StateGroup.Devices or StateGroup.Memory
        : group <= StateGroup.Memory && (irqchip == Irqchip.Kernel || group is StateGroup.VcpuRegisters or StateGroup.VcpuControl or StateGroup.Counter
            or StateGroup.VcpuTimer or StateGroup.VcpuStealTime or StateGroup.Devices or StateGroup.Memory);

    /// <summary>The groups that a machine has, in their order.</summary>
    public static IEnumerable<string> GroupsOf(Board board, Irqchip irqchip) => Enum.GetValues<StateGroup>().Skip(1).Where(group => Has(board, irqchip, group)).Select(WordOf);

    private static string[] Words<T>()
        where T : struct, Enum
        => [.. Enum.GetValues<T>().Select(WordOf)];
}
