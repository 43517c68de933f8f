using System.ComponentModel;
using Trapline.Messages;

namespace Trapline.Machines.Scenarios;

/// <summary>The key <c>length</c>.</summary>
public sealed record LengthSection
{
    [Description("Virtual time at which each variant ends, unless its guest exits earlier.")]
    public required VirtualTime Until { get; init; }

    [Description("Virtual time at which each variant ends under --smoke: at most until, and at most 20,000 windows (20,000 times the least path latency). Left out, it is the smaller of the two.")]
    public VirtualTime? Smoke { get; init; }
}
