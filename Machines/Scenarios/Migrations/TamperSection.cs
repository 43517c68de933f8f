using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Trapline.Actors.Migration;
using Trapline.Devices.Common.Transfer;

namespace Trapline.Machines.Scenarios.Migrations;

/// <summary>An entry of the key <c>tamper</c> of a migration.</summary>
public sealed record TamperSection
{
    public const int MostEntries = 64;
    public const int MostItem = 1_000_000_000;

    /// <summary>No value of the interface is wider than 8 bytes.</summary>
    public const int MostByte = 7;

    [Description("What is done: the group is left out, taken when the migration begins and not again, one of its bytes is altered, or it is set before or after all others.")]
    public required TransferFaultKind Fault { get; init; }

    [Description("To which group of state.")]
    public required StateGroup Group { get; init; }

    [Description("Of alter: which value of the group, from 0.")]
    [Range(0, MostItem)]
    public int Item { get; init; }

    [Description("Of alter: which byte of the value, from the least.")]
    [Range(0, MostByte)]
    [DefaultValue(0)]
    public int Byte { get; init; }

    [Description("Of alter: which bits of the byte are turned over.")]
    [Range(1, 255)]
    [DefaultValue(1)]
    public int Bits { get; init; }
}
