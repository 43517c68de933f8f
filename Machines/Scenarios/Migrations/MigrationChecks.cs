using Trapline.Devices.Common.Transfer;
using Trapline.Machines.Boards;
using Trapline.Machines.Text;
using Trapline.Machines.Yaml;

namespace Trapline.Machines.Scenarios.Migrations;

/// <summary>What is wrong with migrations of a variant: known when its machine is.</summary>
internal sealed class MigrationChecks(ErrorList errors)
{
    // A list that many variants share is wrong once.
    private readonly HashSet<(TextPosition, string)> _said = [];

    public void Check(MigrationList list, Board board, MachineSettings machine)
    {
        if (machine.Hypervisor == Hypervisor.None)
        {
            Say(list.Position, $"{list.Path} needs a VM, but hypervisor is none: a machine without one cannot leave its host; remove {list.Path} or take hypervisor: kvm");
            return;
        }

        foreach (var (group, path, position) in list.Tampered)
        {
            if (!MigrationRules.Has(board, machine.Irqchip, group))
            {
                var word = MigrationRules.WordOf(group);
                var why = machine.Irqchip == Irqchip.User
                    ? $"with irqchip: user there is no such group: the controllers are among the {MigrationRules.WordOf(StateGroup.Devices)}"
                    : $"the board {MachineChange.WordOf(board)} has no such group";
                Say(position, $"{path} is {Quoted.Show(word)}, but {why}; there are {string.Join(", ", MigrationRules.GroupsOf(board, machine.Irqchip))}");
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
