using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Trapline.Actors.Faults;
using Trapline.Actors.Kernel;
using Trapline.Messages;
using Trapline.Messages.State;
using Xunit;

namespace Trapline.Machines.Tests.State;

/// <summary>
/// Rows, types and order of everything that a saved group holds, committed: who changes them has to step
/// <see cref="GroupSchema.Version"/>, or a checkpoint of yesterday would be read into the wrong rows.
/// </summary>
public sealed class StateSchemaTests
{
    private const string VersionMark = "version ";
    private const string Separator = "----";

    /// <summary>Machines of an architecture apart: one that is new, and the rows that only it has, leave yesterday's checkpoints of the others as they are.</summary>
    [Theory]
    [InlineData("schemas.txt", false)]
    [InlineData("schemas-arm.txt", true)]
    public void The_rows_of_saved_groups_are_those_of_their_version(string fileName, bool isArm)
    {
        var body = Dump(isArm);
        var committed = Repository.PathOf("tests", "Machines.Tests", "State", fileName);
        var text = File.Exists(committed) ? File.ReadAllText(committed) : Separator + "\n";
        var at = text.IndexOf(Separator, StringComparison.Ordinal);
        var versions = text[..at].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        var current = string.Create(CultureInfo.InvariantCulture, $"{VersionMark}{GroupSchema.Version} {hash}");
        var last = versions.Length == 0 ? 0 : int.Parse(versions[^1].Split(' ')[1], CultureInfo.InvariantCulture);
        if (versions.LastOrDefault() == current && text[(at + Separator.Length + 1)..] == body)
        {
            return;
        }

        Assert.True(
            GroupSchema.Version == last + 1,
            $"the rows of saved groups are not those of version {last} any more: set GroupSchema.Version (Actors/Kernel/GroupSchema.cs) to {last + 1} and run this test again. First difference: {FirstDifference(text[(at + Separator.Length + 1)..], body)}");
        var fresh = Path.Combine(AppContext.BaseDirectory, fileName);
        File.WriteAllText(fresh, string.Join('\n', [.. versions, current, Separator, body]));
        Assert.Fail($"version {GroupSchema.Version} of the rows is new: copy {fresh} over {committed}, and keep a checkpoint of version {last} among the tests, which has to be refused or to load");
    }

    /// <summary>Every class of actor that a board can have is in the dump: one that no machine of the tests has would change unnoticed.</summary>
    [Fact]
    public void Every_actor_is_in_the_dump()
    {
        var actors = typeof(Actor).Assembly.GetTypes().Where(type => !type.IsAbstract && type.IsAssignableTo(typeof(Actor))).Select(type => type.Name);
        var dumped = (Dump(isArm: false) + Dump(isArm: true)).Split('\n').Where(line => line.StartsWith('[')).Select(line => line.Trim('[', ']')).ToHashSet();
        Assert.DoesNotContain(actors, name => !dumped.Contains(name));
    }

    private static string Dump(bool isArm)
    {
        var shapes = new SortedDictionary<string, SchemaShape>(StringComparer.Ordinal);
        foreach (var machine in StateMachines.All.Keys.Where(name => StateMachines.IsArm(name) == isArm))
        {
            foreach (var cut in StateMachines.CutTimes)
            {
                using var run = StateMachines.All[machine]();
                run.Engine.Start();
                run.Engine.Run(cut);
                if (run.End is null)
                {
                    Add(shapes, run.Engine);
                }
            }
        }

        using var drawn = Perturbed(isArm ? StateMachines.Arm : "kernel, irqfd");
        drawn.Start();
        drawn.Run(StateMachines.CutTimes[^1]);
        Add(shapes, drawn);
        var text = new StringBuilder();
        foreach (var (name, shape) in shapes)
        {
            text.Append(CultureInfo.InvariantCulture, $"[{name}]\n").Append(shape).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Rows that are there only where something is drawn, or faults are planned.</summary>
    private static Engine Perturbed(string machine)
    {
        using var run = StateMachines.All[machine]();
        var plan = new SimulationPlan(run.Plan.Groups, run.Plan.Paths, run.Plan.Seed, run.Plan.Limits)
        {
            Perturbation = new Perturbation(1_000, 1_000),
            Faults = [new FaultPlan { Kind = FaultKind.Delay, Message = MessageKind.IocsrWrite, Nth = 1, By = VirtualTime.FromNanoseconds(1) }],
        };
        return new Engine(plan, Placement.OneNode(plan.Groups.Count), 0, new EngineOptions());
    }

    private static void Add(SortedDictionary<string, SchemaShape> shapes, Engine engine)
    {
        foreach (var group in engine.Groups)
        {
            var names = group.Actors.Select(actor => $"{group.Name}.{actor.Address}.").ToArray();
            var whole = new StateSchema();
            group.SyncState(whole);
            ShapeOf(shapes, "Group").Merge(whole.Rows.Where(row => !Array.Exists(names, name => row.Name.StartsWith(name, StringComparison.Ordinal)))
                .Select(row => row with { Name = row.Name[(group.Name.Length + 1)..] }));
            foreach (var actor in group.Actors)
            {
                var schema = new StateSchema();
                actor.SyncState(schema);
                var prefix = $"{actor.Address}.".Length;
                ShapeOf(shapes, actor.GetType().Name).Merge(schema.Rows.Select(row => row with { Name = row.Name[prefix..] }));
            }
        }
    }

    private static SchemaShape ShapeOf(SortedDictionary<string, SchemaShape> shapes, string name) =>
        shapes.TryGetValue(name, out var shape) ? shape : shapes[name] = new SchemaShape();

    private static string FirstDifference(string before, string now)
    {
        var (old, current) = (before.Split('\n'), now.Split('\n'));
        var place = Enumerable.Range(0, Math.Min(old.Length, current.Length)).FirstOrDefault(line => old[line] != current[line], -1);
        return place < 0 ? "one is longer" : $"'{old[place]}' is now '{current[place]}'";
    }
}
