using Trapline.Machines.Scenarios;
using Trapline.Messages;

namespace Trapline.Machines.Costs.Calibration;

/// <summary>A time that somebody measured and published.</summary>
/// <param name="Name">The key in the file: <c>vm-original</c>.</param>
/// <param name="Published">As published.</param>
/// <param name="Machine">Keys of <c>machine</c> that a variant must have to be this one; those not given do not matter.</param>
/// <param name="Source">Who published it, and of what.</param>
public sealed record PublishedFigure(string Name, VirtualTime Published, MachineChange Machine, string Source);
