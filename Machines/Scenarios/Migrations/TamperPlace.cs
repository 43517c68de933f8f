using Trapline.Devices.Common.Transfer;
using Trapline.Machines.Yaml;

namespace Trapline.Machines.Scenarios.Migrations;

/// <summary>Where a file names a group of state: whether the machine has it is known with the variants.</summary>
/// <param name="Group">Which.</param>
/// <param name="Path">The key, for messages.</param>
/// <param name="Position">Of the name.</param>
internal sealed record TamperPlace(StateGroup Group, string Path, TextPosition Position);
