using System.CommandLine;
using Trapline.Machines.Text;
using Trapline.Messages;

namespace Trapline.Host.Commands;

/// <summary>The options of <c>run</c> that are about checkpoints.</summary>
internal sealed class CheckpointOptions
{
    private const int MostKept = 1_000_000;

    public Option<VirtualTime?> Every { get; } = CommonOptions.Duration(
        "--checkpoint-every",
        "Save a checkpoint at each multiple of this virtual time, such as 1ms. Written beside the run, which does not wait: where the store is slower, cuts are left out and counted. Default: none");

    public Option<VirtualTime[]> At { get; } = new("--checkpoint-at")
    {
        Description = "Save a checkpoint at this virtual time; may be given several times, and none of them is left out. Default: none",
        HelpName = "TIME",
        CustomParser = result =>
        {
            var times = new List<VirtualTime>();
            foreach (var token in result.Tokens)
            {
                if (VirtualTime.TryParse(token.Value, out var time) && time > VirtualTime.Zero)
                {
                    times.Add(time);
                }
                else
                {
                    result.AddError($"--checkpoint-at is {Quoted.Show(token.Value)}; it must be a number above 0 and ps, ns, us, ms or s, such as 10ms or 1.5us");
                }
            }

            return [.. times];
        },
    };

    public Option<int?> Keep { get; } = CommonOptions.Integer("--checkpoint-keep", $"Of each variant of this run keep only its last N checkpoints, 1 to {MostKept}; those of other runs stay. Default: all", 1, MostKept);

    public Option<string?> Restore { get; } = new("--restore")
    {
        Description = "Carry on the run of this checkpoint, by its id or the beginning of it; 'trapline snapshot list' shows them. FILE is not needed: the checkpoint has all that the run was loaded from. Default: begin at 0",
        HelpName = "ID",
    };

    public Option<string> Store { get; } = CommonOptions.Store();

    public IEnumerable<Option> All => [Every, At, Keep, Restore, Store];
}
