using Trapline.Machines.Boards;
using Trapline.Machines.Text;
using Trapline.Machines.Yaml;

namespace Trapline.Machines.Scenarios.Migrations;

/// <summary>What is wrong with migrations of a variant: known when its machine is.</summary>
internal sealed class MigrationChecks(ErrorList errors)
{
    // A list that many variants share is wrong once.
    private readonly HashSet<(TextPosition, string)> _said = [];

    public void Check(MigrationList list, MachineSettings machine)
    {
        if (machine.Hypervisor == Hypervisor.None)
        {
            Say(list.Position, $"{list.Path} needs a VM, but hypervisor is none: a machine without one cannot leave its host; remove {list.Path} or take hypervisor: kvm");
            return;
        }

        foreach (var (group, path, position) in list.Tampered)
        {
            if (!MigrationRules.Has(machine.Irqchip, group))
            {
                var word = MigrationRules.WordOf(group);
                Say(position, $"{path} is {Quoted.Show(word)}, but with irqchip: user there is no such group: the controllers are among the {MigrationRules.WordOf(Devices.Common.Transfer.StateGroup.Devices)}; there are {string.Join(", ", MigrationRules.GroupsOf(machine.Irqchip))}");
            }
        }
    }

    private void Say(TextPosition position, string text)
    {
        if (_said.Add((position, text)))
        {
            errors.Add(position, text);
        }
    }
}
