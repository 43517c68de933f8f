using Trapline.Actors.Faults;
using Trapline.Machines.Text;
using Trapline.Machines.Yaml;
using Trapline.Messages;

namespace Trapline.Machines.Scenarios.Faults;

/// <summary>Reads the key <c>faults</c>.</summary>
/// <param name="vcpus">Of the largest variant: a fault must be able to hit in one of them.</param>
/// <param name="errors">Gets all that is wrong.</param>
internal sealed class FaultReader(int vcpus, ErrorList errors)
{
    private static readonly VirtualTime OnePicosecond = new(1);

    public List<FaultPlan> Read(YamlNode? node)
    {
        var plans = new List<FaultPlan>();
        if (node is SequenceNode list)
        {
            if (list.Items.Count > FaultPlan.MostPlans)
            {
                errors.Add(list.Items[FaultPlan.MostPlans].Position, $"faults has {list.Items.Count} entries; at most {FaultPlan.MostPlans}");
            }

            for (var i = 0; i < Math.Min(list.Items.Count, FaultPlan.MostPlans); i++)
            {
                if (MappingReader.Open(list.Items[i], $"faults[{i}]", typeof(FaultSection), errors) is { } entry && Plan(entry) is { } plan)
                {
                    plans.Add(plan);
                }
            }
        }
        else if (node is not null)
        {
            errors.Add(node.Position, $"faults must be a list of plans, each after a dash; not {node.Kind}");
        }

        return plans;
    }

    private FaultPlan? Plan(MappingReader entry)
    {
        var kind = entry.Word("kind", FaultRules.Kinds);
        var message = entry.Word("message", FaultRules.Messages);
        var from = Actor(entry, "from");
        var to = Actor(entry, "to");
        var nth = entry.Integer("nth", 1, FaultSection.MostNth);
        var by = entry.Duration("by", OnePicosecond);
        if (kind is null || message is null || nth is null || from is null || to is null)
        {
            return null;
        }

        var (what, which) = (FaultRules.KindOf(kind), Enum.Parse<MessageKind>(message));
        if (FaultRules.ProblemOf(what, which, by) is { } problem)
        {
            errors.Add((entry.Find("by") ?? entry.Node).Position, problem);
            return null;
        }

        return new() { Kind = what, Message = which, From = from.Value, To = to.Value, Nth = (long)nth, By = by ?? VirtualTime.Zero };
    }

    private ActorPattern? Actor(MappingReader entry, string key)
    {
        if (entry.Scalar(key, "the name of an actor such as ipi3, a role such as ipi, or *") is not { } node)
        {
            return entry.Node.Find(key) is null ? ActorPattern.Any : null;
        }

        if (FaultRules.Actor(node.Text) is not { } actor)
        {
            errors.Add(node.Position, $"{entry.PathOf(key)} must be an actor such as ipi3, a role ({string.Join(", ", FaultRules.RoleNames)}) or *, not {node.Kind}{Quoted.Suggest(node.Text, FaultRules.ActorNames(node.Text))}");
            return null;
        }

        if (FaultRules.ProblemOf(actor, vcpus) is { } problem)
        {
            errors.Add(node.Position, $"{entry.PathOf(key)}: {problem}");
            return null;
        }

        return actor;
    }
}
