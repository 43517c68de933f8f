using Trapline.Actors.Migration;
using Trapline.Machines.Yaml;
using Trapline.Messages;

namespace Trapline.Machines.Scenarios.Migrations;

/// <summary>Reads a key <c>migrations</c>.</summary>
/// <param name="until">Of the scenario; null where that is wrong itself.</param>
/// <param name="errors">Takes what is wrong.</param>
internal sealed class MigrationReader(VirtualTime? until, ErrorList errors)
{
    public const string Key = "migrations";

    private static readonly VirtualTime OnePicosecond = new(1);

    private readonly TamperReader _tamper = new(errors);

    /// <summary>Null where the key is absent or no list.</summary>
    public MigrationList? Read(YamlNode? node, string path)
    {
        if (node is not SequenceNode list)
        {
            if (node is not null)
            {
                errors.Add(node.Position, $"{path} must be a list of migrations, each after a dash, or [] for a second host alone; not {node.Kind}");
            }

            return null;
        }

        if (list.Items.Count > MigrationSection.MostEntries)
        {
            errors.Add(list.Items[MigrationSection.MostEntries].Position, $"{path} has {list.Items.Count} entries; at most {MigrationSection.MostEntries}");
        }

        var plans = new List<MigrationPlan>();
        var places = new List<TamperPlace>();
        VirtualTime? last = null;
        for (var i = 0; i < Math.Min(list.Items.Count, MigrationSection.MostEntries); i++)
        {
            if (MappingReader.Open(list.Items[i], $"{path}[{i}]", typeof(MigrationSection), errors) is not { } entry)
            {
                continue;
            }

            if (Plan(entry, last, places) is { } plan)
            {
                plans.Add(plan);
                last = plan.At;
            }
        }

        return new(list.Position, path, plans, places);
    }

    private MigrationPlan? Plan(MappingReader entry, VirtualTime? before, List<TamperPlace> places)
    {
        var at = At(entry, before);
        var limit = entry.Duration("downtimeLimit", OnePicosecond);
        var rounds = (int?)entry.Integer("maxRounds", 1, MigrationSection.MostRounds);
        var convergence = entry.Word("notConverging", MigrationRules.Convergences);
        var timeout = entry.Duration("stepTimeout", OnePicosecond);
        var cancel = entry.Duration("cancelAt", OnePicosecond);
        if (cancel <= at)
        {
            errors.Add(entry.Find("cancelAt")!.Position, $"{entry.PathOf("cancelAt")} is {cancel}, but the migration begins at {at}; name a later time");
        }

        var failure = Failure(entry);
        var faults = _tamper.Read(entry.Find("tamper"), entry.PathOf("tamper"), places);
        if (at is not { } begin)
        {
            return null;
        }

        var plan = new MigrationPlan { At = begin };
        return plan with
        {
            DowntimeLimit = limit ?? plan.DowntimeLimit,
            MaximumRounds = rounds ?? plan.MaximumRounds,
            NotConverging = convergence is null ? plan.NotConverging : MigrationRules.ValueOf<Convergence>(convergence),
            StepTimeout = timeout ?? plan.StepTimeout,
            CancelAt = cancel,
            Failure = failure,
            TransferFaults = faults,
        };
    }

    private VirtualTime? At(MappingReader entry, VirtualTime? before)
    {
        if (entry.Duration("at", OnePicosecond) is not { } at)
        {
            return null;
        }

        var problem = at <= before ? $"but the entry before begins at {before}; each must begin later than the one before"
            : at >= until ? $"but length.until is {until}; begin it earlier or let the run last longer"
            : null;
        if (problem is not null)
        {
            errors.Add(entry.Find("at")!.Position, $"{entry.PathOf("at")} is {at}, {problem}");
        }

        return at;
    }

    private static MigrationFailure? Failure(MappingReader entry)
    {
        if (entry.Section("fail", typeof(FailSection)) is not { } fail)
        {
            return null;
        }

        var side = fail.Word("side", MigrationRules.Sides);
        var step = fail.Word("step", MigrationRules.Steps);
        return side is null || step is null ? null : new(MigrationRules.ValueOf<MigrationSide>(side), MigrationRules.ValueOf<MigrationStep>(step));
    }
}
