using Trapline.Machines.Results;
using Trapline.Messages;

namespace Trapline.Cluster.Tests.Runs.Migrations;

/// <summary>What a run found.</summary>
/// <param name="Report">All that it counted.</param>
/// <param name="Said">Marks and counts of each vCPU.</param>
/// <param name="End">When the guest ended it.</param>
internal sealed record PointRun(VariantReport Report, GuestSequences Said, VirtualTime End);
