using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Trapline.Messages;

namespace Trapline.Machines.Scenarios;

/// <summary>The key <c>machines</c>: how many machines there are of the kind that <c>machine</c> describes.</summary>
public sealed record MachinesSection
{
    public const string Key = "machines";
    public const int MinimumCount = 1;

    /// <summary>An actor's address has seven bits for its machine.</summary>
    public const int MaximumCount = ActorAddress.MachineLimit;

    [Description("Number of virtual machines, each as the key machine says, with vCPUs, a board, memory and a doorbell device of its own.")]
    [Range(MinimumCount, MaximumCount)]
    public required int Count { get; init; }

    [Description("What joins the doorbell devices of two machines; nothing else does.")]
    public MachinesLinkSection Link { get; init; } = new();
}
